// Traces whose router logits are not those of the checkpoint's router: one source for all numbers of the routing, and said.

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/layer_analysis.h"
#include "core/checkpoint/layer_routing.h"
#include "core/metrics/load.h"
#include "tests/support/checkpoint_files.h"
#include "tests/support/test_class.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

constexpr int kTokens = 64, kExperts = 8, kLayer = 1;

std::string textOf(const ReadingNotes& notes, ReadingNoteKind kind) {
  std::string text;
  for (const ReadingNote& note : notes.all())
    if (note.kind == kind) text += note.text + " | ";
  return text;
}

FileTensor matrix(const RowMatrix& values) {
  return floats({values.rows(), values.cols()}, {values.data(), values.data() + values.size()});
}

}  // namespace

class TestTraceLogits : public QObject {
  Q_OBJECT
  QTemporaryDir holder_;
  std::filesystem::path folder_;
  RowMatrix hidden_, own_;
  int traces_ = 0;

  /// Hidden states and these tensors.
  RoutingTrace trace(FileTensors tensors) {
    tensors["hidden.1"] = matrix(hidden_);
    const std::filesystem::path file = folder_ / ("trace" + std::to_string(traces_++) + ".safetensors");
    writeSafetensors(file, tensors);
    return RoutingTrace(file);
  }
  LayerReport report(const RoutingTrace& trace) const {
    LayerAnalysisSettings settings;
    settings.concentrations = {1.0};
    settings.jacobianBytes = 0;
    return analyseLayer(MoeCheckpoint(folder_), kLayer, &trace, settings, [](int) { return true; });
  }
  static std::string refusal(const std::function<void()>& work) {
    try {
      work();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "accepted";
  }

 private Q_SLOTS:
  void initTestCase() {
    folder_ = holder_.path().toStdString();
    TinyCheckpoint().save(folder_);
    std::mt19937 dice(17);
    std::normal_distribution<float> normal;
    hidden_ = RowMatrix::NullaryExpr(kTokens, TinyCheckpoint::kWidth, [&] { return normal(dice); });
    own_ = hidden_ * MoeCheckpoint(folder_).router(kLayer).weight.transpose();
  }

  /// Expert e + 1 has the logits of expert e: the routing is the checkpoint's, with its experts renamed.
  void every_number_of_the_routing_is_of_the_traced_logits() {
    RowMatrix turned(kTokens, kExperts);
    for (int e = 0; e < kExperts; ++e) turned.col((e + 1) % kExperts) = own_.col(e);
    const RoutingTrace given = trace({{"router_logits.1", matrix(turned)}});
    const LayerReport with = report(given), without = report(trace({}));
    for (int e = 0; e < kExperts; ++e) QCOMPARE(with.load[(e + 1) % kExperts], without.load[e]);
    QVERIFY(std::abs(with.weights.loadVariation - without.weights.loadVariation) < 1e-6);
    const Routing &turnedAt = with.routing.front().routing, &at = without.routing.front().routing;
    QVERIFY(std::abs(turnedAt.probability.meanEntropy - at.probability.meanEntropy) < 1e-6);
    QVERIFY(std::abs(turnedAt.applied.loadVariation - at.applied.loadVariation) < 1e-6);
    // Scores go down the same experts as loads, in the table of all layers too.
    const MoeCheckpoint checkpoint(folder_);
    const LayerRouting row = routingOfLayer(checkpoint, kLayer, &given, kTokens);
    QCOMPARE(row.load, with.load);
    QVERIFY(row.margin > 0.0);  // the chosen are those that the scores rank first
    const RoutedTokens own = routeTokens(checkpoint.router(kLayer), hidden_);
    int others = 0;
    for (int t = 0; t < kTokens; ++t) {
      bool differs = false;
      for (int e = 0; e < kExperts; ++e) differs |= (own.weights(t, e) != 0.0f) != (own.weights(t, (e + 7) % kExperts) != 0.0f);
      others += differs;
    }
    QVERIFY(with.logits);
    QCOMPARE(static_cast<int>(with.logits->otherExperts), others);
    QCOMPARE(static_cast<int>(with.logits->tokens), kTokens);
    QVERIFY(std::abs(with.logits->greatest - (turned - own_).cwiseAbs().maxCoeff()) < 1e-5f);
    const std::string said = textOf(with.notes, ReadingNoteKind::Contradicting),
                      wanted = "other experts at " + std::to_string(others) + " of 64 tokens";
    QVERIFY2(said.find(wanted) != std::string::npos && said.find("choices and loads are of the trace's logits") != std::string::npos,
             said.c_str());
    QCOMPARE(textOf(row.notes, ReadingNoteKind::Contradicting), said);
    const CheckpointReader reader(folder_, given.file(), 1);
    const std::vector<std::string> shown = reader.snapshot(kLayer)->checkpoint->notes;
    QVERIFY(std::any_of(shown.begin(), shown.end(), [&](const std::string& line) { return line.find(wanted) != std::string::npos; }));
  }

  void logits_that_were_rounded_are_no_contradiction() {
    RowMatrix rounded = own_;  // to the 8 bits of BF16
    for (float& value : rounded.reshaped()) {
      int exponent = 0;
      const float fraction = std::frexp(value, &exponent);
      value = std::ldexp(std::round(fraction * 256.0f) / 256.0f, exponent);
    }
    const LayerReport report = this->report(trace({{"router_logits.1", matrix(rounded)}}));
    QVERIFY(report.logits && report.logits->greatest > 0.0f);
    QVERIFY2(textOf(report.notes, ReadingNoteKind::Contradicting).empty(), textOf(report.notes, ReadingNoteKind::Contradicting).c_str());
    QVERIFY(!this->report(trace({})).logits);
  }

  void choices_without_gates_get_the_weights_of_the_traced_logits() {
    const RoutedTokens turned = routeLogits(MoeCheckpoint(folder_).router(kLayer), -own_);
    std::vector<std::int32_t> ids;
    for (int t = 0; t < kTokens; ++t)
      for (std::int32_t e = 0; e < kExperts; ++e)
        if (turned.weights(t, e) != 0.0f) ids.push_back(e);
    const FileTensor chosen = {"I32", {kTokens, 2}, {reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof ids.front()}};
    const LayerReport with = report(trace({{"router_logits.1", matrix(-own_)}, {"expert_ids.1", chosen}}));
    QVERIFY(std::abs(with.weights.loadVariation - measureRouting(turned.weights).loadVariation) < 1e-6);
    const std::string said = textOf(with.notes, ReadingNoteKind::Assumed);
    QVERIFY2(said.find("weights are what the family's rule gives of router_logits | ") != std::string::npos, said.c_str());
    QVERIFY(with.sameChoices < 0.5);  // with the checkpoint's own router
  }

  void gates_below_zero_are_refused() {
    std::vector<float> gates(kTokens * 2, 0.5f);
    std::vector<std::int32_t> chosen;
    for (int t = 0; t < kTokens; ++t) chosen.insert(chosen.end(), {0, 1});
    const FileTensor experts = {"I32", {kTokens, 2}, {reinterpret_cast<const char*>(chosen.data()), chosen.size() * 4}};
    QVERIFY(report(trace({{"expert_ids.1", experts}, {"gates.1", floats({kTokens, 2}, gates)}})).routingKnown);
    gates[3] = gates[70] = -0.25f;
    const std::string line =
        refusal([&] { report(trace({{"expert_ids.1", experts}, {"gates.1", floats({kTokens, 2}, gates)}})); });
    QVERIFY2(line.ends_with("gates.1: expected numbers of at least 0, found 2 others in 128"), line.c_str());
  }
};

MOESCOPE_TEST(TestTraceLogits)
#include "test_trace_logits.moc"
