// What the window is given of a checkpoint, against what Hugging Face transformers computed (tests/oracle/generate.py).

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cmath>
#include <cstring>
#include <fstream>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/checkpoint_source.h"
#include "core/checkpoint/layer_routing.h"
#include "core/checkpoint/shared_norms.h"
#include "core/checkpoint/synthetic_checkpoint.h"
#include "core/reading/routing.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::latest;

namespace {

std::filesystem::path folderOf(const char* family) {
  return std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / family;
}

RowMatrix oracleMatrix(const char* family, const std::string& name) {
  const Safetensors oracle(folderOf(family) / "oracle.safetensors");
  const auto numbers = oracle.read(name);
  const auto& shape = oracle.entry(name).shape;
  return Eigen::Map<const RowMatrix>(numbers.data(), shape.at(0), shape.at(1));
}

Eigen::VectorXd shareOfChoices(const RowMatrix& weights) {
  const Eigen::MatrixXd chosen = (weights.array() != 0.0f).cast<double>();
  return chosen.colwise().sum().transpose() / chosen.sum();
}

/// A safetensors file of one float tensor `hidden.L` and any integer tensors, all of `tokens` rows.
void writeTrace(const std::filesystem::path& path, int layer, int tokens, int width,
                const std::vector<std::pair<std::string, std::vector<int>>>& integers, const std::string& names = {}) {
  std::string header = "{", data;
  const auto add = [&](const std::string& name, const char* type, const std::string& shape, const std::string& bytes) {
    header += (header.size() > 1 ? "," : "") +
              ("\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + shape + "],\"data_offsets\":[") +
              std::to_string(data.size()) + "," + std::to_string(data.size() + bytes.size()) + "]}";
    data += bytes;
  };
  std::vector<float> hidden;
  for (int i = 0; i < tokens * width; ++i) hidden.push_back(std::sin(0.7f * static_cast<float>(i)));
  add("hidden." + std::to_string(layer), "F32", std::to_string(tokens) + "," + std::to_string(width),
      {reinterpret_cast<const char*>(hidden.data()), hidden.size() * 4});
  for (const auto& [name, numbers] : integers)
    add(name, "I32", std::to_string(numbers.size()), {reinterpret_cast<const char*>(numbers.data()), numbers.size() * 4});
  if (!names.empty()) add("domain_names", "U8", std::to_string(names.size()), names);
  header += "}";
  const std::uint64_t size = header.size();
  std::ofstream(path, std::ios::binary) << std::string(reinterpret_cast<const char*>(&size), 8) << header << data;
}

template <typename Condition>
bool becomes(const Condition& condition) {
  for (int i = 0; i < 2000; ++i, QTest::qSleep(10))
    if (condition()) return true;
  return false;
}

std::string lineOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace

