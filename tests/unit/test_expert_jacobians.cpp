// Jacobians taken expert by expert against those of all experts at once.

#include <QTest>
#include <random>

#include "core/checkpoint/expert_jacobians.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr int kExperts = 5, kWidth = 12, kUnits = 9, kTokens = 7;

ExpertWeights randomExpert(std::mt19937& dice) {
  std::normal_distribution<float> normal;
  const auto matrix = [&](int rows, int columns) { return RowMatrix(RowMatrix::NullaryExpr(rows, columns, [&] { return normal(dice); })); };
  return {matrix(kUnits, kWidth), matrix(kUnits, kWidth), matrix(kWidth, kUnits), {}, {}, {}, {}};
}

}  // namespace

class TestExpertJacobians : public QObject {
  Q_OBJECT
  std::vector<ExpertWeights> experts_;
  std::vector<SwiGluExpert> plain_;
  Eigen::MatrixXf tokens_;

 private Q_SLOTS:
  void initTestCase() {
    std::mt19937 dice(3);
    std::normal_distribution<float> normal;
    for (int e = 0; e < kExperts; ++e) {
      experts_.push_back(randomExpert(dice));
      plain_.push_back({experts_.back().gate, experts_.back().up, experts_.back().down});
    }
    tokens_ = Eigen::MatrixXf::NullaryExpr(kTokens, kWidth, [&] { return normal(dice); });
  }

  void one_expert_at_a_time_equals_all_at_once_data() {
    QTest::addColumn<int>("probes");
    QTest::addColumn<int>("atOnce");
    QTest::newRow("exact, one pass") << 0 << kTokens;
    QTest::newRow("probes, one pass") << 40 << kTokens;
    QTest::newRow("probes, four passes of two tokens and one") << 40 << 2;
  }
  void one_expert_at_a_time_equals_all_at_once() {
    QFETCH(int, probes);
    QFETCH(int, atOnce);
    const std::uint64_t bytes = std::uint64_t{4} * kExperts * kWidth * static_cast<std::uint64_t>(probes ? probes : kWidth) * static_cast<std::uint64_t>(atOnce + 2);
    const JacobianPlan plan = planJacobians(kExperts, kWidth, kTokens, probes, bytes);
    QCOMPARE(plan.tokensAtOnce, atOnce);
    QCOMPARE(plan.passes, (kTokens + atOnce - 1) / atOnce);
    QCOMPARE(plan.bytes(), bytes);
    ExpertJacobians jacobians(plan, tokens_);
    for (int pass = 0; pass < plan.passes; ++pass) {
      jacobians.beginPass(pass);
      for (int e = kExperts - 1; e >= 0; --e) jacobians.take(e, experts_[static_cast<std::size_t>(e)], e == 1 ? RowMatrix() : RowMatrix(tokens_.topRows(e + 1)));
      jacobians.endPass();
    }
    const JacobianAlignment ours = jacobians.alignment(), all = jacobianAlignment(plain_, tokens_, probes);
    QVERIFY((ours.mean - all.mean).cwiseAbs().maxCoeff() < 1e-5);
    QVERIFY((ours.ofAverages - all.ofAverages).cwiseAbs().maxCoeff() < 1e-5);
    QCOMPARE(ours.nullDeviation, all.nullDeviation);
    const Eigen::MatrixXd own = jacobians.ofOwnTokens();
    QVERIFY(own.row(1).array().isNaN().all() && own.col(1).array().isNaN().all());
    QVERIFY(std::abs(own(3, 3) - 1.0) < 1e-6);
    if (probes > 0) return;
    Eigen::MatrixXf first = Eigen::MatrixXf::Zero(kWidth, kWidth), last = first;
    for (int t = 0; t < 3; ++t) first += expertJacobian(plain_[2], tokens_.row(t).transpose());
    for (int t = 0; t < 5; ++t) last += expertJacobian(plain_[4], tokens_.row(t).transpose());
    QVERIFY(std::abs(own(2, 4) - static_cast<double>(first.cwiseProduct(last).sum() / (first.norm() * last.norm()))) < 1e-5);
  }

  void what_does_not_fit_is_taken_by_probes_then_in_passes_then_not_at_all() {
    QCOMPARE(planJacobians(64, 256, 64, 0, std::uint64_t{4} << 30).probes, 0);
    const JacobianPlan probed = planJacobians(64, 2048, 64, 0, std::uint64_t{4} << 30);
    QCOMPARE(probed.probes, kFewestProbes);
    QCOMPARE(probed.passes, 1);
    const JacobianPlan several = planJacobians(257, 7168, 64, 0, std::uint64_t{4} << 30);
    QCOMPARE(several.probes, kFewestProbes);
    QVERIFY(several.passes > 1 && several.passes * several.tokensAtOnce >= 64 && several.bytes() <= std::uint64_t{4} << 30);
    QCOMPARE(planJacobians(64, 2048, 64, 0, 0).tokensAtOnce, 0);
  }
};

MOESCOPE_TEST(TestExpertJacobians)
#include "test_expert_jacobians.moc"
