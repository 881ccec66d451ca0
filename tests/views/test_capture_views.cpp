// A capture in every view: drawn where choices of experts are all that it takes, else said why not, in the same words as its
// numbers.

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/hidden_view.h"
#include "tests/support/planted_scene.h"
#include "core/reading/routing_by_layer.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"

using namespace moescope;

namespace {

/// Three layers of six experts, two a token; the first layer is dense. Shown: the second.
Scene capturedScene(bool routed = true) {
  auto captured = std::make_shared<CapturedRouting>();
  captured->tokens = 1000;
  captured->sequences = 4;
  captured->chosen = 2;
  captured->experts = 6;
  captured->layer = routed ? 1 : 0;
  captured->loads = {{}, Eigen::VectorXd::Constant(6, 1.0 / 6), Eigen::VectorXd::Zero(6)};
  captured->loads[2] << 0.5, 0.3, 0.1, 0.05, 0.05, 0.0;
  if (routed) {
    captured->together = {Eigen::MatrixXd::Constant(6, 6, 1.0 / 15), captured->loads[1] * 2, captured->loads[1] * 2};
    captured->together.share.diagonal().setConstant(1.0 / 3);
    captured->together.share(0, 1) = captured->together.share(1, 0) = 0.25;
    captured->before = 1;
    captured->after = 2;
    captured->onwards = {2.0 * captured->loads[1] * (2.0 * captured->loads[2]).transpose(), captured->loads[1] * 2,
                         captured->loads[2] * 2};
    captured->onwards.share(3, 0) *= 2.0;
    captured->along = Eigen::MatrixXd::Constant(10, 6, 1.0 / 6);
    captured->along(2, 4) = 0.4;
  }
  auto origin = std::make_shared<CheckpointOrigin>();
  origin->name = "answers.json";
  origin->family = "capture";
  origin->layerNumbers = {0, 1, 2};
  origin->experts = 6;
  auto probe = std::make_shared<Probe>();
  probe->domainNames = {"capture"};
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = 1;
  snapshot->router = "capture";
  snapshot->probe = probe;
  snapshot->layers.resize(3);
  snapshot->checkpoint = origin;
  snapshot->capture = captured;
  Scene scene;
  testing::showSnapshot(scene, snapshot);
  return scene;
}

/// A view in a window that is never drawn.
struct Stage : testing::HiddenView {
  Stage(const ViewDeclaration& declaration, const Scene& scene, bool difference = false)
      : HiddenView(difference ? declaration.makeDifference() : declaration.make(), 900, 600) {
    view->update(scene, {});
  }
  std::string words() const {
    std::string all;
    for (const DrawnText& text : texts()) all += text.words + " ";
    return all;
  }
};

std::string whyNoNumbers(const ViewDeclaration& view, const Scene& scene) {
  try {
    dataBehind(view, scene);
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

const ViewDeclaration& named(const std::string& name) {
  return *std::find_if(viewRegistry().begin(), viewRegistry().end(),
                       [&](const ViewDeclaration& view) { return view.name == name; });
}

double number(const DataTable& table, std::size_t row, const std::string& name) {
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (table.columns[c].name == name) {
      const auto& value = table.rows.at(row)[c].value;
      return std::holds_alternative<double>(value) ? std::get<double>(value) : static_cast<double>(std::get<std::int64_t>(value));
    }
  throw std::runtime_error(name);
}

}  // namespace

class TestCaptureViews : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_view_draws_a_capture_or_says_why_not_as_its_numbers_do() {
    const std::vector<std::string> expected = {"load_bars", "layer_map", "co_activation", "layer_transitions", "load_along"};
    for (const bool routed : {true, false}) {
      const Scene scene = capturedScene(routed);
      for (const ViewDeclaration& view : viewRegistry()) {
        const Stage stage(view, scene);
        const std::string why = whyNoNumbers(view, scene), words = stage.words();
        const bool draws =
            routed ? std::find(expected.begin(), expected.end(), view.name) != expected.end() : view.name == "layer_map";
        QVERIFY2(why.empty() == draws, (view.name + ": " + why).c_str());
        QVERIFY2(words.find("cannot be drawn") == std::string::npos, (view.name + ": " + words).c_str());
        QVERIFY2(words.find("capture ") != std::string::npos, (view.name + ": " + words).c_str());  // where it comes from
        if (!draws)
          QVERIFY2(words.find(why.substr(0, 20)) != std::string::npos, (view.name + ": " + words + " / " + why).c_str());
        if (draws) QVERIFY2(!view.about.formula(scene).empty(), view.name.c_str());
      }
    }
  }

  void rows_that_count_and_should_not_are_a_warning_and_what_is_left_out_is_said() {
    Scene scene = capturedScene();
    const auto with = [&](std::int64_t identical, std::int64_t leftOut, std::int64_t padding) {
      auto captured = std::make_shared<CapturedRouting>(*scene.snapshot->capture);
      captured->identical = identical;
      captured->leftOut = leftOut;
      captured->padding = padding;
      auto snapshot = std::make_shared<Snapshot>(*scene.snapshot);
      snapshot->capture = captured;
      scene.snapshot = snapshot;
    };
    with(670, 0, 12);
    for (const char* view : {"load_bars", "layer_map", "co_activation", "layer_transitions", "load_along"}) {
      const std::string words = Stage(named(view), scene).words();
      QVERIFY2(words.find("670 IDENTICAL ROWS") != std::string::npos && words.find("without 12 of padding") != std::string::npos,
               words.c_str());
      const auto about = dataBehind(named(view), scene).about;
      QVERIFY(std::any_of(about.begin(), about.end(), [](const auto& each) {
        return each.first == "identical_tokens" && std::get<std::int64_t>(each.second.value) == 670;
      }));
    }
    with(0, 660, 0);
    const std::string words = Stage(named("load_bars"), scene).words();
    QVERIFY2(words.find("IDENTICAL ROWS") == std::string::npos &&
                 words.find("without 660 tokens of identical rows") != std::string::npos,
             words.c_str());
  }

  void layers_of_a_checkpoint_tell_what_a_worker_found() {
    Scene scene = testing::sceneOf(testing::plantedSnapshot(), 1.0f);
    auto layers = std::make_shared<std::vector<LayerOfExperts>>(scene.snapshot->layers.size());
    for (LayerOfExperts& layer : *layers) {
      layer.sharedNorm = Eigen::VectorXd::Constant(scene.routing->gates.cols(), 0.25);
      layer.sharedNorm[1] = 1.5;
      layer.sharedOverRouted = 0.4;
      layer.sharedTokens = 256;
    }
    auto snapshot = std::make_shared<Snapshot>(*scene.snapshot);
    auto origin = std::make_shared<CheckpointOrigin>();
    for (int l = 0; l < static_cast<int>(layers->size()); ++l) origin->layerNumbers.push_back(3 * l);
    snapshot->checkpoint = origin;
    snapshot->byLayer = layers;
    scene.snapshot = snapshot;
    scene.viewOptions["layer_map"]["quantity"] = "shared";
    QCOMPARE(number(dataBehind(named("layer_map"), scene), 1, "shared_over_routed"), 1.5);
    QCOMPARE(number(dataBehind(named("layer_map"), scene), 0, "layer_shared_over_routed"), 0.4);
    QVERIFY(Stage(named("layer_map"), scene).words().find("0.40") != std::string::npos);
  }

  void the_numbers_are_the_capture_s() {
    const Scene scene = capturedScene();
    const CapturedRouting& capture = *scene.snapshot->capture;
    QCOMPARE(number(dataBehind(named("load_bars"), scene), 3, "load"), 100.0 / 6);
    const DataTable pairs = dataBehind(named("co_activation"), scene);
    QCOMPARE(pairs.rows.size(), std::size_t(30));
    QVERIFY(std::abs(number(pairs, 0, "lift") - std::log2(0.25 * 9)) < 1e-12);
    const DataTable onwards = dataBehind(named("layer_transitions"), scene);
    QVERIFY(std::abs(number(onwards, 3 * 6 + 0, "lift") - 1.0) < 1e-12 && std::abs(number(onwards, 2 * 6 + 1, "lift")) < 1e-12);
    QVERIFY(std::abs(number(onwards, 3 * 6 + 0, "next_given_expert") - 2.0 * capture.loads[2][0] * 2.0) < 1e-12);
    const DataTable along = dataBehind(named("load_along"), scene);
    QCOMPARE(number(along, 2 * 6 + 4, "first_token"), 200.0);
    QCOMPARE(number(along, 2 * 6 + 4, "load"), 40.0);
    const DataTable map = dataBehind(named("layer_map"), scene);
    QCOMPARE(number(map, 12, "load"), 50.0);
    QCOMPARE(number(map, 12, "layer_dead_experts"), 1.0);
    QVERIFY(std::holds_alternative<std::monostate>(map.rows[0][2].value));  // the dense layer
    for (const char* view : {"load_bars", "layer_map"}) {
      const auto about = dataBehind(named(view), scene).about;
      QVERIFY(std::any_of(about.begin(), about.end(), [](const auto& each) { return each.first == "capture"; }));
      QVERIFY(std::none_of(about.begin(), about.end(), [](const auto& each) { return each.first == "concentration"; }));
    }
  }

  void a_quantity_that_a_capture_has_not_is_said() {
    Scene scene = capturedScene();
    for (const char* quantity : {"entropy", "effective", "similarity"}) {
      scene.viewOptions["layer_map"]["quantity"] = quantity;
      const std::string words = Stage(named("layer_map"), scene).words();
      QVERIFY2(words.find("a capture tells which experts") != std::string::npos, words.c_str());
    }
    scene.viewOptions["layer_map"]["quantity"] = "dead";
    QVERIFY(Stage(named("layer_map"), scene).words().find("a capture tells") == std::string::npos);
  }

  void the_pointer_reads_cells() {
    const Stage stage(named("layer_map"), capturedScene());
    bool found = false;
    for (int x = 0; x < 900 && !found; x += 9)
      for (int y = 0; y < 600 && !found; y += 9) {
        const Pick pick = stage.view->pick(x, y);
        found = pick.expert == 0 && pick.text.find("layer 2, E0: load, in times 1/N 3") == 0;
      }
    QVERIFY(found);
  }

  void a_model_beside_a_capture_has_its_own_scales_and_no_difference_of_gates() {
    Scene a = testing::sceneOf(testing::plantedSnapshot(), 1.0f), b = capturedScene();
    for (Scene* each : {&a, &b})
      each->beside = std::make_shared<const Scene>(each == &a ? b : testing::sceneOf(testing::plantedSnapshot(), 1.0f));
    QCOMPARE(sharingScale(a).size(), std::size_t(1));
    for (const ViewDeclaration& view : viewRegistry())
      for (const Scene* each : {&a, &b}) {
        QVERIFY2(Stage(view, *each).words().find("cannot be drawn") == std::string::npos, view.name.c_str());
        if (!view.makeDifference) continue;
        const std::string words = Stage(view, *each, true).words();
        QVERIFY2(words.find("cannot be drawn") == std::string::npos, (view.name + ": " + words).c_str());
        if (view.name != "load_bars")
          QVERIFY2(words.find("a capture tells") != std::string::npos, (view.name + ": " + words).c_str());
      }
  }
};

MOESCOPE_TEST(TestCaptureViews)
#include "test_capture_views.moc"
