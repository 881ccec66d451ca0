#include <QTest>
#include <cmath>
#include <random>

#include "core/metrics/gates.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

RowMatrix randomLogits(int tokens, int experts, float scale, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, scale);
  return RowMatrix::NullaryExpr(tokens, experts, [&] { return normal(random); });
}

}  // namespace

class TestGates : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void gates_match_the_worked_example() {
    RowMatrix logits(1, 2);  // math specification 3.8: q - phi for two Bingham experts in dimension 4
    logits << 2.08f - 1.2840839453930275f, 0.4f - 1.1614393615711956f;
    const float alphas[] = {0.5f, 1.0f, 2.0f};
    const double gates[] = {0.6853950598, 0.8259735448, 0.9574954904};
    const double entropies[] = {0.6227357311, 0.4622135766, 0.1758235242};
    for (int i = 0; i < 3; ++i) {
      const RowMatrix p = routingProbabilities(logits, alphas[i]);
      QVERIFY(std::abs(p(0, 0) - gates[i]) < 1e-6);
      QVERIFY(std::abs(measureRouting(p).meanEntropy - entropies[i]) < 1e-6);
    }
  }

  void entropy_never_rises_with_concentration() {
    const RowMatrix logits = randomLogits(500, 16, 3.0f, 3);
    Eigen::VectorXf previous = measureRouting(routingProbabilities(logits, 0.0f)).tokenEntropy;
    QVERIFY((previous.array() - std::log(16.0f)).abs().maxCoeff() < 1e-5f);
    for (float alpha = 0.0625f; alpha <= 16.0f; alpha *= 1.5f) {
      const Eigen::VectorXf entropy = measureRouting(routingProbabilities(logits, alpha)).tokenEntropy;
      QVERIFY((entropy - previous).maxCoeff() < 1e-5f);
      previous = entropy;
    }
  }

  void every_policy_keeps_what_it_says() {
    RowMatrix p(1, 4);
    p << 0.5f, 0.3f, 0.15f, 0.05f;
    const auto kept = [&](GatingRule rule) { return static_cast<int>((appliedGates(p, rule).array() > 0.0f).count()); };
    QCOMPARE(kept({.policy = GatingPolicy::Soft}), 4);
    QCOMPARE(kept({.policy = GatingPolicy::TopK, .k = 2}), 2);
    QCOMPARE(kept({.policy = GatingPolicy::TopP, .mass = 0.9f}), 3);
    QCOMPARE(kept({.policy = GatingPolicy::Threshold, .threshold = 0.1f}), 3);
    QCOMPARE(kept({.policy = GatingPolicy::Threshold, .threshold = 0.9f}), 1);
    QVERIFY(std::abs(appliedGates(p, {.policy = GatingPolicy::TopK, .k = 2})(0, 0) - 0.625f) < 1e-6f);
  }

  void applied_rows_sum_to_one() {
    const RowMatrix p = routingProbabilities(randomLogits(200, 8, 2.0f, 5), 1.0f);
    for (GatingPolicy policy : {GatingPolicy::TopK, GatingPolicy::TopP, GatingPolicy::Threshold}) {
      const Eigen::VectorXf sums = appliedGates(p, {.policy = policy}).rowwise().sum();
      QVERIFY((sums.array() - 1.0f).abs().maxCoeff() < 1e-5f);
    }
  }

  void one_expert_taking_all_is_the_worst_balance() {
    RowMatrix gates = RowMatrix::Zero(10, 4);
    gates.col(2).setOnes();
    const RoutingMeasures measures = measureRouting(gates);
    QCOMPARE(measures.maxViolation, 3.0);
    QVERIFY(std::abs(measures.loadVariation - std::sqrt(3.0)) < 1e-12);
    QCOMPARE(measures.loadEntropy, 0.0);
    QCOMPARE(measures.effectiveExperts, 1.0);
  }

  void bad_input_is_refused() {
    QVERIFY_EXCEPTION_THROWN(routingProbabilities(RowMatrix::Zero(1, 2), -1.0f), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(measureRouting(RowMatrix()), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestGates)
#include "test_gates.moc"
