// evaluate() against its plain twin, at the edges too.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/reading/routing.h"
#include "core/metrics/row_kernels.h"
#include "core/reading/choosing.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

enum class Scores { Continuous, Tied, Constant, Extreme };

Snapshot snapshotOf(Scores kind, int tokens, int experts, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  LayerSnapshot layer;
  layer.hidden = RowMatrix::Constant(tokens, 8, 1.0f / std::sqrt(8.0f));
  layer.logPrior = Eigen::VectorXd::Constant(experts, -std::log(experts));
  layer.spectra =
      Eigen::MatrixXd::NullaryExpr(kind == Scores::Continuous ? experts : 0, 3, [&] { return 6.0 * std::abs(normal(random)); });
  layer.scores = RowMatrix::NullaryExpr(tokens, experts, [&] {
    switch (kind) {
      case Scores::Continuous: return 3.0f * normal(random);
      case Scores::Tied: return static_cast<float>(static_cast<int>(random() % 4));
      case Scores::Constant: return 2.5f;
      case Scores::Extreme: return random() % 2 ? 1e4f : -1e4f;
    }
    return 0.0f;
  });
  Snapshot snapshot;
  snapshot.layers.push_back(layer);
  return snapshot;
}

/// Whether a rule's choice on this row hangs on less than rounding.
bool undecided(const Eigen::RowVectorXf& probabilities, const GatingRule& rule, double rounding) {
  std::vector<float> falling(probabilities.begin(), probabilities.end());
  std::sort(falling.rbegin(), falling.rend());
  const auto near = [&](double a, double b) { return a != b && std::abs(a - b) < rounding * std::max(a, b); };
  double mass = 0.0;
  for (std::size_t i = 0; i < falling.size(); ++i) {
    mass += falling[i];
    if (rule.policy == GatingPolicy::TopP && near(mass, rule.mass)) return true;
    if (rule.policy == GatingPolicy::Threshold && near(falling[i], rule.threshold)) return true;
    if (rule.policy > GatingPolicy::Soft && i > 0 && near(falling[i - 1], falling[i])) return true;
  }
  return false;
}

double worstRelative(const RowMatrix& a, const RowMatrix& b) {
  double worst = 0.0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double x = a.data()[i], y = b.data()[i];
    if (!std::isfinite(x)) return INFINITY;
    worst = std::max(worst, std::abs(x - y) / (std::max(std::abs(x), std::abs(y)) + 1e-30));
  }
  return worst;
}

QString compare(const Snapshot& snapshot, const Lens& lens, int& skipped) {
  const Routing fast = evaluate(snapshot, lens), plain = evaluatePlainly(snapshot, lens);
  if (fast.logits != plain.logits) return "logits";
  if (worstRelative(fast.probabilities, plain.probabilities) > 2e-6) return "probabilities";
  const float choosing = choiceConcentration(lens, snapshot.layers.front().rule);
  const RowMatrix chosenBy = routingProbabilities(logitsAt(snapshot.layers.front(), choosing, lens.reading), 1.0f);
  bool allDecided = true;
  for (Eigen::Index t = 0; t < fast.gates.rows(); ++t) {
    if (undecided(chosenBy.row(t), lens.gating, choosing == lens.concentration ? 1e-5 : 1e-6)) {
      ++skipped;
      allDecided = false;
      continue;
    }
    if (worstRelative(fast.gates.row(t), plain.gates.row(t)) > 3e-6) return "gates of token " + QString::number(t);
    if (std::abs(fast.probability.tokenEntropy[t] - plain.probability.tokenEntropy[t]) > 3e-6f) return "entropy";
    if (std::abs(fast.applied.tokenEntropy[t] - plain.applied.tokenEntropy[t]) > 3e-6f) return "applied entropy";
  }
  const auto far = [](double a, double b) { return !(std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b))); };
  const auto measuresFar = [&](const RoutingMeasures& a, const RoutingMeasures& b) {
    return far(a.meanEntropy, b.meanEntropy) || far(a.effectiveExperts, b.effectiveExperts) ||
           far(a.loadVariation, b.loadVariation) || far(a.maxViolation, b.maxViolation) || far(a.loadEntropy, b.loadEntropy) ||
           far(a.specialisation, b.specialisation) || (a.load - b.load).cwiseAbs().maxCoeff() > 1e-6;
  };
  if (measuresFar(fast.probability, plain.probability)) return "measures of probabilities";
  if (allDecided && measuresFar(fast.applied, plain.applied)) return "measures of applied gates";
  if (far(fast.entropyLower, plain.entropyLower) || far(fast.entropyUpper, plain.entropyUpper)) return "bounds";
  return {};
}

const std::vector<GatingRule> kRules = {{},
                                        {.policy = GatingPolicy::Soft},
                                        {.policy = GatingPolicy::TopK, .k = 1},
                                        {.policy = GatingPolicy::TopK, .k = 2},
                                        {.policy = GatingPolicy::TopK, .k = 5},
                                        {.policy = GatingPolicy::TopK, .k = 99},
                                        {.policy = GatingPolicy::TopP, .mass = 0.37f},
                                        {.policy = GatingPolicy::TopP, .mass = 0.91f},
                                        {.policy = GatingPolicy::TopP, .mass = 1.0f},
                                        {.policy = GatingPolicy::Threshold, .threshold = 0.047f},
                                        {.policy = GatingPolicy::Threshold, .threshold = 0.97f}};

}  // namespace

