// Every view of 4 to 512 experts: something is drawn, as shapes that have an extent, with words that can be told apart.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/offscreen.h"

using namespace moescope;

namespace {

constexpr int kWidth = 640, kHeight = 430;
/// A matrix of 512 experts has 262,144 cells, a shape each.
constexpr std::size_t kMostShapes = 400000, kMostNames = 120;

const Scene& sceneOf(int experts) {
  static std::map<int, Scene> scenes;
  if (const auto found = scenes.find(experts); found != scenes.end()) return found->second;
  testing::PlantedShape shape;
  shape.experts = experts;
  shape.tokens = 1024;
  shape.rank = 2;
  shape.dimension = 24;
  shape.domains = 4;
  Scene scene = testing::sceneOf(testing::plantedSnapshot(shape), 0.7f);
  return scenes.emplace(experts, std::move(scene)).first->second;
}

/// Twice the area of a polygon.
double areaOf(const std::vector<Point>& points) {
  double sum = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point &a = points[i], &b = points[(i + 1) % points.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::abs(sum);
}

/// Filled shapes that show nothing, for want of width or height.
std::size_t emptyShapes(const VectorDrawing& drawing) {
  return static_cast<std::size_t>(std::count_if(drawing.shapes.begin(), drawing.shapes.end(), [](const DrawnShape& shape) {
    return shape.thickness == 0.0 && shape.radius == 0.0 && shape.points.size() > 2 && areaOf(shape.points) <= 0.0;
  }));
}

bool says(const VectorDrawing& drawing, const std::string& words) {
  return std::any_of(drawing.texts.begin(), drawing.texts.end(),
                     [&](const DrawnText& text) { return text.words.find(words) != std::string::npos; });
}

}  // namespace

class TestManyExperts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_view_draws_any_number_of_experts_data() {
    QTest::addColumn<int>("experts");
    for (const int experts : {4, 16, 64, 256, 512}) QTest::addRow("%d experts", experts) << experts;
  }
  void every_view_draws_any_number_of_experts() {
    QFETCH(int, experts);
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto view = declaration.make();
      const VectorDrawing drawing = drawingOf(*view, sceneOf(experts), Theme{}, kWidth, kHeight);
      QVERIFY2(!says(drawing, "cannot be drawn"), declaration.name.c_str());
      QVERIFY2(drawing.shapes.size() < kMostShapes,
               (declaration.name + ": " + std::to_string(drawing.shapes.size()) + " shapes").c_str());
      QVERIFY2(drawing.texts.size() < kMostNames || experts <= 64,
               (declaration.name + ": " + std::to_string(drawing.texts.size()) + " texts").c_str());
      // Bars of a value of 0 have no height; but most of what a view draws can be seen.
      QVERIFY2(emptyShapes(drawing) * 4 < drawing.shapes.size() + 4,
               (declaration.name + ": " + std::to_string(emptyShapes(drawing)) + " of " + std::to_string(drawing.shapes.size()) +
                " shapes have no extent")
                   .c_str());
    }
  }

  void a_selected_expert_is_named_among_all() {
    for (const int experts : {256, 512}) {
      Scene scene = sceneOf(experts);
      scene.selection = {{137}, {}, {}};
      for (const std::string name : {"score_polygon", "load_bars", "score_heatmap", "grassmann_embedding", "expert_spectra",
                                     "jacobian_alignment", "coupling_matrix"})
        for (const ViewDeclaration& declaration : viewRegistry())
          if (declaration.name == name)
            QVERIFY2(says(drawingOf(*declaration.make(), scene, Theme{}, kWidth, kHeight), "E137"), name.c_str());
    }
  }

  void a_sample_of_the_tokens_is_said_in_every_view_of_tokens() {
    Scene scene = sceneOf(16);
    auto routing = std::make_shared<Routing>(*scene.routing);
    routing->tokens = 1048576;
    scene.routing = routing;
    for (const std::string name : {"score_polygon", "expert_subspaces", "score_heatmap", "load_bars", "token_uncertainty"})
      for (const ViewDeclaration& declaration : viewRegistry())
        if (declaration.name == name) {
          Theme theme;
          QVERIFY2(says(drawingOf(*declaration.make(), scene, theme, 900, 600), "of 1024 of 1048576 tokens"), name.c_str());
        }
    routing->measured = routing->tokens;
    for (const ViewDeclaration& declaration : viewRegistry())
      if (declaration.name == "load_bars")
        QVERIFY(says(drawingOf(*declaration.make(), scene, Theme{}, 900, 600), "1024 tokens drawn, means and loads of 1048576"));
  }
};

MOESCOPE_TEST(TestManyExperts)
#include "test_many_experts.moc"
