// The numbers of layers of many tokens, read by blocks, against whole-matrix steps.

#include <QTest>
#include <cmath>
#include <random>

#include "core/reading/layer_meter.h"
#include "core/reading/metric_sample.h"
#include "core/reading/routing.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

LayerSnapshot randomLayer(int tokens, int experts) {
  std::mt19937 dice(3);
  std::normal_distribution<float> normal;
  LayerSnapshot layer;
  layer.scores = RowMatrix::NullaryExpr(tokens, experts, [&] { return normal(dice); });
  layer.hidden = RowMatrix::Ones(tokens, 4);
  layer.logPrior = Eigen::VectorXd::LinSpaced(experts, -1.0, 0.5);
  layer.trainedGates = (layer.scores.array() > 0.8f).select(layer.scores, 0.0f);
  return layer;
}

double apart(double a, double b) { return std::isnan(a) && std::isnan(b) ? 0.0 : std::abs(a - b) / std::max(1e-12, std::abs(b)); }

/// Largest relative difference of what both measured on all tokens.
double apart(const RoutingMeasures& a, const RoutingMeasures& b) {
  double most = (a.load - b.load).cwiseAbs().maxCoeff() * static_cast<double>(b.load.size());
  for (const auto number : {&RoutingMeasures::meanEntropy, &RoutingMeasures::effectiveExperts, &RoutingMeasures::loadEntropy})
    most = std::max(most, apart(a.*number, b.*number));
  return std::max({most, std::abs(a.loadVariation - b.loadVariation), std::abs(a.maxViolation - b.maxViolation),
                   std::abs(a.specialisation - b.specialisation)});
}

}  // namespace

