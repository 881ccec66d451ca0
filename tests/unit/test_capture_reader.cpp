// Captures as the views get them, and captures that come choice by choice: MoE Atlas's traces and tables of moe-trace's kind.

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "core/checkpoint/capture_reader.h"
#include "core/checkpoint/capture_shape.h"
#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/checkpoint_source.h"
#include "core/reading/metric_table.h"
#include "core/reading/routing_by_layer.h"
#include "tests/support/capture_files.h"
#include "tests/support/test_class.h"

using namespace moescope;
using moescope::testing::CapturedShape;
using moescope::testing::capturedExpert;

namespace {

RoutingCapture parsed(const std::string& text, const std::vector<CaptureShape>& shapes = {}, const std::string& type = {}) {
  return parseCapture({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, "x", shapes, 0, type);
}

std::string complaint(const std::string& text, const std::vector<CaptureShape>& shapes = {}) {
  try {
    parsed(text, shapes);
    return "read without complaint";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

bool said(const RoutingCapture& capture, const std::string& kind, const std::string& text) {
  return std::any_of(capture.notes.all().begin(), capture.notes.all().end(), [&](const ReadingNote& note) {
    return nameOf(note.kind) == kind && note.text.find(text) != std::string::npos;
  });
}

/// [tokens, layers, k], each token's of a layer different; `skewed`: the experts below N / 4 come more often, shifted from layer
/// to layer.
std::vector<std::int32_t> idsInARow(int tokens, int layers, int k, int experts, bool skewed) {
  std::mt19937 dice(5);
  std::vector<std::int32_t> ids;
  for (int t = 0; t < tokens; ++t)
    for (int l = 0; l < layers; ++l) {
      std::set<int> own;
      while (static_cast<int>(own.size()) < k) {
        const int any = static_cast<int>(dice() % static_cast<unsigned>(experts)), often = any % std::max(1, experts / 4);
        own.insert(((skewed && dice() % 2 ? often : any) + (skewed ? 3 * l : 0)) % experts);
      }
      std::vector<int> shuffled(own.begin(), own.end());
      std::rotate(shuffled.begin(), shuffled.begin() + t % k, shuffled.end());
      ids.insert(ids.end(), shuffled.begin(), shuffled.end());
    }
  return ids;
}

std::string activation(int token, int layer, int expert) {
  return "{\"layer\":" + std::to_string(layer) + ",\"token_idx\":" + std::to_string(token) +
         ",\"expert_idx\":" + std::to_string(expert) + ",\"gate_weight\":0.5,\"output_norm\":1.5}";
}

/// A trace of MoE Atlas, its activations by layer, then token.
std::string atlasTrace(const CapturedShape& shape, int firstLayer = 0) {
  std::string list;
  for (int l = 0; l < shape.layers; ++l)
    for (int t = 0; t < shape.tokens; ++t)
      for (int i = 0; i < shape.chosen; ++i)
        list += (list.empty() ? "" : ",") + activation(t, firstLayer + l, capturedExpert(shape, t, l, i));
  return "{\"model_id\":\"m\",\"num_layers\":" + std::to_string(shape.layers) +
         ",\"num_experts\":12,\"top_k\":" + std::to_string(shape.chosen) +
         ",\"text\":\"a \\\"b\\\"\",\"token_ids\":[1,2],\"activations\":[" + list + "],\"timestamp\":\"now\"}";
}

/// Upstream moe-trace: layer,expert rows, batch after batch.
std::string moeTrace(const CapturedShape& shape, int batch, bool lastOnly = false) {
  std::string text = "layer,expert\n";
  for (int begin = 0; begin < shape.tokens; begin += batch)
    for (int l = 0; l < shape.layers; ++l)
      for (int t = begin; t < std::min(shape.tokens, begin + batch); ++t)
        for (int i = 0; i < shape.chosen && !(lastOnly && l == shape.layers - 1 && t < shape.tokens - 5); ++i)
          text += std::to_string(l) + "," + std::to_string(capturedExpert(shape, t, l, i)) + "\n";
  return text;
}

bool holdsTheFormula(const RoutingCapture& capture, const CapturedShape& shape) {
  if (capture.tokens != shape.tokens || capture.layers != shape.layers || capture.chosen != shape.chosen) return false;
  for (int t = 0; t < shape.tokens; ++t)
    for (int l = 0; l < shape.layers; ++l)
      for (int i = 0; i < shape.chosen; ++i)
        if (capture.id(t, l, i) != capturedExpert(shape, t, l, i)) return false;
  return true;
}

}  // namespace

class TestCaptureReader : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::filesystem::path fileOf(const char* name) const { return std::filesystem::path(folder_.path().toStdString()) / name; }

 private Q_SLOTS:
  void a_snapshot_tells_what_is_counted_in_the_file() {
    const CapturedShape shape;
    const CaptureReader reader(testing::writeCapture(fileOf("a.json"), shape), 7);
    QCOMPARE(reader.layers(), 3);
    QVERIFY(!reader.analyses());
    for (int layer = 0; layer < 3; ++layer) {
      const SnapshotPointer snapshot = reader.snapshot(layer);
      const CapturedRouting& capture = *snapshot->capture;
      QCOMPARE(capture.layer, layer);
      QCOMPARE(capture.tokens, std::int64_t(300));
      const int before = layer == 2 ? 1 : layer, after = before + 1;
      QCOMPARE(capture.before, before);
      QCOMPARE(capture.after, after);
      for (int a = 0; a < 8; ++a)
        for (int b = 0; b < 8; ++b) {
          double both = 0.0, onwards = 0.0, chosen = 0.0;
          for (int t = 0; t < 300; ++t) {
            const auto has = [&](int l, int e) {
              return capturedExpert(shape, t, l, 0) == e || capturedExpert(shape, t, l, 1) == e;
            };
            both += has(layer, a) && has(layer, b);
            onwards += has(before, a) && has(after, b);
            chosen += has(layer, a);
          }
          QVERIFY(std::abs(capture.together.share(a, b) - both / 300) < 1e-12 &&
                  std::abs(capture.onwards.share(a, b) - onwards / 300) < 1e-12);
          QVERIFY(std::abs(capture.together.first[a] - chosen / 300) < 1e-12 &&
                  std::abs(capture.loads[static_cast<std::size_t>(layer)][a] - chosen / 600) < 1e-12);
        }
      QVERIFY((capture.along.rowwise().sum().array() - 1.0).abs().maxCoeff() < 1e-12);
      QCOMPARE(capture.along.row(0).tail(4).sum(), 0.0);  // the first half knows the lower experts only
      QVERIFY(capture.along.bottomRightCorner(32, 4).sum() / 32 > 0.3);
    }
  }

  void a_routing_of_it_has_loads_and_no_entropy() {
    const CaptureReader reader(testing::writeCapture(fileOf("b.json")), 7);
    const SnapshotPointer snapshot = reader.snapshot(1);
    Lens lens;
    lens.concentration = 4.0f;
    const Routing routing = evaluate(*snapshot, lens);
    QCOMPARE(routing.layer, 1);
    QCOMPARE(routing.gates.rows(), Eigen::Index(0));
    QCOMPARE(routing.gates.cols(), Eigen::Index(8));
    QVERIFY(routing.applied.load == snapshot->capture->loads[1]);
    const std::set<std::string> told = {"load_cv", "max_vio", "load_gini", "load_entropy", "least_load", "dead_experts"};
    for (const Metric& metric : metricTable())
      QVERIFY2(std::isfinite(metric.value({*snapshot, routing})) == told.contains(metric.name), metric.name.c_str());
    QCOMPARE(routingByLayer(*snapshot, lens).size(), std::size_t(3));
    QVERIFY(routingByLayer(*snapshot, lens)[2].load == snapshot->capture->loads[2]);
  }

  void a_layer_that_is_not_routed_says_so() {
    std::string text = "[";
    for (int t = 0; t < 20; ++t)
      text += std::string(t ? "," : "") + "[[0,0],[" + std::to_string(t % 4) + "," + std::to_string((t + 1) % 4) + "]]";
    std::ofstream(fileOf("dense.json")) << text << "]";
    const CaptureReader reader(fileOf("dense.json"), 1);
    const SnapshotPointer dense = reader.snapshot(0), routed = reader.snapshot(1);
    QVERIFY(!dense->capture->routed() && routed->capture->routed());
    QVERIFY(dense->checkpoint->notes.back().find("layer 0 of this capture is not routed") == 0);
    QCOMPARE(routed->capture->before, -1);
    QVERIFY(evaluate(*dense, {}).applied.load.array().isNaN().all());
    for (const Metric& metric : metricTable())
      QVERIFY2(std::isnan(metric.value({*dense, evaluate(*dense, {})})), metric.name.c_str());
  }

  void a_capture_is_found_and_opened_as_a_checkpoint_is() {
    const std::filesystem::path file = testing::writeCapture(fileOf("c.json"));
    QCOMPARE(locateCheckpoint(file).folder, file);
    CheckpointSource source(file, {}, 9);
    source.setAnalysis({{}, 2, 2.0, true});
    QTRY_VERIFY(source.latest() && source.latest()->capture->layer == 2);
    QTRY_VERIFY(source.status().state == EngineState::Paused);
    QVERIFY(source.status().message.empty());
    CheckpointSource refused(file, file, 10);
    QTRY_VERIFY(refused.status().state == EngineState::Failed);
    QVERIFY(refused.status().message.find("is a capture") != std::string::npos);
  }

  void json_of_a_checkpoint_s_folder_is_no_capture() {
    std::filesystem::create_directory(fileOf("model"));
    for (const char* name : {"config.json", "tokenizer.json"}) std::ofstream(fileOf("model") / name) << "{\"model_type\":\"x\"}";
    QVERIFY(!looksLikeCapture(fileOf("model") / "tokenizer.json"));
    QVERIFY(looksLikeCapture(testing::writeCapture(fileOf("model") / "answers.json")));
    QVERIFY(!looksLikeCapture(fileOf("model")));
  }

  void traces_of_moe_atlas_are_read_as_json_and_as_lines() {
    const CapturedShape shape{40, 3, 2, 8};
    const RoutingCapture one = parsed(atlasTrace(shape, 5));
    QVERIFY(holdsTheFormula(one, shape));
    QCOMPARE(one.expertsTold, 12);
    QVERIFY(one.layerNumbers == std::vector<int>({5, 6, 7}));
    const CapturedShape other{30, 3, 2, 6};
    for (const std::string& text : {atlasTrace(shape) + "\n" + atlasTrace(other) + "\n",
                                    "{\"traces\": [" + atlasTrace(shape) + "," + atlasTrace(other) + "]}"}) {
      const RoutingCapture two = parsed(text);
      QVERIFY(two.starts == std::vector<std::int64_t>({0, 40}));
      QCOMPARE(two.tokens, std::int64_t(70));
      QCOMPARE(two.id(40 + 11, 2, 1), capturedExpert(other, 11, 2, 1));
    }
  }

  void faults_of_moe_atlas_s_traces_are_one_line_with_their_place() {
    const auto trace = [](const std::string& list) { return "{\"num_experts\":4,\"top_k\":1,\"activations\":[" + list + "]}"; };
    QVERIFY(complaint(trace("{\"layer\":0,\"token_idx\":0,\"expert_idx\":-3}"))
                .find("trace 1, activation 1: expected \"layer\", \"token_idx\" and \"expert_idx\"") != std::string::npos);
    QVERIFY(complaint(trace("{\"layer\":0,\"token_idx\":0}," + activation(0, 0, 1))).find("activation 1") != std::string::npos);
    QVERIFY(
        complaint(trace(activation(0, 0, 1) + "," + activation(1, 0, 1) + "," + activation(1, 0, 2) + "," + activation(1, 0, 3)))
            .find("token 1, layer 0: expected as many experts") != std::string::npos);
    QVERIFY(
        complaint(trace("{\"layer\":0,\"token_idx\":0.5,\"expert_idx\":1}")).find("expected a whole number as \"token_idx\"") !=
        std::string::npos);
    QVERIFY(complaint(atlasTrace({10, 2, 2, 8}) + "\n" + atlasTrace({10, 2, 2, 8}, 1))
                .find("expected the same layers in every sequence") != std::string::npos);
    QVERIFY(complaint(trace("").substr(0, 40) + "x\"expert_idx\"").find("not JSON at byte") != std::string::npos);
    const RoutingCapture empty =
        parsed("{\"traces\":[" + trace("") + "," + trace(activation(0, 0, 1) + "," + activation(1, 0, 2)) + "]}");
    QVERIFY(said(empty, "missing", "a trace without activations") && empty.tokens == 2);
    QVERIFY(said(
        parsed(trace(activation(0, 0, 1) + "," + activation(0, 0, 2) + "," + activation(1, 0, 2) + "," + activation(1, 0, 0))),
        "missing", "\"top_k\" says 1"));
  }

  void moe_trace_rows_become_tokens_with_the_largest_possible_k() {
    const CapturedShape shape{200, 3, 2, 8};
    const RoutingCapture read = parsed(moeTrace(shape, 64));
    QVERIFY(holdsTheFormula(read, shape));
    QVERIFY(said(read, "assumed", "2 experts a token"));
    QVERIFY(read.layerNumbers == std::vector<int>({0, 1, 2}));
    const RoutingCapture told = parsed(moeTrace(shape, 64), {{0, 3, 2}});
    QVERIFY(holdsTheFormula(told, shape) && !said(told, "assumed", "experts a token"));
    QVERIFY(complaint(moeTrace(shape, 64), {{0, 3, 7}}).find("layer 0: expected rows for 7 experts a token") !=
            std::string::npos);
    const std::string bare = moeTrace(shape, 64).substr(std::string("layer,expert\n").size());
    QVERIFY(holdsTheFormula(parsed(bare), shape));
  }

  void a_last_layer_with_fewer_tokens_is_left_out_and_named() {
    const RoutingCapture read = parsed(moeTrace({200, 3, 2, 8}, 64, true));
    QCOMPARE(read.layers, 2);
    QVERIFY(said(read, "missing", "layer 2: 5 of 200 tokens: left out"));
  }

  void ids_that_are_a_token_s_ranking_are_refused() {
    std::string text = "layer,expert\n";
    for (int l = 0; l < 2; ++l)
      for (int r = 0; r < 64; ++r)
        text +=
            std::to_string(l) + "," + std::to_string((r * 5 + l) % 16) + "\n";  // 16 experts, each batch of 16 rows all of them
    QVERIFY(complaint(text).find("without its gaps") != std::string::npos);
  }

  void tables_with_tokens_and_phases_tell_prompt_and_answer() {
    const CapturedShape shape{30, 2, 2, 8};
    std::string text = "# made by a tracer\nphase,token,layer,rank,expert,weight\n";
    for (int t = 0; t < shape.tokens; ++t)
      for (int l = 0; l < shape.layers; ++l)
        for (int i = 0; i < shape.chosen; ++i)
          text += std::string(t < 20 ? "prefill," : "decode,") + std::to_string(t) + "," + std::to_string(l) + "," +
                  std::to_string(i) + "," + std::to_string(capturedExpert(shape, t, l, i)) + ",0.5\n";
    const RoutingCapture read = parsed(text);
    QVERIFY(holdsTheFormula(read, shape));
    QCOMPARE(std::count(read.parts.begin(), read.parts.end(), CapturedPart::Answer), std::ptrdiff_t(10));
    QCOMPARE(read.starts.size(), std::size_t(1));
    QVERIFY(said(read, "not read", "column \"weight\"") && !said(read, "not read", "rank"));
    QVERIFY(complaint("layer,expert,token\n0,1\n").find("x, line 2: expected 3 fields") != std::string::npos);
    QVERIFY(complaint("layer,expert,token\n0,x,0\n").find("expected a whole number from 0 on as expert") != std::string::npos);
    QVERIFY(complaint("layer,expert\n").find("expected rows below the names of columns") != std::string::npos);
    QVERIFY(complaint("layer,expert\n0,5000\n").find("an expert below 4096") != std::string::npos);
    QVERIFY(complaint("time,loss\n1,2\n").find(".npy, .npz, JSON or CSV") != std::string::npos);
  }

  void a_shape_is_proposed_by_what_the_ids_tell() {
    QCOMPARE(proposedShape(idsInARow(200, 5, 3, 16, true)), (CaptureShape{0, 5, 3}));
    QCOMPARE(proposedShape(idsInARow(200, 5, 3, 16, false)), (CaptureShape{0, 0, 3}));  // all layers alike
    QCOMPARE(proposedShape(idsInARow(300, 12, 1, 8, true)), (CaptureShape{0, 12, 1}));
    QCOMPARE(proposedShape({}), CaptureShape{});
  }

  void ids_in_a_row_are_read_once_a_person_told_their_shape() {
    const std::filesystem::path file = fileOf("row.json");
    std::vector<std::int32_t> ids = idsInARow(200, 5, 3, 16, true);
    std::ofstream(file)
        << "{\"routed_experts\":\""
        << QByteArray(reinterpret_cast<const char*>(ids.data()), static_cast<qsizetype>(4 * ids.size())).toBase64().toStdString()
        << "\"}";
    CheckpointSource refused(file, {}, 1);
    QTRY_VERIFY(refused.status().state == EngineState::Failed);
    QVERIFY(refused.untold() && refused.untold()->offers.size() == 1 && refused.untold()->offers[0].type.empty() &&
            refused.untold()->offers[0].ids == 3000 && refused.untold()->offers[0].proposal == (CaptureShape{0, 5, 3}));
    QVERIFY2(refused.status().message.find("--capture-shape") != std::string::npos, refused.status().message.c_str());
    CheckpointSource told(file, {}, 2, {{0, 5, 3}, 20});
    QTRY_VERIFY(told.latest());
    const CapturedRouting& capture = *told.latest()->capture;
    QVERIFY(capture.tokens == 200 && capture.experts == 20 && capture.expertsFrom == "as given" && !told.untold());
    CheckpointSource wrong(file, {}, 3, {{0, 7, 3}});
    QTRY_VERIFY(wrong.status().state == EngineState::Failed);
    QVERIFY(wrong.untold() && wrong.status().message.find("3000 ids do not fill shape [tokens, 7, 3]") != std::string::npos);
  }

  void a_type_that_nothing_tells_is_asked_for_and_told_data() {
    QTest::addColumn<int>("bytes");
    QTest::addColumn<QString>("type");
    QTest::newRow("uint8") << 1 << "uint8";
    QTest::newRow("int16") << 2 << "int16";
    QTest::newRow("int64, which could be int32 with zeros") << 8 << "int64";
  }
  void a_type_that_nothing_tells_is_asked_for_and_told() {
    QFETCH(int, bytes);
    QFETCH(QString, type);
    const std::vector<std::int32_t> ids = idsInARow(200, 5, 3, 16, true);
    QByteArray stored;
    for (const std::int64_t id : ids) stored.append(reinterpret_cast<const char*>(&id), bytes);  // little-endian
    const std::string value = "\"routed_experts\":\"" + stored.toBase64().toStdString() + "\"";
    const std::filesystem::path file = fileOf("typed.json");
    std::ofstream(file) << "{" << value << "}";
    CheckpointSource refused(file, {}, 1, {{0, 5, 3}});
    QTRY_VERIFY(refused.status().state == EngineState::Failed);
    QVERIFY2(refused.status().message.find("--capture-dtype") != std::string::npos, refused.status().message.c_str());
    const std::vector<CaptureOffer> offers = refused.untold()->offers;
    QVERIFY(offers[0].type == type.toStdString() && offers[0].ids == 3000 && offers[0].proposal == (CaptureShape{0, 5, 3}));
    const RoutingCapture told = readCapture(file, {{0, 5, 3}, 0, false, type.toStdString()});
    QVERIFY(told.ids == ids && told.notes.empty());
    const std::string shaped = "{\"routed_experts_shape\":[200,5,3]," + value + "}";
    const RoutingCapture byShape = parsed(shaped);
    QVERIFY(byShape.ids == ids &&
            byShape.notes.all()[0].text.find("taken as " + type.toStdString() + ", as its shape tells") != std::string::npos);
    const RoutingCapture ofFile =
        parsed("{\"routed_experts_dtype\":\"" + type.toStdString() + "\",\"routed_experts_shape\":[200,5,3]," + value + "}", {},
               "int32");
    QVERIFY(ofFile.ids == ids && ofFile.notes.all()[0].kind == ReadingNoteKind::NotRead &&
            ofFile.notes.all()[0].text.find("the dtype int32 that was told") != std::string::npos);
  }

  void identical_rows_are_counted_and_said_or_left_out() {
    const std::vector<std::int32_t> ids = idsInARow(100, 4, 2, 16, false);
    const auto idOf = [&](int token, int layer, int i) {
      return ids[static_cast<std::size_t>(((token >= 20 && token < 87 ? 20 : token) * 4 + layer) * 2 + i)];
    };  // a buffer that was not renewed
    std::string text = "[";
    for (int t = 0; t < 100; ++t) {
      text += t ? ",[" : "[";
      for (int l = 0; l < 4; ++l)
        text += (l ? ",[" : "[") + std::to_string(idOf(t, l, 0)) + "," + std::to_string(idOf(t, l, 1)) + "]";
      text += "]";
    }
    std::ofstream(fileOf("stale.json")) << text << "]";
    const SnapshotPointer all = CaptureReader(fileOf("stale.json"), 1).snapshot(1),
                          left = CaptureReader(fileOf("stale.json"), 1, nullptr, {{}, 0, true}).snapshot(1);
    QVERIFY(all->capture->tokens == 100 && all->capture->identical == 67 && all->capture->leftOut == 0);
    QVERIFY(left->capture->tokens == 34 && left->capture->identical == 0 && left->capture->leftOut == 66 &&
            left->capture->sequences == 1);
    for (const auto& [snapshot, tokens] : {std::pair{all, 100}, std::pair{left, 34}})
      for (int layer = 0; layer < 4; ++layer) {
        Eigen::VectorXd load = Eigen::VectorXd::Zero(snapshot->capture->experts);
        for (int t = 0; t < 100; ++t)
          for (int i = 0; i < 2 && (tokens == 100 || t <= 20 || t >= 87); ++i) load[idOf(t, layer, i)] += 0.5 / tokens;
        QVERIFY((load - snapshot->capture->loads[static_cast<std::size_t>(layer)]).cwiseAbs().maxCoeff() < 1e-12);
      }
  }

  void a_capture_s_layers_tell_of_the_next_one() {
    const CapturedShape shape;
    const CaptureReader reader(testing::writeCapture(fileOf("onwards.json"), shape), 7);
    QVERIFY(reader.summarises());
    const LayerOfExperts first = reader.summary(0), last = reader.summary(2);
    QVERIFY(last.onwards.size() == 0 && first.onwards.size() == 8);
    const JointChoices joint = reader.snapshot(0)->capture->onwards;
    QVERIFY((first.onwards - toldOfNext(joint)).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY(first.onwards.minCoeff() > first.onwardsByChance.maxCoeff());  // layer 1 follows layer 0
  }
};

MOESCOPE_TEST(TestCaptureReader)
#include "test_capture_reader.moc"