class TestRoutingTwin : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void fused_and_plain_evaluation_agree_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("continuous") << static_cast<int>(Scores::Continuous);
    QTest::newRow("tied") << static_cast<int>(Scores::Tied);
    QTest::newRow("constant") << static_cast<int>(Scores::Constant);
    QTest::newRow("logits of 1e4 and -1e4") << static_cast<int>(Scores::Extreme);
  }
  void fused_and_plain_evaluation_agree() {
    QFETCH(int, kind);
    int skipped = 0, rows = 0;
    for (const int experts : {1, 2, 3, 7, 8, 16, 33, 64, 130})
      for (const float concentration : {0.0f, 0.3f, 1.0f, 6.0f, 1e4f})
        for (const ConcentrationReading reading : {ConcentrationReading::Tempered, ConcentrationReading::Bingham})
          for (const GatingRule& rule : kRules) {
            if (reading == ConcentrationReading::Bingham && concentration > 100.0f) continue;  // past the normaliser's range
            const int tokens = 70;
            Lens lens;
            lens.concentration = concentration;
            lens.reading = reading;
            lens.gating = rule;
            const QString difference =
                compare(snapshotOf(static_cast<Scores>(kind), tokens, experts, 3u + experts), lens, skipped);
            rows += tokens;
            QVERIFY2(difference.isEmpty(), qPrintable(QString("%1: N=%2 alpha=%3 policy=%4 k=%5 mass=%6")
                                                          .arg(difference).arg(experts).arg(concentration)
                                                          .arg(static_cast<int>(rule.policy)).arg(rule.k).arg(rule.mass)));
          }
    QVERIFY2(skipped < rows / 6, qPrintable(QString::number(skipped) + " of " + QString::number(rows)));
  }

  void exponential_keeps_its_stated_error() {
    double worst = 0.0;
    for (double x = 0.0; x > -87.32; x -= 1.7e-4)
      worst = std::max(
          worst, std::abs(expOfNonPositive(static_cast<float>(x)) / std::exp(static_cast<double>(static_cast<float>(x))) - 1.0));
    QVERIFY2(worst < 2e-7, qPrintable(QString::number(worst)));
    QCOMPARE(expOfNonPositive(0.0f), 1.0f);
    QCOMPARE(expOfNonPositive(-1e8f), 0.0f);
    QCOMPARE(expOfNonPositive(-INFINITY), 0.0f);
  }

  void ties_go_to_the_lower_index() {
    Lens lens;
    lens.gating = {.policy = GatingPolicy::TopK, .k = 3};
    const Routing routing = evaluate(snapshotOf(Scores::Constant, 4, 8, 1), lens);
    for (int e = 0; e < 8; ++e) QCOMPARE(routing.gates(2, e) > 0.0f, e < 3);
    lens.gating = {.policy = GatingPolicy::TopP, .mass = 0.3f};  // three of eight equal gates reach it
    const Routing byMass = evaluate(snapshotOf(Scores::Constant, 4, 8, 1), lens);
    for (int e = 0; e < 8; ++e) QCOMPARE(byMass.gates(2, e) > 0.0f, e < 3);
    QVERIFY(std::abs(byMass.applied.meanEntropy - std::log(3.0)) < 1e-6);
  }

  void curve_equals_the_evaluations_along_it() {
    const Snapshot snapshot = snapshotOf(Scores::Continuous, 200, 12, 9);
    const std::vector<double> grid = {0.0, 0.5, 1.0, 3.0};
    for (const ConcentrationReading reading : {ConcentrationReading::Tempered, ConcentrationReading::Bingham}) {
      const ConcentrationCurve curve = concentrationCurve(snapshot.layers[0], reading, grid);
      for (std::size_t i = 0; i < grid.size(); ++i) {
        Lens lens;
        lens.concentration = static_cast<float>(grid[i]);
        lens.reading = reading;
        const Routing plain = evaluatePlainly(snapshot, lens);
        QVERIFY(std::abs(curve.entropy[i] - plain.probability.meanEntropy) < 1e-6);
        QVERIFY(std::abs(curve.lower[i] - plain.entropyLower) < 1e-6);
        QVERIFY(std::abs(curve.upper[i] - plain.entropyUpper) < 1e-6);
      }
    }
  }

  void a_layer_without_tokens_is_refused() {
    Snapshot snapshot;
    snapshot.layers.emplace_back();
    QVERIFY_EXCEPTION_THROWN(evaluate(snapshot, Lens{}), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(concentrationCurve(snapshot.layers[0], ConcentrationReading::Tempered, {1.0}),
                             std::invalid_argument);
  }
};

MOESCOPE_TEST(TestRoutingTwin)
#include "test_routing_twin.moc"
