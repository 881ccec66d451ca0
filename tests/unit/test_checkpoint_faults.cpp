// Checkpoints with faults: what is read otherwise, refused by name, or said to be no number.

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <sys/stat.h>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/checkpoint_source.h"
#include "core/checkpoint/families.h"
#include "core/checkpoint/layer_analysis.h"
#include "core/checkpoint/trace.h"
#include "core/metrics/load.h"
#include "tests/support/checkpoint_files.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::latest;
using namespace moescope::testing;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::string lineOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

bool says(const ReadingNotes& notes, ReadingNoteKind kind, const std::string& part) {
  for (const ReadingNote& note : notes.all())
    if (note.kind == kind && has(note.text, part)) return true;
  return false;
}

std::string all(const ReadingNotes& notes) {
  std::string text;
  for (const ReadingNote& note : notes.all()) text += nameOf(note.kind) + ": " + note.text + " | ";
  return text;
}

void setAll(FileTensor& tensor, float value) {
  for (std::size_t at = 0; at < tensor.bytes.size(); at += sizeof value)
    tensor.bytes.replace(at, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

class TestCheckpointFaults : public QObject {
  Q_OBJECT
  QTemporaryDir holder_;
  int folders_ = 0;

  std::filesystem::path saved(const TinyCheckpoint& tiny) {
    const std::filesystem::path folder = holder_.path().toStdString() + "/" + std::to_string(folders_++);
    tiny.save(folder);
    return folder;
  }
  std::string refusal(const TinyCheckpoint& tiny) {
    const std::filesystem::path folder = saved(tiny);
    return lineOf([&] {
      const MoeCheckpoint checkpoint(folder);
      for (int e = 0; e < checkpoint.experts(1); ++e) checkpoint.expert(1, e);
      checkpoint.router(1);
    });
  }
  /// Hidden states of both layers, 64 tokens.
  std::filesystem::path trace(const FileTensors& more = {}) {
    std::mt19937 dice(11);
    FileTensors tensors = more;
    for (const char* name : {"hidden.0", "hidden.1"}) tensors[name] = gaussian({64, TinyCheckpoint::kWidth}, dice);
    const std::filesystem::path file = holder_.path().toStdString() + "/trace" + std::to_string(folders_++) + ".safetensors";
    writeSafetensors(file, tensors);
    return file;
  }
  LayerReport report(const TinyCheckpoint& tiny, const FileTensors& more = {}) {
    const MoeCheckpoint checkpoint(saved(tiny));
    const RoutingTrace traced(trace(more));
    LayerAnalysisSettings settings;
    settings.concentrations = {0.0, 1.0};
    return analyseLayer(checkpoint, 1, &traced, settings, [](int) { return true; });
  }

 private Q_SLOTS:
  void the_correction_bias_counts_by_whatever_name_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"gate.e_score_correction_bias", "e_score_correction_bias", "gate.expert_bias", "expert_bias",
                             "gate.bias", "moe_statics.e_score_correction_bias", "experts.e_score_correction_bias", "router_bias",
                             "router.e_score_correction_bias"})
      QTest::newRow(name) << QString("mlp.") + name;
  }
  void the_correction_bias_counts_by_whatever_name() {
    QFETCH(QString, name);
    const MoeCheckpoint checkpoint(saved(TinyCheckpoint::deepseek3(name.toStdString())));
    const RouterWeights router = checkpoint.router(1);
    QCOMPARE(static_cast<int>(router.correctionBias.size()), 8);
    for (int e = 0; e < 8; ++e) QVERIFY(std::abs(router.correctionBias[e] - 3.0f * static_cast<float>(e) / 7.0f) < 1e-6f);
    // Sigmoids differ by less than 1 and the bias rises by 3/7: with it, experts 5 to 7 take nearly all choices.
    const RoutingTrace traced(trace());
    const Eigen::VectorXd load = assignedLoad(routeTokens(router, traced.layer(1, 8, 16, 64).hidden).weights);
    QVERIFY2(load.tail(3).sum() > 0.9, qPrintable(QString::number(load.tail(3).sum())));
    QVERIFY2(checkpoint.notes().empty(), all(checkpoint.notes()).c_str());
  }

  void layers_without_a_tensor_are_named() {
    TinyCheckpoint tiny;
    tiny.config["num_hidden_layers"] = "6";
    tiny.tensors["model.layers.4.input_layernorm.weight"] = floats({1}, {1.0f});
    const ReadingNotes notes = MoeCheckpoint(saved(tiny)).notes();
    QVERIFY2(
        says(notes, ReadingNoteKind::Missing,
             "config.json: \"num_hidden_layers\" gives 6 layers, and there are tensors of 3: no tensor is of layer 2 to 3, 5; "
             "are files missing?"),
        all(notes).c_str());
  }

  void a_bias_that_is_missing_is_named() {
    const std::string line = refusal(TinyCheckpoint::deepseek3(""));
    QVERIFY2(has(line, "there is no tensor \"model.layers.0.mlp.gate.e_score_correction_bias\"") && has(line, "deepseek_v3") &&
                 !has(line, "\n"),
             line.c_str());
    TinyCheckpoint twice = TinyCheckpoint::deepseek3("mlp.gate.e_score_correction_bias");
    twice.tensors["model.layers.1.mlp.expert_bias"] = twice.tensors["model.layers.1.mlp.gate.e_score_correction_bias"];
    QVERIFY2(has(refusal(twice), "ambiguous"), refusal(twice).c_str());
  }

  void a_tensor_of_an_moe_block_that_would_be_missed_is_refused_by_name_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("rows");
    QTest::newRow("one number for each expert") << "mlp.some_bias" << 8;
    QTest::newRow("a bias of a family that has none") << "mlp.gate.e_score_correction_bias" << 8;
    QTest::newRow("a bias of one expert's matrix") << "mlp.experts.3.up_proj.bias" << 5;
    QTest::newRow("an expert beyond the router's rows") << "mlp.experts.8.up_proj.weight" << 5;
    QTest::newRow("a scale of one expert's matrix") << "mlp.experts.3.up_proj.weight_scale" << 1;
    QTest::newRow("part of the shared expert") << "mlp.shared_expert.gate_proj.bias" << 5;
  }
  void a_tensor_of_an_moe_block_that_would_be_missed_is_refused_by_name() {
    QFETCH(QString, name);
    QFETCH(int, rows);
    TinyCheckpoint tiny;
    const std::string full = "model.layers.1." + name.toStdString();
    tiny.tensors[full] = floats({rows}, std::vector<float>(static_cast<std::size_t>(rows), 1.0f));
    const std::string line = refusal(tiny);
    QVERIFY2(has(line, "\"" + full + "\"") && has(line, "would not be read") && !has(line, "\n"), line.c_str());
  }

  void what_lies_beside_and_counts_for_nothing_is_noted() {
    TinyCheckpoint tiny;
    tiny.tensors["model.layers.0.mlp.norm.weight"] = tiny.tensors["model.layers.1.mlp.norm.weight"] =
        floats({5}, std::vector<float>(5, 1.0f));
    tiny.tensors["model.layers.2.mlp.gate.weight"] = tiny.tensors["model.layers.1.mlp.gate.weight"];
    tiny.tensors["mtp.layers.0.mlp.gate.weight"] = tiny.tensors["model.layers.1.mlp.gate.weight"];
    tiny.config.erase("hidden_act");
    const MoeCheckpoint checkpoint(saved(tiny));
    QCOMPARE(checkpoint.moeLayers(), (std::vector<int>{0, 1}));
    const ReadingNotes& notes = checkpoint.notes();
    QVERIFY2(says(notes, ReadingNoteKind::NotRead, "\"norm.weight\" of the MoE block of layer 0, 1"), all(notes).c_str());
    QVERIFY2(says(notes, ReadingNoteKind::NotRead, "layer 2: after the model's last layer"), all(notes).c_str());
    QVERIFY2(says(notes, ReadingNoteKind::NotRead, "\"mtp.layers.0.mlp.gate.weight\""), all(notes).c_str());
    QVERIFY2(says(notes, ReadingNoteKind::Assumed, "no \"hidden_act\": \"silu\""), all(notes).c_str());
    TinyCheckpoint headless;
    headless.tensors.erase("model.layers.1.mlp.gate.weight");
    QVERIFY2(has(refusal(headless), "there is no tensor \"model.layers.1.mlp.gate.weight\""), refusal(headless).c_str());
  }

  void values_that_are_not_finite_are_named_and_give_no_number() {
    TinyCheckpoint tiny;
    setAll(tiny.tensors["model.layers.1.mlp.experts.3.up_proj.weight"], kNaN);
    const LayerReport layer = report(tiny);
    QVERIFY2(says(layer.notes, ReadingNoteKind::NotFinite, "\"model.layers.1.mlp.experts.3.up_proj.weight\": 128 of 128 values"),
             all(layer.notes).c_str());
    const ExpertAnalysis& analysis = *layer.analysis;
    QVERIFY(analysis.shared.mean.row(3).array().isNaN().all() && analysis.shared.mean.col(3).array().isNaN().all());
    QVERIFY(analysis.shared.withoutDirection().empty());
    QVERIFY(std::isfinite(analysis.shared.mean(0, 1)) && std::isnan(analysis.shared.meanAbsolute().value));
    QVERIFY(analysis.routedAlignment.row(3).array().isNaN().all() && std::isfinite(analysis.routedAlignment(0, 1)));
    QVERIFY(std::isnan(analysis.scoreActivation[3].spearman) && std::isnan(analysis.scoreActivation[3].pearson) &&
            std::isfinite(analysis.scoreActivation[0].spearman));
    QVERIFY(std::isnan(meanSpearman(analysis.scoreActivation).value));
    // The gate matrix, the router and the tokens are whole.
    QVERIFY(std::isfinite(layer.coupling.weightContrast()) && layer.weightOverlap.allFinite() && layer.load.allFinite() &&
            layer.routingKnown);
    QVERIFY(std::isfinite(analysis.meanOverlap().value));
  }

  void the_window_s_session_tells_what_the_analysis_found() {
    TinyCheckpoint tiny;
    setAll(tiny.tensors["model.layers.1.mlp.experts.3.up_proj.weight"], kNaN);
    CheckpointSource session(saved(tiny), trace(), 1);
    AnalysisRequest request;
    request.enabled = true;
    request.layer = 1;
    session.setAnalysis(request);
    for (int i = 0; i < 2000 && !latest(session, 1); ++i) QTest::qSleep(10);
    QVERIFY(latest(session, 1) != nullptr);
    const std::string wanted = "not finite: tensor \"model.layers.1.mlp.experts.3.up_proj.weight\": 128 of 128 values";
    const std::vector<std::string> notes = session.latest()->checkpoint->notes;
    QVERIFY(std::any_of(notes.begin(), notes.end(), [&](const std::string& note) { return note.starts_with(wanted); }));
    QVERIFY(session.latest()->layers[1].scores.size() > 0);
  }

  void a_gate_matrix_that_is_not_finite_has_no_subspace_and_no_coupling() {
    TinyCheckpoint tiny;
    FileTensor& gate = tiny.tensors["model.layers.1.mlp.experts.3.gate_proj.weight"];
    const float infinity = std::numeric_limits<float>::infinity();
    gate.bytes.replace(40, 4, reinterpret_cast<const char*>(&infinity), 4);
    const LayerReport layer = report(tiny);
    QVERIFY2(says(layer.notes, ReadingNoteKind::NotFinite, "experts.3.gate_proj.weight\": 1 of 128 values"),
             all(layer.notes).c_str());
    QVERIFY(layer.weightOverlap.row(3).array().isNaN().all() && layer.weightsLeftOut.empty() && std::isnan(layer.explained[3]));
    QVERIFY(std::isnan(meanOverPairs(layer.weightOverlap, layer.weightsLeftOut).value));
    QVERIFY(layer.coupling.weights.col(3).array().isNaN().all() && std::isnan(layer.coupling.weightContrast()) &&
            std::isnan(layer.coupling.weightsMatched()));
    QVERIFY(std::isfinite(layer.coupling.weights(0, 1)));
  }

  void a_router_row_that_is_not_finite_leaves_no_routing() {
    TinyCheckpoint tiny;
    FileTensor& router = tiny.tensors["model.layers.1.mlp.gate.weight"];
    for (int column = 0; column < 16; ++column)
      router.bytes.replace(static_cast<std::size_t>(4 * (16 * 5 + column)), 4, reinterpret_cast<const char*>(&kNaN), 4);
    const LayerReport layer = report(tiny);
    QVERIFY2(says(layer.notes, ReadingNoteKind::NotFinite, "\"model.layers.1.mlp.gate.weight\": 16 of 128 values"),
             all(layer.notes).c_str());
    QVERIFY2(says(layer.notes, ReadingNoteKind::NotFinite, "logits of 64 of 64 tokens"), all(layer.notes).c_str());
    QVERIFY(!layer.routingKnown && layer.load.array().isNaN().all());
    for (const double value : {layer.weights.loadVariation, layer.weights.maxViolation, layer.weights.meanEntropy,
                               layer.weights.specialisation, layer.weights.loadEntropy, layer.weights.effectiveExperts})
      QVERIFY(std::isnan(value));
    for (const RoutingAt& at : layer.routing)
      for (const double value : {at.routing.probability.meanEntropy, at.routing.entropyLower, at.routing.entropyUpper,
                                 at.routing.applied.loadVariation, at.routing.applied.maxViolation})
        QVERIFY(std::isnan(value));
    QVERIFY(layer.routerSimilarity.row(5).array().isNaN().all() && std::isfinite(layer.routerSimilarity(0, 1)));
    QVERIFY(std::isnan(meanOverPairs(layer.routerSimilarity, layer.routersWithoutDirection).value));
    QVERIFY(layer.coupling.weights.row(5).array().isNaN().all() && std::isnan(layer.coupling.weightContrast()));
    QVERIFY(std::isnan(layer.analysis->meanOverlap().value) && std::isnan(meanSpearman(layer.analysis->scoreActivation).value));
    QVERIFY(std::isfinite(layer.analysis->shared.meanAbsolute().value));  // of the experts alone, on all tokens
    QVERIFY(layer.analysis->leftOut.empty() && layer.analysis->overlap.array().isNaN().all() &&
            layer.analysis->routedAlignment.array().isNaN().all());
    const CheckpointReader reader(saved(tiny), trace(), 1);
    QVERIFY(reader.snapshot(0) != nullptr);
    const std::string line = lineOf([&] { reader.snapshot(1); });
    QVERIFY2(has(line, "\"model.layers.1.mlp.gate.weight\": 16 of 128"), line.c_str());
  }

  void what_is_zero_has_no_direction() {
    TinyCheckpoint tiny;
    for (const char* part : {"gate_proj", "up_proj", "down_proj"})
      for (const int e : {2, 6})
        setAll(tiny.tensors["model.layers.1.mlp.experts." + std::to_string(e) + "." + part + ".weight"], 0.0f);
    FileTensor& router = tiny.tensors["model.layers.1.mlp.gate.weight"];
    router.bytes.replace(4 * 16 * 4, 64, std::string(64, '\0'));
    const LayerReport layer = report(tiny);
    const JacobianAlignment& shared = layer.analysis->shared;
    QVERIFY2(says(layer.notes, ReadingNoteKind::Missing,
                  "no direction: the Jacobian is 0 at all 64 shared tokens for expert 2, expert 6"),
             all(layer.notes).c_str());
    QVERIFY2(says(layer.notes, ReadingNoteKind::Missing, "W_gate spans fewer than 8 directions: expert 2, 6"),
             all(layer.notes).c_str());
    QVERIFY2(says(layer.notes, ReadingNoteKind::Missing, "the router row has length 0 for expert 4"), all(layer.notes).c_str());
    QVERIFY(std::isnan(shared.mean(2, 6)) && std::isnan(shared.mean(2, 2)) && std::isnan(shared.mean(0, 6)) &&
            std::isnan(shared.ofAverages(2, 6)));
    QCOMPARE(shared.withoutDirection(), (std::vector<int>{2, 6}));
    QCOMPARE(shared.meanAbsolute().pairs, 15);
    QVERIFY(std::isfinite(shared.meanAbsolute().value));
    QCOMPARE(layer.weightsLeftOut, (std::vector<int>{2, 6}));
    QVERIFY(std::isnan(layer.weightOverlap(2, 6)) &&
            std::isfinite(meanOverPairs(layer.weightOverlap, layer.weightsLeftOut).value));
    QVERIFY(std::isnan(layer.routerSimilarity(4, 4)) &&
            std::isfinite(meanOverPairs(layer.routerSimilarity, layer.routersWithoutDirection).value));
  }

  void a_packing_that_is_not_known_is_named_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("expected");
    QTest::newRow("fp8 without scales") << "F8_E4M3" << "weight" << "fp8 (F8_E4M3) without scales";
    QTest::newRow("integers") << "I8" << "weight" << "expected floats, found I8";
    QTest::newRow("packed") << "I8" << "weight_packed" << "quant_method \"compressed-tensors\", format \"pack-quantized\"";
  }
  void a_packing_that_is_not_known_is_named() {
    QFETCH(QString, type);
    QFETCH(QString, suffix);
    QFETCH(QString, expected);
    TinyCheckpoint tiny;
    tiny.config["quantization_config"] = R"({"quant_method":"compressed-tensors","format":"pack-quantized"})";
    const std::string name = "model.layers.1.mlp.experts.3.up_proj.";
    tiny.tensors.erase(name + "weight");
    tiny.tensors[name + suffix.toStdString()] = {type.toStdString(), {8, 16}, std::string(128, '\1')};
    const std::string line = refusal(tiny);
    QVERIFY2(has(line, name) && has(line, expected.toStdString()) && !has(line, "\n"), line.c_str());
  }

  void the_family_s_own_key_and_the_router_decide_on_the_number_of_experts() {
    TinyCheckpoint stale = TinyCheckpoint::deepseek3("mlp.gate.e_score_correction_bias");
    stale.config["num_experts"] = "256";
    const MoeCheckpoint own(saved(stale));
    QCOMPARE(own.experts(1), 8);
    QVERIFY2(says(own.notes(), ReadingNoteKind::NotRead, "\"num_experts\" 256 is left aside"), all(own.notes()).c_str());
    TinyCheckpoint pruned({8, 6});
    const MoeCheckpoint differ(saved(pruned));
    QCOMPARE(differ.experts(0), 8);
    QCOMPARE(differ.experts(1), 6);
    QCOMPARE(differ.experts(), 8);
    QVERIFY2(says(differ.notes(), ReadingNoteKind::Assumed, "6 rows in layer 1"), all(differ.notes()).c_str());
    QVERIFY(has(lineOf([&] { differ.expert(1, 6); }), "no expert 6"));
    const LayerReport layer = report(pruned);
    QCOMPARE(static_cast<int>(layer.load.size()), 6);
    QCOMPARE(static_cast<int>(layer.analysis->overlap.rows()), 6);
    const CheckpointReader reader(saved(pruned), trace(), 1);
    QCOMPARE(reader.experts(1), 6);
    QCOMPARE(reader.snapshot(0)->checkpoint->experts, 8);
    QCOMPARE(reader.snapshot(1)->checkpoint->experts, 6);
    QCOMPARE(static_cast<int>(reader.snapshot(1)->layers[1].scores.cols()), 6);
    QVERIFY(!reader.snapshot(1)->checkpoint->notes.empty());
    QVERIFY(has(reader.snapshot(1)->checkpoint->rule, "of 6 experts"));
    QCOMPARE(reader.analysis(1, {}, [](int) { return true; })->experts, 6);
    TinyCheckpoint few({8, 1});
    QVERIFY2(has(refusal(few), "layer 1: 2 of 1 experts cannot be chosen"), refusal(few).c_str());
  }

  void a_dense_model_is_called_so() {
    TinyCheckpoint dense(std::vector<int>{});
    for (const char* none : {"null", "0"}) {
      dense.config["num_experts"] = none;
      QVERIFY2(has(refusal(dense), "a dense model: no experts"), refusal(dense).c_str());
    }
    dense.config = {{"model_type", "\"llama\""}, {"hidden_size", "16"}};
    QVERIFY2(has(refusal(dense), "a dense model: no experts"), refusal(dense).c_str());
  }

  void rules_and_functions_that_are_not_known_are_refused_by_name_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::newRow("activation") << "hidden_act" << "\"mish\"";
    QTest::newRow("scores") << "scoring_func" << "\"softmax\"";
    QTest::newRow("choice") << "topk_method" << "\"greedy\"";
    QTest::newRow("not a text") << "hidden_act" << "7";
    QTest::newRow("not a number") << "routed_scaling_factor" << "\"one\"";
  }
  void rules_and_functions_that_are_not_known_are_refused_by_name() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    TinyCheckpoint tiny = TinyCheckpoint::deepseek3("mlp.gate.e_score_correction_bias");
    tiny.config[key.toStdString()] = value.toStdString();
    const std::string line = refusal(tiny);
    QVERIFY2(has(line, "\"" + key.toStdString() + "\": expected") && has(line, "found " + value.toStdString()), line.c_str());
  }

  void what_a_trace_holds_beside_is_noted() {
    std::vector<float> ids;
    for (int t = 0; t < 64; ++t) ids.insert(ids.end(), {1.0f, t == 9 ? 1.0f : 2.0f});
    std::string integers;
    for (const float id : ids) integers += std::string{static_cast<char>(id), '\0', '\0', '\0'};
    const LayerReport layer = report(TinyCheckpoint(), {{"expert_ids.1", {"I32", {64, 2}, integers}}});
    QVERIFY2(says(layer.notes, ReadingNoteKind::Repeated, "expert_ids.1: 1 tokens name an expert more than once"),
             all(layer.notes).c_str());
    QVERIFY2(says(layer.notes, ReadingNoteKind::Assumed, "expert_ids without gates"), all(layer.notes).c_str());
    const RoutingTrace traced(trace({{"something", floats({1}, {1.0f})}}));
    QVERIFY2(says(traced.notes(), ReadingNoteKind::NotRead, "something"), all(traced.notes()).c_str());
    QVERIFY2(says(traced.notesOfLimit(60), ReadingNoteKind::NotRead, "4 of 64 tokens"), all(traced.notesOfLimit(60)).c_str());
    QVERIFY(traced.notesOfLimit(64).empty());
  }

  /// A pipe that nobody writes to: opening it would wait for ever.
  void a_named_pipe_is_refused_and_not_waited_for() {
    const auto pipe = [](const std::filesystem::path& path) {
      std::filesystem::remove(path);
      QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    };
    for (const char* file : {"model.safetensors", "config.json", "model.safetensors.index.json"}) {
      const std::filesystem::path folder = saved(TinyCheckpoint());
      pipe(folder / file);
      const std::string line = lineOf([&] { MoeCheckpoint{folder}; });
      QVERIFY2(has(line, (folder / file).string() + ": not a regular file"), line.c_str());
    }
    const std::filesystem::path folder = saved(TinyCheckpoint()), alone = folder / "alone.safetensors";
    pipe(alone);
    for (const std::function<void()>& open :
         {std::function<void()>([&] { MoeCheckpoint{alone}; }), std::function<void()>([&] { RoutingTrace{alone}; }),
          std::function<void()>([&] { locateCheckpoint(alone); }),
          std::function<void()>([&] { CheckpointReader(folder, alone, 1); })})
      QVERIFY2(has(lineOf(open), "alone.safetensors: not a regular file"), lineOf(open).c_str());
    std::filesystem::create_directory(folder / "folder.safetensors");
    QVERIFY(has(lineOf([&] { CheckpointReader(folder, folder / "folder.safetensors", 1); }), "folder.safetensors"));
  }
};

MOESCOPE_TEST(TestCheckpointFaults)
#include "test_checkpoint_faults.moc"
