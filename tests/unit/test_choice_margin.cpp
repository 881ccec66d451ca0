// The margin of a choice and the choice without its bias, by hand and against every token's own sorting.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/reading/choice_margin.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

RowMatrix softmaxOf(const RowMatrix& logits) {
  RowMatrix p = logits.array().exp();
  for (Eigen::Index t = 0; t < p.rows(); ++t) p.row(t) /= p.row(t).sum();
  return p;
}

TrainedRule perToken(int chosen, const Eigen::VectorXf& bias = {}) {
  TrainedRule rule;
  rule.choice = TrainedRule::Choice::PerToken;
  rule.chosen = chosen;
  rule.choiceBias = bias;
  return rule;
}

RowMatrix gatesOf(const TrainedRule& rule, const RowMatrix& logits) {
  LayerSnapshot layer;
  layer.rule = rule;
  return gatesByRule(layer, logits, softmaxOf(logits));
}

}  // namespace

class TestChoiceMargin : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void two_tokens_by_hand() {
    RowMatrix logits(2, 3);
    logits.array() = RowMatrix{{0.5f, 0.3f, 0.2f}, {0.1f, 0.1f, 0.8f}}.array().log();
    const TrainedRule rule = perToken(1);
    QVERIFY(std::abs(choiceMargin(rule, logits, softmaxOf(logits), gatesOf(rule, logits)) - (0.2 + 0.7) / 2) < 1e-6);
    const TrainedRule two = perToken(2);
    QVERIFY(std::abs(choiceMargin(two, logits, softmaxOf(logits), gatesOf(two, logits)) - (0.1 + 0.0) / 2) < 1e-6);
    const TrainedRule biased = perToken(1, Eigen::Vector3f(0.0f, 0.25f, 0.0f));  // the first token now takes expert 1
    const RowMatrix gates = gatesOf(biased, logits);
    QVERIFY(gates(0, 1) != 0.0f && gates(1, 2) != 0.0f);
    QVERIFY(std::abs(choiceMargin(biased, logits, softmaxOf(logits), gates) - (0.05 + 0.45) / 2) < 1e-6);
    QVERIFY(std::abs(choicesSharedWithoutBias(biased, logits, softmaxOf(logits)) - 0.5) < 1e-12);
  }

  void random_tokens_as_each_sorts_for_itself() {
    std::mt19937 dice(4);
    std::normal_distribution<float> normal;
    const RowMatrix logits = RowMatrix::NullaryExpr(300, 10, [&] { return normal(dice); }), p = softmaxOf(logits);
    const Eigen::VectorXf bias = 0.05f * Eigen::VectorXf::NullaryExpr(10, [&] { return normal(dice); });
    double margin = 0.0, shared = 0.0;
    for (Eigen::Index t = 0; t < 300; ++t) {
      std::vector<std::pair<float, int>> with, without;
      for (int e = 0; e < 10; ++e) with.push_back({-p(t, e) - bias[e], e}), without.push_back({-p(t, e), e});
      std::sort(with.begin(), with.end());
      std::sort(without.begin(), without.end());
      margin += with[3].first - with[2].first;
      int both = 0;
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
          both += with[static_cast<std::size_t>(i)].second == without[static_cast<std::size_t>(j)].second;
      shared += both / static_cast<double>(6 - both);
    }
    const TrainedRule rule = perToken(3, bias);
    QVERIFY(std::abs(choiceMargin(rule, logits, p, gatesOf(rule, logits)) - margin / 300) < 1e-6);
    QVERIFY(std::abs(choicesSharedWithoutBias(rule, logits, p) - shared / 300) < 1e-9);
  }

  void where_there_is_no_such_choice_there_is_no_number() {
    const RowMatrix logits = RowMatrix::Random(5, 4), p = softmaxOf(logits);
    TrainedRule all;
    QVERIFY(std::isnan(choiceMargin(all, logits, p, p)) && std::isnan(choicesSharedWithoutBias(all, logits, p)));
    QVERIFY(std::isnan(choiceMargin(perToken(4), logits, p, gatesOf(perToken(4), logits))));
    QVERIFY(std::isnan(choicesSharedWithoutBias(perToken(2), logits, p)));
    RowMatrix broken = p;
    broken(2, 2) = NAN;
    QVERIFY(std::isnan(choiceMargin(perToken(2), logits, broken, gatesOf(perToken(2), logits))));
  }

  void a_recorded_choice_that_passes_over_a_better_expert_has_a_margin_below_0() {
    RowMatrix logits(1, 3), gates(1, 3);
    logits << 1.0f, 0.0f, -1.0f;
    gates << 0.0f, 0.0f, 1.0f;
    QVERIFY(choiceMargin(perToken(1), logits, softmaxOf(logits), gates) < -0.5);
  }
};

MOESCOPE_TEST(TestChoiceMargin)
#include "test_choice_margin.moc"
