// Tokens that a vertex shader places against the same that the processor places.

#include <QTest>
#include <cmath>
#include <cstdlib>

#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/offscreen.h"
#include "views/token_cloud.h"

using namespace moescope;

namespace {

constexpr int kWidth = 480, kHeight = 420;

std::unique_ptr<View> viewOf(const std::string& name) {
  for (const ViewDeclaration& each : viewRegistry())
    if (each.name == name) return each.make();
  throw std::invalid_argument(name + " is no view");
}

Scene sceneThrough(const std::shared_ptr<Snapshot>& snapshot, const Lens& lens) {
  Scene scene = testing::sceneOf(snapshot, 1.0f);
  scene.lens = lens;
  scene.routing = std::make_shared<const Routing>(evaluate(*snapshot, lens));
  scene.prompt = nullptr;
  return scene;
}

/// Mean difference of two pictures, and the share of their pixels that differ by more than a quarter of white.
struct Unlike {
  double mean = 0.0, share = 0.0;
};
Unlike unlike(const Image& a, const Image& b) {
  Unlike result;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    const int difference = std::abs(a.pixels[i] - b.pixels[i]);
    result.mean += difference;
    result.share += difference > 64;
  }
  result.mean /= static_cast<double>(a.pixels.size());
  result.share /= static_cast<double>(a.pixels.size());
  return result;
}

}  // namespace

class TestTokenClouds : public QObject {
  Q_OBJECT
  std::unique_ptr<Offscreen> offscreen_;

  Image drawn(const std::string& view, const Scene& scene, bool plain) {
    Theme theme;
    theme.plainClouds = plain;
    const auto made = viewOf(view);
    TokenCloud::of(made->renderer())->drawOnAnyRenderer();
    return offscreen_->render(*made, scene, theme, kWidth, kHeight);
  }

  void compareBoth(const std::string& view, Scene& scene, const std::string& colour, const Selection& selection) {
    scene.viewOptions[view]["colour"] = colour;
    scene.selection = selection;
    const Unlike same = unlike(drawn(view, scene, true), drawn(view, scene, false));
    const std::string found =
        view + ", " + colour + ": mean " + std::to_string(same.mean) + ", share " + std::to_string(same.share);
    QVERIFY2(same.mean < 0.4 && same.share < 0.004, found.c_str());
  }

 private Q_SLOTS:
  void initTestCase() { offscreen_ = std::make_unique<Offscreen>(); }

