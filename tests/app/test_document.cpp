// The Document: what actions do, and its way to JSON and back.

#include <QTest>
#include <nlohmann/json.hpp>

#include "app/document/action.h"
#include "app/document/document_json.h"
#include "tests/support/test_class.h"

using namespace moescope;
using nlohmann::json;

namespace {

/// One in which hardly anything has its default.
Document unusual() {
  Document document;
  Side& a = document.sides[0];
  a.source = {SideSource::Kind::Checkpoint, "/models/mixtral", "/models/trace.safetensors", "", {{0, 48, 8}, 128, true}};
  a.knobs.router = "topk";
  a.knobs.experts = 16;
  a.knobs.learningRate = 0.00125;
  a.knobs.couplingAware = true;
  a.lens.concentration = 0.3f;
  a.lens.gating = {GatingPolicy::TopP, 3, 0.7f, 0.2f};
  a.lens.reading = ConcentrationReading::Bingham;
  a.lens.layer = 1;
  a.trainingLens.concentration = 5.0f;
  a.selection = {{3, 1, 7}, {12}, {0}};
  a.analysis = {{8, 0.9, 32, 64}, 10.0};
  a.cursor = {false, 3, 1200};
  a.cameras["expert_subspaces"] = {{1.0, -2.5, 0.25}, {0.0, 0.1, 0.2}, {0.0, 0.0, 1.0}};
  document.sides[1].knobs.seed = 4294967295u;
  document.compares = true;
  document.links.layer = false;
  document.layout = {"Experts", {{"Experts", "AAAA/w=="}},  {"coupling_matrix", "asymmetry"}, "coupling_matrix",
                     true,      {"load_bars", "asymmetry"}, {"measures", "training"}};
  document.sets = {{"first", {{2}, {7, 3}, {}}}, {"Größe", {{}, {}, {1}}}};
  document.dark = false;
  document.textScale = 1.5;
  document.hiddenControls = {"seed", "reading"};
  document.prompt = "Größe, 大きさ, \xF0\x9F\x98\x80";
  return document;
}

/// The line with which this state is refused; empty: it is taken.
std::string refusal(const std::string& text) {
  try {
    documentFromJson(text);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string refusalWith(const char* pointer, json value) {
  json state = json::parse(toJson(unusual()));
  state[json::json_pointer(pointer)] = std::move(value);
  return refusal(state.dump());
}

}  // namespace

class TestDocument : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void json_brings_back_every_value() {
    Document back = documentFromJson(toJson(unusual()));
    QVERIFY(back == unusual());
    QVERIFY(documentFromJson(toJson(Document{})) == Document{});
    QVERIFY(documentFromJson("{\"moescope_state\": 2}") == Document{});
  }

  void unknown_keys_are_kept_where_they_were() {
    json state = json::parse(toJson(unusual()));
    state["shine"] = {1, {{"a/b~c", "ü"}}};
    state["sides"][1]["lens"]["tint"] = 0.5;
    state["sides"][0]["a/b~c"] = nullptr;
    const json back = json::parse(toJson(documentFromJson(state.dump())));
    QVERIFY(back == state);
  }

  void what_is_wrong_is_named_with_its_place() {
    const std::vector<std::tuple<const char*, json, const char*>> wrong = {
        {"/sides/0/lens/concentration", -1, "concentration"},
        {"/sides/0/lens/concentration", "much", "/sides/0/lens/concentration"},
        {"/sides/0/lens/gating", "best", "soft, top-k, top-p, threshold"},
        {"/sides/0/knobs/experts", 8.5, "whole number from 4 to 512"},
        {"/sides/0/knobs/experts", 1e300, "experts"},
        {"/sides/0/knobs/router", "gromoe", "router"},
        {"/sides/0/knobs/heads", 3, "multiple of heads"},
        {"/sides/0/selection/experts", {1, 1}, "twice"},
        {"/sides/0/selection/experts", {-1}, "at least 0"},
        {"/sides/0/selection/experts", {9000000000}, "/sides/0/selection/experts"},
        {"/sides/0/analysis/rank", 0, "analysis.rank"},
        {"/sides/0/cameras/expert_subspaces/position", {0, 1}, "three finite numbers"},
        {"/sides/0/cameras/expert_subspaces/position", {0.0, 0.1, 0.2}, "differ"},
        {"/sides/0/cameras/nothing", {{"position", {0, 0, 1}}, {"focal_point", {0, 0, 0}}, {"up", {0, 1, 0}}}, "of no view"},
        {"/sides/0/source/kind", "telepathy", "training, checkpoint or session"},
        {"/sides/0/source/folder", "models", "absolute"},
        {"/sides", json::array(), "one or two sides"},
        {"/theme", "pink", "dark or light"},
        {"/text_scale", 40, "0.7 to 2.5"},
        {"/hidden_controls", {1}, "names"},
        {"/hidden_controls", {"glitter"}, "no knob"},
        {"/layout/front", {"glitter"}, "no view"},
        {"/layout/alone", {"glitter"}, "no view"},
        {"/layout/alone", "load_bars", "a list of views"},
        {"/prompt", 7, "/prompt"},
        {"/views/score_polygon", {{"glitter", "yes"}}, "no option"},
        {"/moescope_state", 3, "versions 1 to 2"},
        {"/moescope_state", "two", "whole number"},
    };
    for (const auto& [place, value, words] : wrong) {
      const std::string line = refusalWith(place, value);
      QVERIFY2(line.find(words) != std::string::npos, (std::string(place) + ": " + line).c_str());
      QVERIFY2(line.find('\n') == std::string::npos && line.size() < 400, line.c_str());
    }
  }

  void what_is_no_state_is_refused() {
    const std::string whole = toJson(unusual());
    for (const std::string& text :
         {std::string(), std::string("seven"), std::string("[]"), std::string("{}"), std::string("null"),
          whole.substr(0, whole.size() / 2), whole.substr(1), std::string(std::size_t{100} << 20, ' '), std::string(1 << 20, '['),
          std::string("{\"moescope_state\": NaN}")}) {
      const std::string line = refusal(text);
      QVERIFY2(line.find("this is no Moescope state") == 0 && line.find('\n') == std::string::npos, line.c_str());
    }
    std::string deep = "{\"moescope_state\": 2, \"more\": ";
    for (int i = 0; i < 100000; ++i) deep += "{\"a\":";
    QVERIFY(!refusal(deep).empty());
  }

  void every_byte_that_is_changed_gives_a_state_or_one_line() {
    const std::string whole = toJson(unusual());
    for (std::size_t i = 0; i < whole.size(); i += 3) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 7)));
      const std::string line = refusal(damaged);
      QVERIFY2(line.find('\n') == std::string::npos, line.c_str());
    }
  }

  void states_of_version_1_are_read() {
    const json old = {{"moescope_state", 1},
                      {"lens",
                       {{"concentration", 3.0},
                        {"bingham_reading", true},
                        {"prior_gates", true},
                        {"policy", 1},
                        {"k", 4},
                        {"mass", 0.5},
                        {"threshold", 0.25},
                        {"layer", 1},
                        {"selected_expert", 2},
                        {"selected_other", 5}}},
                      {"knobs", {{"router", "topk"}, {"experts", 16}}},
                      {"checkpoint", {{"folder", "/models/m"}, {"trace", ""}}}};
    const Document document = documentFromJson(old.dump());
    const Side& side = document.sides[0];
    QCOMPARE(side.lens.concentration, 3.0f);
    QVERIFY(side.lens.reading == ConcentrationReading::Bingham && side.lens.source == GateSource::Prior);
    QVERIFY(side.lens.gating.policy == GatingPolicy::TopK && side.lens.gating.k == 4);
    QCOMPARE(side.lens.layer, 1);
    QCOMPARE(side.selection.experts, std::vector<int>({2, 5}));
    QCOMPARE(side.knobs.experts, 16);
    QCOMPARE(side.knobs.width, Knobs{}.width);
    QVERIFY(side.source.kind == SideSource::Kind::Checkpoint && side.source.folder == "/models/m");
    json bad = old;
    bad["lens"]["selected_other"] = 2;
    QCOMPARE(QString::fromStdString(refusal(bad.dump())),
             QString("/lens/selected_other is 2; expected the second expert of a pair with selected_expert"));
    bad = old;
    bad["knobs"]["experts"] = 5000;
    QVERIFY(refusal(bad.dump()).find("/knobs: experts is 5000") == 0);
  }

  void an_action_makes_a_new_document_or_changes_nothing() {
    const Document before;
    const Document after = apply(before, setNumber(0, "concentration", 2.5));
    QCOMPARE(after.sides[0].lens.concentration, 2.5f);
    QCOMPARE(before.sides[0].lens.concentration, 1.0f);
    QVERIFY_THROWS_EXCEPTION(std::exception, apply(before, setNumber(0, "concentration", -1.0)));
    QVERIFY_THROWS_EXCEPTION(std::exception, apply(before, setNumber(0, "experts", 8.5)));
    QVERIFY_THROWS_EXCEPTION(std::exception, apply(before, setWords(0, "gating", "best")));
    QVERIFY_THROWS_EXCEPTION(std::exception,
                             apply(before, changeKnobs(0, "Top-k", [](Knobs& knobs) { knobs.topK = 9; })));  // of 8 experts
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, setNumber(0, "glitter", 1.0));
  }

  void another_router_or_shape_is_another_model_and_another_rate_is_not() {
    const Document before;
    QCOMPARE(apply(before, setNumber(0, "learning-rate", 0.01)).sides[0].model, before.sides[0].model);
    const Document router = apply(before, setWords(0, "router", "topk")), wide = apply(before, setNumber(0, "width", 128)),
                   fresh = apply(before, reset(0));
    QVERIFY(router.sides[0].model != before.sides[0].model && wide.sides[0].model != router.sides[0].model &&
            fresh.sides[0].model != wide.sides[0].model);
    QCOMPARE(router.sides[1].model, before.sides[1].model);
    QVERIFY(fresh.sides[0].knobs == before.sides[0].knobs);
  }

  void links_carry_what_is_linked_and_only_while_both_sides_are_shown() {
    Document document;
    QCOMPARE(apply(document, setNumber(0, "concentration", 4.0)).sides[1].lens.concentration, 1.0f);
    document.compares = true;
    Document after = apply(document, setNumber(1, "concentration", 4.0));
    QCOMPARE(after.sides[0].lens.concentration, 4.0f);
    after = apply(after, select(0, {{2, 3}, {}, {}}));
    QCOMPARE(after.sides[1].selection.experts, std::vector<int>({2, 3}));
    after.links.concentration = after.links.selection = false;
    after = apply(apply(after, setNumber(0, "concentration", 0.5)), select(1, {}));
    QCOMPARE(after.sides[1].lens.concentration, 4.0f);
    QCOMPARE(after.sides[0].selection.experts, std::vector<int>({2, 3}));
    QVERIFY(after.sides[0].knobs == after.sides[1].knobs);
    QCOMPARE(apply(after, setWords(1, "router", "topk")).sides[0].knobs.router,
             std::string("grmoe"));  // knobs are each side's own
  }

  void identical_rows_of_a_capture_are_left_out_and_count_again() {
    Document document = apply(
        Document{}, showCapture(0, {SideSource::Kind::Checkpoint, "/runs/answers.json", "", "", {{0, 5, 3}, 0, false}}, Lens{}));
    document = apply(document, leaveOutIdentical(0, true));
    QVERIFY(document.sides[0].source.reading == (CaptureReading{{0, 5, 3}, 0, true}));
    document = apply(document, leaveOutIdentical(0, false));
    QVERIFY(!document.sides[0].source.reading.withoutIdentical);
    QVERIFY(apply(Document{}, leaveOutIdentical(0, true)).sides[0].source == SideSource{});  // training has none
    document.sides[0].source.reading.shape.chosen = -1;
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, requireValid(document));
  }

  void a_checkpoint_keeps_the_lens_of_training_for_the_way_back() {
    Document document = apply({}, setNumber(0, "concentration", 4.0));
    Lens own;
    own.layer = 1;
    document = apply(document, showCheckpoint(0, {SideSource::Kind::Checkpoint, "/models/m"}, own));
    QVERIFY(document.sides[0].lens == own);
    document = apply(document, setNumber(0, "concentration", 0.25));
    document = apply(document, showCheckpoint(0, {SideSource::Kind::Checkpoint, "/models/n"}, own));
    document = apply(document, backToTraining(0));
    QCOMPARE(document.sides[0].lens.concentration, 4.0f);
    QVERIFY(document.sides[0].source == SideSource{});
  }
};

MOESCOPE_TEST(TestDocument)
#include "test_document.moc"
