#include <QTest>
#include <cmath>
#include <random>

#include <algorithm>
#include "core/metrics/bounds.h"
#include "core/reading/routing.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// A layer of N Bingham experts with random frames and spectra, and T random unit tokens.
LayerSnapshot randomLayer(int tokens, int experts, int dimension, int rank, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<double> eigenvalue(0.5, 12.0);
  LayerSnapshot layer;
  layer.hidden = RowMatrix::NullaryExpr(tokens, dimension, [&] { return normal(random); });
  layer.hidden.rowwise().normalize();
  layer.spectra = Eigen::MatrixXd::NullaryExpr(experts, rank, [&] { return eigenvalue(random); });
  layer.logPrior = Eigen::VectorXd::Constant(experts, -std::log(experts));
  layer.scores = RowMatrix::Zero(tokens, experts);
  for (int e = 0; e < experts; ++e)
    for (int j = 0; j < rank; ++j)
      layer.scores.col(e) +=
          static_cast<float>(layer.spectra(e, j)) * layer.hidden.col((e * rank + j) % dimension).array().square().matrix();
  return layer;
}

}  // namespace

class TestRouting : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void both_readings_agree_at_concentration_one() {
    const LayerSnapshot layer = randomLayer(50, 6, 12, 2, 1);
    const RowMatrix a = logitsAt(layer, 1.0f, ConcentrationReading::Tempered),
                    b = logitsAt(layer, 1.0f, ConcentrationReading::Bingham);
    QVERIFY((a - b).cwiseAbs().maxCoeff() < 1e-5f);
  }

  void bingham_reading_is_not_monotone_where_the_counterexample_says_so() {
    LayerSnapshot layer;  // math specification E5: d = 8, spectra (10,8) and (2,1), scores (7,1)
    layer.hidden = RowMatrix::Zero(1, 8);
    layer.scores = RowMatrix(1, 2);
    layer.scores << 7.0f, 1.0f;
    layer.spectra = Eigen::MatrixXd(2, 2);
    layer.spectra << 10.0, 8.0, 2.0, 1.0;
    layer.logPrior = Eigen::VectorXd::Constant(2, -std::log(2.0));
    const auto bingham = concentrationCurve(layer, ConcentrationReading::Bingham, {0.0, 1.05, 2.74, 6.0});
    const double expected[] = {0.6931, 0.3404, 0.6931, 0.0101};
    for (int i = 0; i < 4; ++i) QVERIFY(std::abs(bingham.entropy[i] - expected[i]) < 1e-4);
    const auto tempered = concentrationCurve(layer, ConcentrationReading::Tempered, {0.0, 1.05, 2.74, 6.0});
    for (int i = 1; i < 4; ++i) QVERIFY(tempered.entropy[i] < tempered.entropy[i - 1]);
  }

  void measured_entropy_lies_between_the_bounds() {
    const LayerSnapshot layer = randomLayer(200, 8, 16, 3, 2);
    const auto curve = concentrationCurve(layer, ConcentrationReading::Tempered, {0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 16.0});
    for (std::size_t i = 0; i < curve.entropy.size(); ++i) {
      QVERIFY(curve.entropy[i] >= curve.lower[i] - 1e-5);
      QVERIFY(curve.entropy[i] <= curve.upper[i] + 1e-5);
    }
    QVERIFY(std::abs(curve.entropy[0] - std::log(8.0)) < 1e-6);
  }

  void at_zero_those_work_that_lead_just_above_it() {
    Snapshot snapshot;
    snapshot.layers.push_back(randomLayer(300, 8, 16, 3, 4));
    LayerSnapshot& layer = snapshot.layers.front();
    layer.rule.choice = TrainedRule::Choice::PerToken;
    layer.rule.chosen = 2;
    layer.rule.renormalised = true;
    for (const GatingPolicy policy : {GatingPolicy::AsTrained, GatingPolicy::TopK}) {
      Lens lens;
      lens.gating.policy = policy;
      lens.concentration = 0.0f;
      const Routing there = evaluate(snapshot, lens), plain = evaluatePlainly(snapshot, lens);
      int others = 0;  // tokens that do not work with the first two experts
      for (int t = 0; t < 300; ++t) {
        std::vector<int> order{0, 1, 2, 3, 4, 5, 6, 7};
        const Eigen::RowVectorXf logits = logitsAt(layer, 1.0f, lens.reading).row(t);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return logits[a] > logits[b]; });
        if (logits[order[1]] - logits[order[2]] < 0.01f) continue;  // nearer than what is told apart there
        QVERIFY(std::abs(there.gates(t, order[0]) - 0.5f) < 1e-3f && std::abs(there.gates(t, order[1]) - 0.5f) < 1e-3f);
        QVERIFY((there.gates.row(t) - plain.gates.row(t)).cwiseAbs().maxCoeff() < 1e-5f);
        others += order[0] > 1 || order[1] > 1;
      }
      QVERIFY(others > 200);
      QCOMPARE(there.logits.cwiseAbs().maxCoeff(), 0.0f);  // what is weighed is at 0 itself
      QVERIFY(std::abs(there.probability.meanEntropy - std::log(8.0)) < 1e-12);
      QVERIFY(std::abs(there.applied.meanEntropy - std::log(2.0)) < 1e-5);
      const LayerMeasures measured = measureLayer(layer, lens);
      QVERIFY((measured.applied.load - there.applied.load).cwiseAbs().maxCoeff() < 1e-9);
      QCOMPARE(measured.probability.meanEntropy, there.probability.meanEntropy);
    }
    Lens soft;
    soft.gating.policy = GatingPolicy::Soft;
    soft.concentration = 0.0f;
    QVERIFY((evaluate(snapshot, soft).gates.array() - 0.125f).abs().maxCoeff() < 1e-7f);
  }

  void evaluation_clamps_the_layer_and_refuses_an_empty_snapshot() {
    Snapshot snapshot;
    QVERIFY_EXCEPTION_THROWN(evaluate(snapshot, Lens{}), std::invalid_argument);
    snapshot.layers.push_back(randomLayer(20, 4, 8, 2, 3));
    Lens lens;
    lens.layer = 9;
    QCOMPARE(evaluate(snapshot, lens).layer, 0);
    lens.concentration = -1.0f;
    QVERIFY_EXCEPTION_THROWN(evaluate(snapshot, lens), std::invalid_argument);
  }

  void mean_bounds_are_those_of_each_token_s_sorted_logits() {
    for (int experts : {2, 5, 8, 13, 64}) {
      LayerSnapshot layer;
      layer.hidden = RowMatrix::Zero(40, 4);
      layer.scores = 3.0f * RowMatrix::Random(40, experts);
      layer.scores.row(7).setConstant(1.0f);  // all equal
      layer.logPrior = Eigen::VectorXd::Zero(experts);
      Snapshot snapshot;
      snapshot.layers.push_back(layer);
      const Routing routing = evaluate(snapshot, Lens{});
      double lower = 0.0, upper = 0.0;
      for (int t = 0; t < 40; ++t) {
        std::vector<float> sorted(routing.logits.row(t).begin(), routing.logits.row(t).end());
        std::sort(sorted.rbegin(), sorted.rend());
        lower += entropyLowerBound(experts, sorted.front() - sorted.back()) / 40;
        upper += entropyUpperBound(experts, sorted[0] - sorted[1]) / 40;
      }
      QVERIFY(std::abs(routing.entropyLower - lower) < 1e-12);
      QVERIFY(std::abs(routing.entropyUpper - upper) < 1e-12);
    }
  }
};

MOESCOPE_TEST(TestRouting)
#include "test_routing.moc"
