// A router's own rule as data, against gates worked out by hand, and what is measured on gates that do not sum to 1.

#include <QTest>
#include <cmath>
#include <limits>

#include "core/reading/routing.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

using Choice = TrainedRule::Choice;

RowMatrix matrix(std::initializer_list<std::initializer_list<float>> rows) {
  RowMatrix result(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows.begin()->size()));
  Eigen::Index r = 0;
  for (const auto& row : rows) {
    Eigen::Index c = 0;
    for (const float value : row) result(r, c++) = value;
    ++r;
  }
  return result;
}

/// Of these probabilities, their logarithms the logits.
RowMatrix gatesOf(const TrainedRule& rule, const RowMatrix& probabilities, const RowMatrix& trained = {}) {
  LayerSnapshot layer;
  layer.rule = rule;
  layer.trainedGates = trained;
  return gatesByRule(layer, probabilities.array().log().matrix(), probabilities);
}

bool near(const RowMatrix& a, const RowMatrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() && (a - b).cwiseAbs().maxCoeff() < 1e-6f;
}

TrainedRule perToken(int chosen, bool renormalised) {
  TrainedRule rule;
  rule.choice = Choice::PerToken;
  rule.chosen = chosen;
  rule.renormalised = renormalised;
  return rule;
}

const RowMatrix kProbabilities = matrix({{0.4f, 0.3f, 0.2f, 0.1f}, {0.1f, 0.2f, 0.3f, 0.4f}, {0.5f, 0.1f, 0.1f, 0.3f}});

}  // namespace