class TestCheckpointSource : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
  }

  void a_snapshot_holds_the_model_s_own_choices_and_the_router_s_own_scores_data() {
    QTest::addColumn<bool>("sigmoid");
    for (const char* family : {"mixtral", "qwen2_moe", "qwen3_moe", "olmoe", "deepseek_v2", "gpt_oss"})
      QTest::newRow(family) << false;
    QTest::newRow("deepseek_v3") << true;
  }
  void a_snapshot_holds_the_model_s_own_choices_and_the_router_s_own_scores() {
    QFETCH(bool, sigmoid);
    const char* family = QTest::currentDataTag();
    const CheckpointReader reader(folderOf(family), folderOf(family) / "oracle.safetensors", 7);
    const MoeCheckpoint checkpoint(folderOf(family));
    for (int layer = 0; layer < reader.layers(); ++layer) {
      const std::string number = "." + std::to_string(reader.number(layer));
      const SnapshotPointer snapshot = reader.snapshot(layer);
      const LayerSnapshot& filled = snapshot->layers[static_cast<std::size_t>(layer)];
      QVERIFY((filled.trainingLoad - shareOfChoices(oracleMatrix(family, "weights" + number))).cwiseAbs().maxCoeff() < 1e-12);
      // Softmax of the shown scores: the softmax of the router's logits, or the sigmoids scaled to sum 1, in double.
      const RouterWeights router = checkpoint.router(reader.number(layer));
      Eigen::MatrixXd logits = oracleMatrix(family, "hidden" + number).cast<double>() * router.weight.cast<double>().transpose();
      if (router.bias.size()) logits.rowwise() += router.bias.cast<double>().transpose();
      Eigen::MatrixXd expected = sigmoid ? Eigen::MatrixXd(1.0 / (1.0 + (-logits.array()).exp()))
                                         : Eigen::MatrixXd((logits.colwise() - logits.rowwise().maxCoeff()).array().exp());
      const Eigen::VectorXd sums = expected.rowwise().sum();
      expected.array().colwise() /= sums.array();
      Lens lens;
      lens.layer = layer;
      const Routing routing = evaluate(*snapshot, lens);
      QCOMPARE(routing.layer, layer);
      QVERIFY((routing.probabilities.cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-5);
      QVERIFY((filled.hidden.rowwise().norm().array() - 1.0f).abs().maxCoeff() < 1e-5f);
      // As trained: the family's own weights; the rule alone, which other concentrations go by, gives the same, groups and bias
      // included.
      const RowMatrix weights = oracleMatrix(family, "weights" + number);
      QVERIFY((routing.gates - weights).cwiseAbs().maxCoeff() < 1e-4f * weights.maxCoeff());
      const RowMatrix byRule = gatesByRule(filled, routing.logits, routing.probabilities);
      QVERIFY((byRule.array() != 0.0f).cwiseEqual(weights.array() != 0.0f).all());
      QVERIFY((byRule - weights).cwiseAbs().maxCoeff() < 1e-4f * weights.maxCoeff());
      QVERIFY(!filled.concentrationNote.empty());
    }
  }

  void top_k_of_the_lens_is_the_family_s_own_choice_where_it_renormalises() {
    for (const char* family : {"mixtral", "qwen3_moe", "gpt_oss"}) {
      const CheckpointReader reader(folderOf(family), folderOf(family) / "oracle.safetensors", 1);
      const SnapshotPointer snapshot = reader.snapshot(0);
      QCOMPARE(snapshot->checkpoint->chosen, 3);
      Lens lens;
      lens.gating.policy = GatingPolicy::TopK;
      lens.gating.k = snapshot->checkpoint->chosen;
      const RowMatrix expected = oracleMatrix(family, "weights." + std::to_string(reader.number(0)));
      QVERIFY2((evaluate(*snapshot, lens).gates - expected).cwiseAbs().maxCoeff() < 1e-4f, family);
    }
  }

  void without_a_trace_the_tokens_are_synthetic_and_say_so() {
    const CheckpointReader reader(folderOf("mixtral"), {}, 1);
    const SnapshotPointer snapshot = reader.snapshot(1);
    QVERIFY(snapshot->probe->synthetic);
    QCOMPARE(snapshot->probe->syntheticMark, std::string("SYNTHETIC TOKENS"));
    QVERIFY(snapshot->checkpoint->tokens.find("SYNTHETIC TOKENS") != std::string::npos);
    QCOMPARE(snapshot->layers[0].scores.size(), Eigen::Index(0));  // only the shown layer is held
    QVERIFY(snapshot->layers[1].scores.size() > 0);
    Lens lens;  // asks for layer 0, which is not there
    QCOMPARE(evaluate(*snapshot, lens).layer, 1);
    const AnalysisPointer analysis = reader.analysis(1, {}, [](int) { return true; });
    QCOMPARE(analysis->tokens, 0);
    QVERIFY(analysis->weightSubspaces && !analysis->missing.empty());
    QVERIFY(analysis->coupling.weights.size() > 0 && analysis->shared.mean.size() == 0);
  }

  void a_trace_in_the_folder_is_found_and_its_domains_and_ids_are_shown() {
    QTemporaryDir holder;
    const std::filesystem::path folder = holder.path().toStdString();
    for (const char* file : {"config.json", "model.safetensors"})
      std::filesystem::copy(folderOf("mixtral") / file, folder / file);
    writeTrace(folder / "trace.safetensors", 1, 4, 24, {{"tokens", {5, 600, 7, 8}}, {"domains", {0, 0, 2, 1}}}, "German\nC++\n");
    const CheckpointReader reader(folder, {}, 1);
    const SnapshotPointer traced = reader.snapshot(1), other = reader.snapshot(0);
    QVERIFY(!traced->probe->synthetic && other->probe->synthetic);  // the trace has layer 1 alone
    QCOMPARE(traced->probe->labels, (std::vector<std::string>{"#5", "#600", "#7", "#8"}));
    QCOMPARE(traced->probe->domain, (std::vector<int>{0, 0, 2, 1}));
    QCOMPARE(traced->probe->domainNames, (std::vector<std::string>{"German", "C++", "domain 2"}));
    QCOMPARE(traced->checkpoint->tokens, std::string("recorded trace, 4 tokens"));
    std::ofstream(folder / "tokenizer.json") << R"({"model":{"vocab":{"▁the":600}}})";
    QCOMPARE(CheckpointReader(folder, {}, 1).snapshot(1)->probe->labels, (std::vector<std::string>{"#5", " the", "#7", "#8"}));
  }

  void a_trace_that_does_not_fit_gets_one_line() {
    QTemporaryDir holder;
    const std::filesystem::path file = std::filesystem::path(holder.path().toStdString()) / "t.safetensors";
    const auto line = [&] { return lineOf([&] { CheckpointReader(folderOf("mixtral"), file, 1).snapshot(1); }); };
    writeTrace(file, 9, 4, 24, {});
    QVERIFY(line().find("expected hidden.L of an MoE layer of the checkpoint; these are 0, 1") != std::string::npos);
    writeTrace(file, 1, 4, 25, {});
    QVERIFY(line().find("width 24") != std::string::npos);
    writeTrace(file, 1, 4, 24, {{"domains", {0, -1, 0, 0}}});
    QVERIFY(line().find("domains: expected numbers from 0 to 255") != std::string::npos);
    writeTrace(file, 1, 4, 24, {{"tokens", {1, 2, 3}}});
    QVERIFY(line().find("tokens: expected integers of shape [4]") != std::string::npos);
  }

  void a_session_reads_analyses_and_changes_layers_on_its_own_thread() {
    std::atomic<int> calls = 0;
    CheckpointSource session(folderOf("qwen3_moe"), folderOf("qwen3_moe") / "oracle.safetensors", 3);
    session.setListener([&] { ++calls; });
    AnalysisRequest request;
    request.enabled = true;
    session.setAnalysis(request);
    QVERIFY(becomes([&] { return latest(session, 0) != nullptr; }));
    QVERIFY(latest(session, 0)->shared.mean.size() > 0);
    QCOMPARE(latest(session, 0)->generation, std::uint64_t(3));
    request.layer = 1;
    request.settings.rank = 2;
    session.setAnalysis(request);
    QVERIFY(becomes([&] { return session.latest()->layers[1].scores.size() > 0 && latest(session, 1); }));
    QCOMPARE(latest(session, 1)->settings.rank, 2);
    QVERIFY(becomes([&] { return session.status().state == EngineState::Paused && session.status().message.empty(); }));
    QVERIFY(calls > 3);
  }

  void every_layer_tells_of_the_next_and_on_request_of_its_shared_expert() {
    const std::filesystem::path folder = folderOf("qwen2_moe"), trace = folder / "oracle.safetensors";
    CheckpointSource session(folder, trace, 3);
    QVERIFY(becomes([&] {
      return session.latest() && session.latest()->byLayer && session.latest()->byLayer->size() == 2 &&
             session.status().work == SourceWork::None;
    }));
    const JointChoices expected = chosenAfter(oracleMatrix("qwen2_moe", "weights.0"), oracleMatrix("qwen2_moe", "weights.1"));
    QVERIFY(((*session.latest()->byLayer)[0].onwards - toldOfNext(expected)).cwiseAbs().maxCoeff() < 1e-9);
    QVERIFY((*session.latest()->byLayer)[1].onwards.size() == 0 && (*session.latest()->byLayer)[0].sharedNorm.size() == 0);
    AnalysisRequest request;
    request.sharedNorms = true;
    session.setAnalysis(request);
    QVERIFY(becomes([&] { return (*session.latest()->byLayer)[1].sharedTokens > 0; }));
    const MoeCheckpoint checkpoint(folder);
    for (std::size_t layer = 0; layer < 2; ++layer) {
      const LayerOfExperts& found = (*session.latest()->byLayer)[layer];
      QVERIFY(std::abs(found.sharedOverRouted -
                       sharedNorms(checkpoint, static_cast<int>(layer), RoutingTrace(trace), kShownTokens, [](int) {
                         return true;
                       })->ratio.mean()) < 1e-9);
    }
    QVERIFY(becomes([&] { return session.status().message.empty() && session.status().work == SourceWork::None; }));
  }

  void domains_of_a_trace_are_compared_in_all_layers_together() {
    QTemporaryDir holder;
    const std::filesystem::path folder = std::filesystem::path(holder.path().toStdString()) / "invented";
    writeSyntheticCheckpoint(folder);
    CheckpointSource session(folder, {}, 3);
    QVERIFY(becomes([&] { return session.latest() && session.latest()->liftByLayer; }));
    const DomainLifts& found = *session.latest()->liftByLayer;
    const MoeCheckpoint checkpoint(folder);
    const RoutingTrace trace(folder / "trace.safetensors");
    std::vector<LayerRouting> layers;
    for (const int layer : checkpoint.moeLayers()) layers.push_back(routingOfLayer(checkpoint, layer, &trace, kShownTokens));
    const std::vector<int> domain = trace.perToken("domains", kShownTokens, 255);
    const DomainLifts expected =
        domainLifts({&layers[0].weights, &layers[1].weights}, domain, 4, runToPermute(domain, 0), kLiftPermutations, 1);
    QCOMPARE(found.tests, expected.tests);
    QCOMPARE(found.threshold, expected.threshold);
    for (std::size_t layer = 0; layer < 2; ++layer)
      QVERIFY((found.layers[layer].lift.array() == expected.layers[layer].lift.array() ||
               (found.layers[layer].lift.array().isNaN() && expected.layers[layer].lift.array().isNaN()))
                  .all());
    for (int e = 0; e < 4; ++e) QVERIFY(found.layers[0].lift(e, e) > 0.5 && found.layers[0].p(e, e) < 0.05);  // as it was planted
  }

  void a_session_on_a_broken_folder_fails_with_one_line() {
    QTemporaryDir holder;
    CheckpointSource session(holder.path().toStdString(), {}, 1);
    QVERIFY(becomes([&] { return session.status().state == EngineState::Failed; }));
    const std::string line = session.status().message;
    QVERIFY2(!line.empty() && line.find('\n') == std::string::npos && line.find(holder.path().toStdString()) != std::string::npos,
             line.c_str());
    QVERIFY(!session.latest());
  }

  void an_analysis_can_be_stopped_and_ending_a_session_at_once_does_not_hang() {
    const CheckpointReader reader(folderOf("mixtral"), {}, 1);
    int called = 0;
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, reader.analysis(0, {}, [&](int) { return ++called < 2; }));
    QVERIFY(called >= 2);
    for (int i = 0; i < 20; ++i) {
      CheckpointSource session(folderOf("mixtral"), {}, 1);
      AnalysisRequest request;
      request.enabled = true;
      request.layer = i % 2;
      session.setAnalysis(request);
      QTest::qSleep(i);
    }
  }

  void a_path_is_recognised_as_checkpoint_or_trace() {
    const std::filesystem::path folder = folderOf("olmoe");
    QCOMPARE(locateCheckpoint(folder).folder, folder);
    QCOMPARE(locateCheckpoint(folder / "config.json").folder, folder);
    QCOMPARE(locateCheckpoint(folder / "model.safetensors").folder, folder);
    QVERIFY(locateCheckpoint(folder / "model.safetensors").trace.empty());
    QCOMPARE(locateCheckpoint(folder / "oracle.safetensors").trace, folder / "oracle.safetensors");
    QVERIFY(!lineOf([&] { locateCheckpoint(folder / "nothing"); }).empty());
    QVERIFY(lineOf([&] { locateCheckpoint(folder / "generation_config.json"); }).find("expected a checkpoint folder") !=
            std::string::npos);
  }
};

MOESCOPE_TEST(TestCheckpointSource)
#include "test_checkpoint_source.moc"
