// What a set of tokens is like beside everybody, against sums over a few tokens.

#include <QTest>
#include <cmath>

#include "core/reading/set_numbers.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Six tokens of two domains, three experts; nobody works on token 5.
struct Planted {
  std::shared_ptr<Snapshot> snapshot = std::make_shared<Snapshot>();
  Routing routing;

  Planted() {
    auto probe = std::make_shared<Probe>();
    probe->bytes = {'a', 'b', 'c', 'd', 'e', 'f'};
    probe->domain = {0, 0, 0, 1, 1, 1};
    probe->domainNames = {"one", "other"};
    probe->context = 3;
    snapshot->probe = probe;
    snapshot->tokenLoss.resize(6);
    snapshot->tokenLoss << 1.0f, 2.0f, NAN, 4.0f, 6.0f, NAN;
    routing.gates.resize(6, 3);
    routing.gates << 0.8f, 0.2f, 0.0f, 0.0f, 1.0f, 0.0f, 0.5f, 0.0f, 0.5f, 0.0f, 0.0f, 2.0f, 0.1f, 0.3f, 0.6f, 0.0f, 0.0f, 0.0f;
    routing.probability.tokenEntropy.resize(6);
    routing.probability.tokenEntropy << 0.5f, 0.0f, 0.7f, NAN, 0.9f, 1.1f;
  }
};

bool near(double a, double b) { return std::abs(a - b) < 1e-6; }

}  // namespace

class TestSetNumbers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_set_is_of_its_tokens_domains_and_leading_experts_at_once() {
    const Planted planted;
    const auto tokensIn = [&](const Selection& selection) {
      std::vector<int> all;
      const std::vector<bool> in = tokensOf(*planted.snapshot, planted.routing, selection);
      for (std::size_t t = 0; t < in.size(); ++t)
        if (in[t]) all.push_back(static_cast<int>(t));
      return all;
    };
    QCOMPARE(tokensIn({}), (std::vector<int>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(tokensIn({{}, {4, 1}, {}}), (std::vector<int>{1, 4}));
    QCOMPARE(tokensIn({{}, {}, {1}}), (std::vector<int>{3, 4, 5}));
    QCOMPARE(tokensIn({{0}, {}, {}}), (std::vector<int>{0, 2}));  // of equal gates the first leads
    QCOMPARE(tokensIn({{2, 1}, {}, {1}}), (std::vector<int>{3, 4}));
    QCOMPARE(tokensIn({{2}, {0, 4}, {}}), (std::vector<int>{4}));
  }

  void its_numbers_stand_beside_everybodys() {
    const Planted planted;
    const SetNumbers numbers = numbersOfSet(*planted.snapshot, planted.routing, {{}, {}, {1}});
    const GroupNumbers &set = numbers.set, &all = numbers.all;
    QCOMPARE(set.tokens, 3);
    QCOMPARE(all.tokens, 6);
    QCOMPARE(set.unserved, 1);
    QCOMPARE(set.led, (std::vector<int>{0, 0, 2}));
    QCOMPARE(all.led, (std::vector<int>{2, 1, 2}));
    QVERIFY(near(set.load[0], 0.05) && near(set.load[1], 0.15) && near(set.load[2], 0.8));  // each token's gates are a share of 1
    QVERIFY(near(all.load.sum(), 1.0) && near(all.load[0], (0.8 + 0.5 + 0.1) / 5));
    QVERIFY(near(set.entropy, 1.0) && near(all.entropy, (0.5 + 0.0 + 0.7 + 0.9 + 1.1) / 5));  // of those that are numbers
    QVERIFY(near(set.loss, 5.0) && near(all.loss, 13.0 / 4));
  }

  void what_was_not_measured_is_no_number() {
    Planted planted;
    planted.snapshot->tokenLoss.resize(0);
    const SetNumbers numbers = numbersOfSet(*planted.snapshot, planted.routing, {{}, {5}, {}});
    QCOMPARE(numbers.set.tokens, 1);
    QVERIFY(std::isnan(numbers.set.loss) && std::isnan(numbers.all.loss));
    QCOMPARE(numbers.set.load.sum(), 0.0);
    const SetNumbers none = numbersOfSet(*planted.snapshot, planted.routing, {{0}, {5}, {}});
    QCOMPARE(none.set.tokens, 0);
    QVERIFY(std::isnan(none.set.entropy));
  }
};

MOESCOPE_TEST(TestSetNumbers)
#include "test_set_numbers.moc"
