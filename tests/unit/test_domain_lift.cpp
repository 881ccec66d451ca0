// Lifts by hand, p-values against all permutations of a few tokens, and chance that is called chance.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/reading/domain_lift.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

RowMatrix oneOf(const std::vector<int>& expert, int experts) {
  RowMatrix gates = RowMatrix::Zero(static_cast<Eigen::Index>(expert.size()), experts);
  for (std::size_t t = 0; t < expert.size(); ++t) gates(static_cast<Eigen::Index>(t), expert[t]) = 1.0f;
  return gates;
}

/// z of domain 0 and expert 0 by its textbook formula.
double zOf(const std::vector<int>& expert, const std::vector<int>& domain) {
  double both = 0.0, ofDomain = 0.0, ofExpert = 0.0;
  const double t = static_cast<double>(expert.size());
  for (std::size_t i = 0; i < expert.size(); ++i)
    both += expert[i] == 0 && domain[i] == 0, ofDomain += domain[i] == 0, ofExpert += expert[i] == 0;
  return (both - ofDomain * ofExpert / t) /
         std::sqrt(ofDomain * ofExpert * (t - ofDomain) * (t - ofExpert) / (t * t * (t - 1.0)));
}

}  // namespace

class TestDomainLift : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void lifts_are_shares_by_hand() {
    const RowMatrix gates = oneOf({0, 0, 0, 1, 1, 2, 2, 2}, 4);
    const std::vector<int> domain = {0, 0, 0, 0, 1, 1, 1, 1};
    const DomainLifts lifts = domainLifts({&gates}, domain, 3, 1, 99, 1);
    const Eigen::MatrixXd& lift = lifts.layers[0].lift;
    QVERIFY(std::abs(lift(0, 0) - std::log2(0.75 / 0.375)) < 1e-12 && std::abs(lift(0, 1)) < 1e-12);
    QVERIFY(std::isinf(lift(1, 0)) && lift(1, 0) < 0.0);
    QVERIFY(std::isnan(lift(0, 3)) && std::isnan(lift(2, 0)));  // an expert that nobody chose; a domain without tokens
    QVERIFY(std::abs(lifts.layers[0].z(0, 0) - zOf({0, 0, 0, 1, 1, 2, 2, 2}, domain)) < 1e-12);
    QCOMPARE(lifts.tests, std::int64_t(6));
    QVERIFY(lifts.unitTokens == 1 && lifts.units == 8);
  }

  void p_is_the_share_of_all_permutations_with_as_great_a_maximum() {
    const std::vector<int> expert = {0, 0, 0, 0, 1, 2, 1, 2}, domain = {0, 0, 0, 1, 1, 1, 1, 0};
    const RowMatrix gates = oneOf(expert, 3);
    const DomainLift lift = domainLifts({&gates}, domain, 2, 1, 40000, 3).layers[0];
    std::vector<int> dealt = domain;
    std::sort(dealt.begin(), dealt.end());
    double all = 0.0;
    Eigen::MatrixXd asGreat = Eigen::MatrixXd::Zero(2, 3);
    do {  // every way to deal the domains is one of equally many permutations
      const DomainLift chance = domainLifts({&gates}, dealt, 2, 1, 0, 1).layers[0];
      asGreat.array() += (lift.z.array().abs() <= chance.z.cwiseAbs().maxCoeff() + 1e-9).cast<double>();
      all += 1.0;
    } while (std::next_permutation(dealt.begin(), dealt.end()));
    QCOMPARE(all, 70.0);
    QVERIFY2((lift.p - asGreat / all).cwiseAbs().maxCoeff() < 0.01,
             qPrintable(QString::number((lift.p - asGreat / all).cwiseAbs().maxCoeff())));
  }

  void chance_is_seldom_called_more() {
    int called = 0;
    for (unsigned data = 0; data < 200; ++data) {
      std::mt19937 dice(data);
      std::vector<int> expert(120), domain(120), other(120);
      for (std::size_t t = 0; t < 120; ++t)
        expert[t] = static_cast<int>(dice() % 6), other[t] = static_cast<int>(dice() % 6),
        domain[t] = static_cast<int>(dice() % 3);
      const RowMatrix first = oneOf(expert, 6), second = oneOf(other, 6);
      const DomainLifts lifts = domainLifts({&first, &second}, domain, 3, 1, 99, data);
      const double least = std::min(lifts.layers[0].p.minCoeff(), lifts.layers[1].p.minCoeff());
      called += least <= 0.05;
    }
    QVERIFY2(called <= 18, qPrintable(QString::number(called)));  // 10 expected of 200, one sided 99 % of a binomial: 18; without
                                                                  // correction for 36 tests it would be nearly all
  }

  void a_real_preference_stands_out_and_the_threshold_says_so() {
    std::mt19937 dice(5);
    std::vector<int> expert(400), domain(400);
    for (std::size_t t = 0; t < 400; ++t)
      domain[t] = static_cast<int>(t % 4), expert[t] = domain[t] == 2 && dice() % 3 ? 5 : static_cast<int>(dice() % 8);
    const RowMatrix gates = oneOf(expert, 8);
    const DomainLifts lifts = domainLifts({&gates}, domain, 4, 1, 199, 1);
    QCOMPARE(lifts.layers[0].p(2, 5), 1.0 / 200);
    QVERIFY(lifts.layers[0].lift(2, 5) > 1.0);
    for (int d = 0; d < 4; ++d)
      for (int e = 0; e < 8; ++e) QCOMPARE(std::abs(lifts.layers[0].z(d, e)) > lifts.threshold, lifts.layers[0].p(d, e) < 0.05);
    const DomainLifts again = domainLifts({&gates}, domain, 4, 1, 199, 1);
    QVERIFY(again.layers[0].p == lifts.layers[0].p);
  }

  void sequences_are_dealt_whole() {
    // Every sequence has one expert of its own, whatever its domain: token by token that looks like a preference.
    std::vector<int> expert, domain;
    const int own[2][8] = {{0, 0, 0, 1, 2, 2, 3, 3}, {0, 1, 1, 1, 2, 2, 3, 3}};  // by domain: 3 to 1 is what chance often gives
    for (int s = 0; s < 16; ++s)
      for (int t = 0; t < 20; ++t) expert.push_back(own[s % 2][s / 2]), domain.push_back(s % 2);
    const RowMatrix gates = oneOf(expert, 4);
    const DomainLifts whole = domainLifts({&gates}, domain, 2, 20, 499, 1), single = domainLifts({&gates}, domain, 2, 1, 499, 1);
    QVERIFY(whole.unitTokens == 20 && whole.units == 16);
    QVERIFY2(whole.layers[0].p.minCoeff() > 0.3, qPrintable(QString::number(whole.layers[0].p.minCoeff())));
    QVERIFY2(single.layers[0].p.minCoeff() < 0.01, qPrintable(QString::number(single.layers[0].p.minCoeff())));
    domain[3] = 1;  // a sequence of two domains
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, domainLifts({&gates}, domain, 2, 20, 9, 1));
  }

  void runs_have_one_domain_each() {
    const std::vector<int> pairs = {0, 0, 1, 1, 0, 0, 0, 0}, mixed = {0, 1, 1, 0}, one(64, 0);
    QCOMPARE(runToPermute(pairs, 4), 2);
    QCOMPARE(runToPermute(pairs, 2), 2);
    QCOMPARE(runToPermute(mixed, 4), 1);
    QCOMPARE(runToPermute(one, 64), kLongestRun);
    QCOMPARE(runToPermute(one, 16), 16);
  }

  void every_expert_on_every_token_and_what_is_not_known_have_no_test() {
    const RowMatrix all = RowMatrix::Ones(10, 3);
    RowMatrix unknown = RowMatrix::Ones(10, 3);
    unknown(4, 1) = NAN;
    const std::vector<int> domain = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    const DomainLifts lifts = domainLifts({&all, &unknown}, domain, 2, 1, 9, 1);
    QCOMPARE(lifts.tests, std::int64_t(0));
    QVERIFY(lifts.layers[0].z.array().isNaN().all() && lifts.layers[0].lift.cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY(lifts.layers[1].lift.array().isNaN().all() && std::isnan(lifts.threshold));
  }
};

MOESCOPE_TEST(TestDomainLift)
#include "test_domain_lift.moc"