class TestTrainedRule : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void all_experts_have_their_probability() { QVERIFY(near(gatesOf({}, kProbabilities), kProbabilities)); }

  void the_best_experts_of_each_token_keep_or_share_their_gates() {
    QVERIFY(near(gatesOf(perToken(1, false), kProbabilities), matrix({{0.4f, 0, 0, 0}, {0, 0, 0, 0.4f}, {0.5f, 0, 0, 0}})));
    QVERIFY(near(gatesOf(perToken(2, true), kProbabilities),
                 matrix({{4.0f / 7, 3.0f / 7, 0, 0}, {0, 0, 3.0f / 7, 4.0f / 7}, {0.625f, 0, 0, 0.375f}})));
    TrainedRule scaled = perToken(1, true);
    scaled.scaling = 2.5f;
    QVERIFY(near(gatesOf(scaled, kProbabilities), matrix({{2.5f, 0, 0, 0}, {0, 0, 0, 2.5f}, {2.5f, 0, 0, 0}})));
  }

  void a_bias_enters_the_choice_and_no_gate() {
    TrainedRule rule = perToken(1, false);
    rule.choiceBias = Eigen::Vector4f(0.0f, 0.15f, 0.0f, -0.5f);
    QVERIFY(near(gatesOf(rule, kProbabilities), matrix({{0, 0.3f, 0, 0}, {0, 0.2f, 0, 0}, {0.5f, 0, 0, 0}})));
  }

  void a_bias_on_logits_is_added_to_the_logit() {
    TrainedRule rule = perToken(1, false);
    rule.rankedByLogit = true;
    rule.choiceBias = Eigen::Vector4f(0.0f, 0.3f, 0.0f, -0.5f);  // log(0.4 / 0.3) = 0.288, log(0.4 / 0.3) < 0.5
    QVERIFY(near(gatesOf(rule, kProbabilities), matrix({{0, 0.3f, 0, 0}, {0, 0, 0.3f, 0}, {0.5f, 0, 0, 0}})));
  }

  void affinities_rank_by_themselves_whatever_the_other_experts_have() {
    TrainedRule rule = perToken(1, false);
    rule.rankedByAffinity = rule.affinityGates = true;
    rule.choiceBias = Eigen::Vector2f(0.0f, 0.25f);
    LayerSnapshot layer;
    layer.rule = rule;
    const RowMatrix affinities = matrix({{0.5f, 0.1f}, {0.9f, 0.7f}}), p = matrix({{5.0f / 6, 1.0f / 6}, {9.0f / 16, 7.0f / 16}});
    QVERIFY(near(gatesByRule(layer, affinities.array().log().matrix(), p), matrix({{0.5f, 0}, {0, 0.7f}})));
  }

  void groups_leave_out_experts_of_worse_groups() {
    TrainedRule rule = perToken(2, false);
    rule.groups = 2;
    QVERIFY(near(gatesOf(rule, matrix({{0.35f, 0.05f, 0.3f, 0.3f}})), matrix({{0.35f, 0.05f, 0, 0}})));  // by the best expert
    rule.groupByTopTwo = true;
    QVERIFY(near(gatesOf(rule, matrix({{0.35f, 0.05f, 0.3f, 0.3f}})), matrix({{0, 0, 0.3f, 0.3f}})));
  }

  void capacity_takes_first_choices_before_second_ones_and_does_not_renormalise() {
    TrainedRule rule = perToken(2, true);
    rule.capacityFactor = 0.5;  // ceil(0.5 * 3 * 2 / 4) = 1 assignment an expert
    const RowMatrix gates = gatesOf(rule, kProbabilities);
    QVERIFY(near(gates, matrix({{4.0f / 7, 3.0f / 7, 0, 0}, {0, 0, 3.0f / 7, 4.0f / 7}, {0, 0, 0, 0}})));
  }

  void experts_that_choose_take_their_best_tokens() {
    TrainedRule rule;
    rule.choice = Choice::PerExpert;  // ceil(3 * 1 / 4) = 1 token each; of equal ones the earlier
    QVERIFY(near(gatesOf(rule, kProbabilities), matrix({{0, 0.3f, 0, 0}, {0, 0, 0.3f, 0.4f}, {0.5f, 0, 0, 0}})));
  }

  void active_experts_share_what_their_token_had_and_fixed_gates_stay() {
    TrainedRule rule;
    rule.choice = Choice::Active;
    const RowMatrix trained = matrix({{0.6f, 0, 0.2f, 0}, {0, 0, 0, 0}, {0, 3.0f, 0, 1.0f}});
    QVERIFY(
        near(gatesOf(rule, kProbabilities, trained), matrix({{0.8f * 2 / 3, 0, 0.8f / 3, 0}, {0, 0, 0, 0}, {0, 1.0f, 0, 3.0f}})));
    rule.choice = Choice::Fixed;
    QVERIFY(near(gatesOf(rule, kProbabilities, trained), trained));
    QVERIFY_EXCEPTION_THROWN(gatesOf(rule, kProbabilities), std::invalid_argument);
  }

  void a_token_without_probabilities_has_no_gates() {
    RowMatrix probabilities = kProbabilities;
    probabilities.row(1).setConstant(std::numeric_limits<float>::quiet_NaN());
    const RowMatrix gates = gatesOf(perToken(1, false), probabilities);
    QVERIFY(gates.row(1).array().isNaN().all() && gates.row(0).allFinite() && gates.row(2).allFinite());
  }

  void gates_are_the_trained_ones_at_concentration_one_and_the_rule_s_elsewhere() {
    Snapshot snapshot;
    snapshot.layers.resize(1);
    LayerSnapshot& layer = snapshot.layers[0];
    layer.hidden = RowMatrix::Ones(3, 4);
    layer.scores = kProbabilities.array().log().matrix();
    layer.logPrior = Eigen::VectorXd::Zero(4);
    layer.rule = perToken(1, false);
    layer.trainedGates = matrix({{0, 0, 0, 0.25f}, {0, 0, 0, 0}, {0.5f, 0, 0, 0.5f}});
    Lens lens;
    QVERIFY(lens.gating.policy == GatingPolicy::AsTrained);
    for (const Routing& routing : {evaluate(snapshot, lens), evaluatePlainly(snapshot, lens)}) {
      QVERIFY(routing.gates == layer.trainedGates);
      QCOMPARE(routing.unserved, 1);
      QVERIFY(std::isnan(routing.applied.tokenEntropy[1]));
      QVERIFY(std::abs(routing.applied.meanEntropy - 0.5 * std::log(2.0)) < 1e-6);  // of two tokens one is shared by two experts
      QVERIFY(std::abs(routing.applied.load[3] - 0.75) < 1e-6 && std::abs(routing.applied.load.sum() - 1.0) < 1e-9);
    }
    lens.concentration = 2.0f;  // squares over their sum: 0.16 / 0.3, 0.16 / 0.3, 0.25 / 0.36
    QVERIFY(near(evaluate(snapshot, lens).gates,
                 matrix({{0.16f / 0.3f, 0, 0, 0}, {0, 0, 0, 0.16f / 0.3f}, {0.25f / 0.36f, 0, 0, 0}})));
    QCOMPARE(evaluate(snapshot, lens).unserved, 0);
  }

  void both_evaluations_hold_to_a_layer_that_has_tokens() {
    Snapshot snapshot;
    snapshot.layers.resize(2);
    snapshot.layers[1].hidden = RowMatrix::Ones(3, 4);
    snapshot.layers[1].scores = kProbabilities;
    snapshot.layers[1].logPrior = Eigen::VectorXd::Zero(4);
    QCOMPARE(evaluate(snapshot, {}).layer, 1);
    QCOMPARE(evaluatePlainly(snapshot, {}).layer, 1);
  }

  void probabilities_alone_do_not_tell_gates_as_trained() {
    QVERIFY_EXCEPTION_THROWN(appliedGates(kProbabilities, {}), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestTrainedRule)
#include "test_trained_rule.moc"