  void the_shader_draws_what_the_processor_draws_data() {
    QTest::addColumn<std::string>("rule");
    QTest::addColumn<float>("concentration");
    QTest::addColumn<int>("experts");
    for (const char* rule : {"soft", "top-1", "top-2", "top-9", "top-p", "threshold", "trained", "biased", "affinity", "capacity",
                             "expert choice", "Bingham", "posterior"})
      for (const int experts : {12, 70}) QTest::addRow("%s, %d experts", rule, experts) << std::string(rule) << 1.7f << experts;
    for (const char* rule : {"soft", "top-2", "top-p", "trained"})
      for (const float concentration : {0.0f, 0.3f, 1.0f, 40.0f}) {
        const int experts = 5;
        QTest::addRow("%s, concentration %g, %d experts", rule, concentration, experts)
            << std::string(rule) << concentration << experts;
      }
  }
  void the_shader_draws_what_the_processor_draws() {
    QFETCH(std::string, rule);
    QFETCH(float, concentration);
    QFETCH(int, experts);
    testing::PlantedShape shape;
    shape.experts = experts;
    const auto snapshot = testing::plantedSnapshot(shape);
    LayerSnapshot& layer = snapshot->layers[0];
    Lens lens;
    lens.concentration = concentration;
    const auto topK = [&](int k) { lens.gating = {GatingPolicy::TopK, k}; };
    const auto trained = [&](TrainedRule::Choice choice, int k) {
      layer.rule.choice = choice;
      layer.rule.chosen = k;
    };
    if (rule == "soft") lens.gating.policy = GatingPolicy::Soft;
    if (rule == "top-1") topK(1);
    if (rule == "top-2") topK(2);
    if (rule == "top-9") topK(9);
    if (rule == "top-p") lens.gating = {GatingPolicy::TopP, 2, 0.7f};
    if (rule == "threshold") lens.gating = {GatingPolicy::Threshold, 2, 0.9f, 0.2f};
    if (rule == "Bingham") lens.reading = ConcentrationReading::Bingham;
    if (rule == "trained") trained(TrainedRule::Choice::PerToken, 2);
    if (rule == "expert choice") trained(TrainedRule::Choice::PerExpert, 2);
    if (rule == "posterior") layer.posteriorScores = layer.scores.rowwise().reverse();
    if (rule == "biased" || rule == "affinity" || rule == "capacity") {
      trained(TrainedRule::Choice::PerToken, 3);
      layer.rule.choiceBias = Eigen::VectorXf::LinSpaced(experts, -0.2f, 0.2f);
      layer.rule.renormalised = rule == "biased";
      layer.rule.rankedByAffinity = layer.rule.affinityGates = rule == "affinity";
      layer.rule.scaling = 2.5f;
      if (rule == "capacity") layer.rule.capacityFactor = 0.8;
      if (rule == "affinity") layer.scores = layer.scores * 0.2f;  // exp(logit) stays a float
    }
    Scene scene = sceneThrough(snapshot, lens);
    for (const std::string view : {"score_polygon", "expert_subspaces"})
      for (const auto& [colour, selection] :
           {std::pair{std::string("expert"), Selection{}}, std::pair{std::string("entropy"), Selection{{1, 3}, {}, {2}}}})
        compareBoth(view, scene, colour, selection);
  }

  void every_colour_and_selection_is_drawn_alike() {
    Lens lens;
    lens.gating = {GatingPolicy::TopK, 2};
    Scene scene = sceneThrough(testing::plantedSnapshot(), lens);
    for (const std::string view : {"score_polygon", "expert_subspaces"})
      for (const std::string colour : {"expert", "domain", "entropy"})
        for (const Selection& selection : {Selection{{}, {7}, {}}, Selection{{}, {7, 8, 9, 200}, {}}, Selection{{2}, {5}, {}}})
          compareBoth(view, scene, colour, selection);
  }

  void corners_anywhere_are_drawn_alike() {
    Lens lens;
    lens.gating = {GatingPolicy::TopK, 2};
    Scene scene = sceneThrough(testing::plantedSnapshot(), lens);
    for (const std::string corners : {"similar", "plane"}) {
      scene.viewOptions["score_polygon"]["corners"] = corners;
      compareBoth("score_polygon", scene, "expert", {});
    }
  }

  void a_picture_at_another_concentration_is_told_apart() {
    const auto snapshot = testing::plantedSnapshot();
    Lens one, other;
    one.gating.policy = other.gating.policy = GatingPolicy::Soft;
    other.concentration = 1.2f;
    const Unlike wrong = unlike(drawn("score_polygon", sceneThrough(snapshot, one), true),
                                drawn("score_polygon", sceneThrough(snapshot, other), false));
    QVERIFY2(wrong.mean > 0.8 && wrong.share > 0.004, (std::to_string(wrong.mean) + ", " + std::to_string(wrong.share)).c_str());
  }

