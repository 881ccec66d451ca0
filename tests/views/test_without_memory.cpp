// Drawing one scene and then another must give the bytes of the other alone: views remember nothing.

#include <QTest>
#include <map>

#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/offscreen.h"

using namespace moescope;

namespace {

constexpr int kWidth = 480, kHeight = 400;

std::shared_ptr<Snapshot> snapshotOf(int experts, int step, std::uint64_t generation) {
  testing::PlantedShape shape;
  shape.tokens = 128;
  shape.context = 16;
  shape.dimension = 16;
  shape.rank = 3;
  shape.experts = experts;
  shape.seed = static_cast<unsigned>(step + 1);
  auto snapshot = testing::plantedSnapshot(shape);
  snapshot->step = step;
  snapshot->generation = generation;
  return snapshot;
}

/// One run of two generations, the second with other experts, and what a window may show of it one after another.
std::map<std::string, Scene> makeScenes() {
  Timeline timeline;
  for (int step = 1; step <= 40; ++step) timeline.append(1, testing::plantedStep(step));
  for (const int step : {0, 10, 20, 30}) {
    const auto snapshot = snapshotOf(8, step, 1);
    timeline.append(SnapshotPointer(snapshot));
    timeline.append(testing::analysisOf(snapshot->layers[0], step, 1));
  }
  timeline.append(SnapshotPointer(snapshotOf(6, 0, 2)));
  std::map<std::string, Scene> scenes;
  Lens lens;
  scenes["first"] = sceneAt(timeline, 1, 0, lens);
  scenes["last"] = sceneAt(timeline, 1, 30, lens);
  scenes["selected"] = scenes["last"];
  scenes["selected"].selection = {{2, 5}, {17}, {}};
  scenes["other experts"] = sceneAt(timeline, 2, 0, lens);
  lens.layer = 1;
  lens.concentration = 4.0f;
  scenes["other layer"] = sceneAt(timeline, 1, 30, lens);
  scenes["failed"] = scenes["last"];
  scenes["failed"].analysisFailure = "the analysis of step 31 failed: a planted fault";
  const auto checkpoint = testing::asCheckpoint(*snapshotOf(8, 0, 3), "Planted");
  scenes["checkpoint"] = scenes["first"];
  scenes["checkpoint"].steps = nullptr;
  scenes["checkpoint"].analysis = nullptr;
  scenes["checkpoint"].compared = nullptr;
  scenes["checkpoint"].analysisHistory = nullptr;
  testing::showSnapshot(scenes["checkpoint"], checkpoint);
  scenes["none"] = {};
  for (auto& [name, scene] : scenes)
    if (scene.snapshot)
      scene.curve = std::make_shared<const ConcentrationCurve>(
          concentrationCurve(scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)], scene.lens.reading,
                             {0.25, 0.5, 1.0, 2.0, 4.0}));
  return scenes;
}

/// What the test must find: it draws how often it was drawn.
class Remembering : public FlatView {
  std::string title() const override { return "Remembering"; }
  void draw(const Scene& scene) override {
    say(caption(scene, ""), std::string("drawn before: ") + (before_ ? "yes" : "no")), before_ = true;
  }
  bool before_ = false;
};

}  // namespace

class TestWithoutMemory : public QObject {
  Q_OBJECT
  std::unique_ptr<Offscreen> offscreen_;
  std::map<std::string, Scene> scenes_;

  Image render(View& view, const Scene& scene) { return offscreen_->render(view, scene, {}, kWidth, kHeight); }

  /// Whether `second` drawn after `first` differs from it drawn alone.
  bool remembers(const ViewDeclaration& declaration, const std::string& first, const std::string& second) {
    const auto both = declaration.make(), alone = declaration.make();
    render(*both, scenes_.at(first));
    return render(*both, scenes_.at(second)).pixels != render(*alone, scenes_.at(second)).pixels;
  }

 private Q_SLOTS:
  void initTestCase() {
    offscreen_ = std::make_unique<Offscreen>();
    scenes_ = makeScenes();
  }

  void a_scene_after_another_is_what_it_is_alone_data() {
    QTest::addColumn<std::string>("first");
    QTest::addColumn<std::string>("second");
    const std::vector<std::pair<std::string, std::string>> pairs = {
        {"first", "last"},      {"last", "first"},         {"last", "other layer"},   {"selected", "last"},
        {"last", "selected"},   {"last", "other experts"}, {"other experts", "last"}, {"selected", "checkpoint"},
        {"checkpoint", "last"}, {"last", "none"},          {"none", "last"},          {"failed", "last"},
        {"selected", "failed"}};
    for (const auto& [first, second] : pairs) QTest::newRow((first + ", then " + second).c_str()) << first << second;
  }
  void a_scene_after_another_is_what_it_is_alone() {
    QFETCH(std::string, first);
    QFETCH(std::string, second);
    for (const ViewDeclaration& view : viewRegistry()) QVERIFY2(!remembers(view, first, second), view.name.c_str());
  }

  void a_view_that_remembers_is_found() {
    QVERIFY(remembers({"remembering", "", "", [] { return std::make_unique<Remembering>(); }}, "first", "last"));
  }

  void the_camera_is_the_users_and_gives_the_same_picture_wherever_it_is_set() {
    const Camera aside{{3.0, 1.5, 0.5}, {0.1, 0.0, -0.1}, {0.0, 0.0, 1.0}};
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto turned = declaration.make(), later = declaration.make(), plain = declaration.make();
      if (!plain->hasCamera()) continue;
      turned->setCamera(aside);
      QCOMPARE(turned->camera(), aside);
      render(*later, scenes_.at("first"));
      later->setCamera(aside);
      const Image image = render(*turned, scenes_.at("last"));
      QCOMPARE(turned->camera(), aside);  // drawing does not move it
      QVERIFY2(image.pixels == render(*later, scenes_.at("last")).pixels, declaration.name.c_str());
      QVERIFY2(image.pixels != render(*plain, scenes_.at("last")).pixels, declaration.name.c_str());
    }
  }
};

MOESCOPE_TEST(TestWithoutMemory)
#include "test_without_memory.moc"
