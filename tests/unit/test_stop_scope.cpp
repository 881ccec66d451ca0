// A wish to stop reaches work that knows nothing of it, on its own thread and no further.

#include <QTest>
#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "core/checkpoint/router_rules.h"
#include "core/geometry/coupling.h"
#include "core/geometry/expert_jacobians.h"
#include "core/geometry/expert_source.h"
#include "core/geometry/finite_values.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/geometry/score_activation.h"
#include "core/geometry/stop_scope.h"
#include "core/geometry/stoppable_product.h"
#include "core/geometry/top_right_subspace.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Long enough that a scope asks again.
void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(60)); }

/// Experts that take for ever to read, unless they are stopped.
class EndlessExperts : public ExpertSource {
 public:
  int count() const override { return 4; }
  int width() const override { return 2; }
  const ExpertWeights& read(int, ExpertWeights& scratch) const override {
    for (;;) {
      stopIfWanted();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return scratch;
  }
};

}  // namespace

class TestStopScope : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void nothing_stops_outside_a_scope() {
    stopIfWanted();
    {
      const StopScope scope([] { return true; });
    }
    wait();
    stopIfWanted();
  }

  void the_innermost_scope_is_asked_and_only_on_its_thread() {
    int outer = 0;
    const StopScope around([&] { return ++outer > 0; });
    {
      const StopScope inside([] { return false; });
      wait();
      stopIfWanted();
      QCOMPARE(outer, 0);
    }
    std::thread([] {
      wait();
      stopIfWanted();
    }).join();
    QCOMPARE(outer, 0);
    wait();
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, stopIfWanted());
  }

  void a_product_in_pieces_is_the_product() {
    const Eigen::MatrixXf left = Eigen::MatrixXf::Random(700, 900);
    const RowMatrix right = RowMatrix::Random(900, 500);
    int asked = 0;
    const StopScope scope([&] { return ++asked < 0; }, std::chrono::nanoseconds(0));
    const auto product = productInPieces<RowMatrix>(left, right);
    QVERIFY(asked >= 4);  // 3.15e8 multiplications of at most 1.34e8 at once, and at the beginning
    QVERIFY((product - left * right).norm() <= 1e-5f * product.norm());
  }

  /// Between two questions lie few multiplications, whatever is measured of an expert: a wish to stop waits for no more.
  void large_work_asks_in_small_pieces_data() {
    QTest::addColumn<int>("none");
    for (const char* name : {"hidden units of tokens", "output", "coupling", "weight subspace", "score against activation",
                             "Jacobians by directions", "exact Jacobian", "routing", "angles", "finite values"})
      QTest::newRow(name) << 0;
  }
  void large_work_asks_in_small_pieces() {
    constexpr Eigen::Index units = 2048, width = 1024, tokens = 256;
    const auto random = [](Eigen::Index rows, Eigen::Index columns) { return RowMatrix(RowMatrix::Random(rows, columns)); };
    const ExpertWeights expert{random(units, width), random(units, width), random(width, units), {}, {}, {}, {}};
    const RowMatrix inputs = random(tokens, width);
    std::vector<Eigen::Index> rows(tokens);
    for (Eigen::Index t = 0; t < tokens; ++t) rows[static_cast<std::size_t>(t)] = t;
    const double one = static_cast<double>(units * width);  // multiplications of one matrix with one vector
    const std::map<QString, std::pair<double, std::function<void()>>> works = {
        {"hidden units of tokens", {2 * one * tokens, [&] { expert.hiddenUnits(inputs); }}},
        {"output", {3 * one * tokens, [&] { expert(inputs); }}},
        {"coupling", {one * tokens, [&] { meanAbsoluteCosines(inputs, expert.gate); }}},
        {"weight subspace", {one * 24 * 18, [&] { topRightSubspace(expert.gate, 16, 1); }}},
        {"score against activation", {2 * one * tokens, [&] { scoreActivationOf(expert, inputs, inputs.col(0), rows); }}},
        {"Jacobians by directions", {2 * one * 128, [&] { ExpertJacobian(expert, Eigen::MatrixXf::Ones(width, 128)); }}},
        {"exact Jacobian",
         {one * width, [&] { ExpertJacobian(expert, {}).atEach(inputs.topRows(1), [](Eigen::Index, const RowMatrix&) {}); }}},
        {"routing",
         {one * tokens,
          [&] {
            routeTokens({expert.gate, {}, {}, {}}, inputs);
          }}},
        {"finite values", {0, [&] { countNotFinite(expert.gate); }}},
        {"angles",
         {0, [&] { principalAnglesOfAllPairs(std::vector<Eigen::MatrixXd>(16, Eigen::MatrixXd::Identity(width, 4)), 1); }}},
    };
    const auto& [multiplications, work] = works.at(QTest::currentDataTag());
    int asked = 0;
    const StopScope scope([&] { return ++asked < 0; }, std::chrono::nanoseconds(0));
    work();
    const int least = std::max(2, static_cast<int>(multiplications / static_cast<double>(kProductsAtOnce)));
    QVERIFY2(asked >= least, qPrintable(QString("asked %1 times, expected %2").arg(asked).arg(least)));
  }

  void an_expert_that_is_being_read_is_given_up() {
    int asked = 0;
    try {
      forEachExpert(EndlessExperts(), 2, [&](int done) { return done > 0 || ++asked < 3; }, [](int, const ExpertWeights&) {});
      QFAIL("it ended by itself");
    } catch (const std::runtime_error& error) {
      QCOMPARE(std::string(error.what()), std::string("stopped"));
    }
    QCOMPARE(asked, 3);
  }
};

MOESCOPE_TEST(TestStopScope)
#include "test_stop_scope.moc"