  void a_software_renderer_leaves_the_tokens_to_the_processor() {
    for (const std::string name : {"score_polygon", "expert_subspaces"}) {
      const auto view = viewOf(name);
      const vtkNew<vtkRenderWindow> window;
      window->SetOffScreenRendering(1);
      window->SetSize(kWidth, kHeight);
      window->AddRenderer(view->renderer());
      const auto sentBy = [&](bool plain) {
        const std::size_t before = TokenCloud::of(view->renderer())->sent();
        Theme theme;
        theme.plainClouds = plain;
        view->update(sceneThrough(testing::plantedSnapshot(), {}), theme);
        window->Render();
        return TokenCloud::of(view->renderer())->sent() - before;
      };
      const auto handedToCloud = [&] {  // a picture
        const vtkMTimeType before = TokenCloud::of(view->renderer())->GetMTime();
        sentBy(false);
        return TokenCloud::of(view->renderer())->GetMTime() > before;
      };
      const std::size_t chosen = sentBy(false);
      const bool software = std::string(window->ReportCapabilities()).find("llvmpipe") != std::string::npos;
      QCOMPARE(chosen == 0, software);
      QCOMPARE(handedToCloud(), !software);  // what it refused once it is spared
      QCOMPARE(TokenCloud::drawback(window).find("llvmpipe is a software renderer") == 0, software);
      TokenCloud::of(view->renderer())->drawOnAnyRenderer();
      QCOMPARE(sentBy(true), std::size_t{0});
      QVERIFY(sentBy(false) > 0);
      QVERIFY(handedToCloud());
      window->RemoveRenderer(view->renderer());
    }
  }

  void a_moved_slider_sends_nothing_and_another_snapshot_its_scores() {
    for (const std::string name : {"score_polygon", "expert_subspaces"}) {
      testing::PlantedShape shape;
      shape.experts = 32;  // scores are more than what else is sent of a token
      const auto snapshot = testing::plantedSnapshot(shape), later = testing::plantedSnapshot(shape);
      const auto view = viewOf(name);
      const vtkNew<vtkRenderWindow> window;
      window->SetOffScreenRendering(1);
      window->SetSize(kWidth, kHeight);
      window->AddRenderer(view->renderer());
      TokenCloud::of(view->renderer())->drawOnAnyRenderer();
      const auto sentFor = [&](const Scene& scene) {
        const std::size_t before = TokenCloud::of(view->renderer())->sent();
        view->update(scene, Theme{});
        window->Render();
        return TokenCloud::of(view->renderer())->sent() - before;
      };
      Lens lens;
      lens.gating = {GatingPolicy::TopK, 2};
      const std::size_t scores = static_cast<std::size_t>(snapshot->layers[0].scores.size()) * sizeof(float);
      QVERIFY(sentFor(sceneThrough(snapshot, lens)) > scores);
      QVERIFY(TokenCloud::fault(window).empty());
      for (const float concentration : {0.3f, 2.0f, 5.0f}) {
        lens.concentration = concentration;
        QCOMPARE(sentFor(sceneThrough(snapshot, lens)), std::size_t{0});
      }
      lens.gating = {GatingPolicy::TopP, 2, 0.6f};
      QCOMPARE(sentFor(sceneThrough(snapshot, lens)), std::size_t{0});
      lens.layer = 1;
      QVERIFY(sentFor(sceneThrough(snapshot, lens)) >= scores);
      lens.layer = 0;
      QVERIFY(sentFor(sceneThrough(snapshot, lens)) < scores);  // its scores lie there still
      QVERIFY(sentFor(sceneThrough(later, lens)) >= scores);
      window->RemoveRenderer(view->renderer());
    }
  }

  void what_the_shader_does_not_take_is_drawn_by_the_processor() {
    testing::PlantedShape shape;
    shape.experts = kMostCloudExperts + 1;
    shape.tokens = 256;
    shape.dimension = 8;
    shape.rank = 1;
    Lens lens;
    lens.concentration = 0.2f;
    const Scene scene = sceneThrough(testing::plantedSnapshot(shape), lens);
    for (const std::string name : {"score_polygon", "expert_subspaces"}) {
      const Unlike same = unlike(drawn(name, scene, true), drawn(name, scene, false));
      QVERIFY2(same.mean < 0.01 && same.share == 0.0,
               (name + ": " + std::to_string(same.mean) + ", " + std::to_string(same.share)).c_str());
    }
  }
};

MOESCOPE_TEST(TestTokenClouds)
#include "test_token_clouds.moc"