class TestLayerMeasures : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void blocks_measure_what_whole_matrices_do_data() {
    QTest::addColumn<std::string>("rule");
    for (const char* rule : {"soft", "top-k", "top-p", "threshold", "as trained: all", "per token", "biased", "capacity",
                             "per expert", "active", "fixed", "kept"})
      QTest::newRow(rule) << std::string(rule);
  }
  void blocks_measure_what_whole_matrices_do() {
    QFETCH(std::string, rule);
    Snapshot snapshot;
    snapshot.layers.push_back(randomLayer(5003, 64));  // two blocks and a part
    LayerSnapshot& layer = snapshot.layers[0];
    Lens lens;
    lens.concentration = rule == "kept" ? 1.0f : 1.4f;
    if (rule == "soft") lens.gating.policy = GatingPolicy::Soft;
    if (rule == "top-k") lens.gating = {GatingPolicy::TopK, 3};
    if (rule == "top-p") lens.gating = {GatingPolicy::TopP, 2, 0.8f};
    if (rule == "threshold") lens.gating = {GatingPolicy::Threshold, 2, 0.9f, 0.07f};
    const auto trained = [&](TrainedRule::Choice choice) { layer.rule.choice = choice, layer.rule.chosen = 3; };
    if (rule == "per token" || rule == "biased" || rule == "capacity") trained(TrainedRule::Choice::PerToken);
    if (rule == "biased") layer.rule.choiceBias = Eigen::VectorXf::LinSpaced(64, 0.3f, -0.3f);
    if (rule == "capacity") layer.rule.capacityFactor = 0.5;
    if (rule == "per expert") trained(TrainedRule::Choice::PerExpert);
    if (rule == "active" || rule == "kept") trained(TrainedRule::Choice::Active);
    if (rule == "fixed") trained(TrainedRule::Choice::Fixed);
    const Routing plain = evaluatePlainly(snapshot, lens), fused = evaluate(snapshot, lens);
    const LayerMeasures measured = measureLayer(layer, lens);
    QVERIFY2(apart(fused.probability, plain.probability) < 1e-5 && apart(fused.applied, plain.applied) < 1e-5,
             std::to_string(apart(fused.applied, plain.applied)).c_str());
    QVERIFY((fused.gates - plain.gates).cwiseAbs().maxCoeff() < 1e-5f);
    QCOMPARE(fused.unserved, plain.unserved);
    QCOMPARE(fused.tokens, std::int64_t{5003});
    QCOMPARE(fused.measured, std::int64_t{5003});
    QCOMPARE(static_cast<int>(measured.unserved), fused.unserved);
    QVERIFY(measured.probability.load == fused.probability.load && measured.applied.load == fused.applied.load);
    QCOMPARE(measured.applied.meanEntropy, fused.applied.meanEntropy);
    QCOMPARE(measured.entropyLower, fused.entropyLower);
    QVERIFY(apart(measured.entropyUpper, plain.entropyUpper) < 1e-5);
  }

  void a_sample_takes_means_and_loads_of_all_and_keeps_its_own_tokens() {
    auto whole = std::make_shared<LayerSnapshot>(randomLayer(6000, 16));
    Snapshot snapshot;
    snapshot.layers.push_back(randomLayer(6000, 16));
    LayerSnapshot& sample = snapshot.layers[0];
    for (RowMatrix* rows : {&sample.scores, &sample.hidden, &sample.trainedGates}) *rows = rows->topRows(100).eval();
    sample.whole = whole;
    Lens lens;
    lens.gating = {GatingPolicy::TopK, 2};
    const Routing few = evaluate(snapshot, lens);
    QCOMPARE(few.tokens, std::int64_t{6000});
    QCOMPARE(few.measured, std::int64_t{100});
    const LayerMeasures all = LayerMeter(whole).measure(lens);
    const Routing shown = withMeasures(few, all);
    QCOMPARE(shown.measured, std::int64_t{6000});
    QCOMPARE(shown.gates.rows(), Eigen::Index{100});
    QVERIFY(shown.probability.tokenEntropy == few.probability.tokenEntropy);
    Snapshot everything;
    everything.layers.push_back(*whole);
    const Routing expected = evaluatePlainly(everything, lens);
    QVERIFY(apart(shown.probability, expected.probability) < 1e-5 && apart(shown.applied, expected.applied) < 1e-5);
    QVERIFY(apart(few.probability, expected.probability) > 1e-3);  // the sample alone says something else
  }

  void a_measure_is_of_all_tokens_or_says_of_how_many() {
    const auto probeOf = [](int tokens) {
      auto probe = std::make_shared<Probe>();
      for (int t = 0; t < tokens; ++t) probe->domain.push_back(t % 7 == 0 ? 1 : 0);
      probe->domainNames = {"a", "b"};
      return probe;
    };
    auto whole = std::make_shared<LayerSnapshot>(randomLayer(6000, 16));
    whole->routerDirections = RowMatrix::Identity(16, 16);
    whole->trainingLoad = Eigen::VectorXd::LinSpaced(16, 0.01, 0.115);
    whole->rule.choice = TrainedRule::Choice::PerToken;
    whole->rule.choiceBias = Eigen::VectorXf::LinSpaced(16, 0.1f, -0.1f);
    Snapshot everything, few;
    everything.layers.push_back(*whole);
    everything.probe = probeOf(6000);
    few.layers.push_back(*whole);
    few.probe = probeOf(100);
    LayerSnapshot& sample = few.layers[0];
    for (RowMatrix* rows : {&sample.scores, &sample.hidden, &sample.trainedGates}) *rows = rows->topRows(100).eval();
    sample.whole = whole;
    Lens lens;
    lens.gating = {GatingPolicy::TopP, 2, 0.3f};
    const Routing all = evaluate(everything, lens), alone = evaluate(few, lens),
                  shown = withMeasures(alone, measureLayer(*whole, lens));
    int told = 0;
    for (const Metric& metric : metricTable()) {
      QCOMPARE(sampleOf(metric, all), std::int64_t{0});
      const double value = metric.value({few, shown, nullptr, &lens}), expected = metric.value({everything, all, nullptr, &lens});
      const std::int64_t of = sampleOf(metric, shown);
      told += of > 0;
      QVERIFY2(of == 100 || apart(value, expected) < 1e-4,
               (metric.name + ": " + std::to_string(value) + " of " + std::to_string(expected)).c_str());
      if (of == 0 && metric.channel != Channel::Training && metric.channel != Channel::Router && !std::isnan(expected) &&
          metric.name != "unserved_tokens")
        QCOMPARE(sampleOf(metric, alone), std::int64_t{100});  // before all were read
    }
    QVERIFY(told >= 8);
  }

  void a_stop_ends_the_reading() {
    const LayerSnapshot layer = randomLayer(20000, 64);
    const std::atomic<bool> stop = true;
    QVERIFY_EXCEPTION_THROWN(measureLayer(layer, {}, &stop), std::runtime_error);
  }
};

MOESCOPE_TEST(TestLayerMeasures)
#include "test_layer_measures.moc"
