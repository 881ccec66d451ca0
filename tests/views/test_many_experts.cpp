// Every view of 4 to 512 experts: something is drawn, as shapes that have an extent, with words that can be told apart.

#include <vtkCamera.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/hidden_view.h"
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

const ViewDeclaration& declarationOf(const std::string& name) {
  return *std::find_if(viewRegistry().begin(), viewRegistry().end(),
                       [&](const ViewDeclaration& each) { return each.name == name; });
}

const DrawnText* textThatBegins(const VectorDrawing& drawing, const std::string& words) {
  const auto found = std::find_if(drawing.texts.begin(), drawing.texts.end(),
                                  [&](const DrawnText& text) { return text.words.starts_with(words); });
  return found == drawing.texts.end() ? nullptr : &*found;
}

/// Whether a stroke goes through a box.
bool isCrossed(const Rect& box, const DrawnShape& stroke) {
  for (std::size_t i = 1; stroke.thickness >= 1.5 && i < stroke.points.size(); ++i)
    for (double share = 0.0; share <= 1.0; share += 0.01) {
      const Point &a = stroke.points[i - 1], &b = stroke.points[i];
      if (box.contains(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))) return true;
    }
  return false;
}

Scene at(Scene scene, float concentration) {
  scene.lens.concentration = concentration;
  scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
  return scene;
}

/// Of a scene, but a tenth of its tokens lies far from the others, all on one side.
Scene withTokensFarOff() {
  const auto snapshot = std::make_shared<Snapshot>(*sceneOf(16).snapshot);
  for (LayerSnapshot& layer : snapshot->layers)
    for (Eigen::Index t = 0; t < layer.hidden.rows(); t += 10) layer.hidden(t, 0) -= 3.0f;
  return testing::sceneOf(snapshot, 1.0f);
}

/// How wide the tokens of a view stand, px, as an outline around them finds them.
double widthOfTokens(View& view, int width, int height) {
  double first = width, last = 0.0;
  const double top = height;
  for (double x = 0.0; x < width; x += 4.0)
    if (!view.within({{x, 0.0}, {x + 4.0, 0.0}, {x + 4.0, top}, {x, top}}).tokens.empty())
      first = std::min(first, x), last = x + 4.0;
  return last - first;
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

  void experts_without_a_value_do_not_bury_the_others() {
    Scene scene = sceneOf(256);
    auto analysis = std::make_shared<ExpertAnalysis>(*scene.analysis);
    analysis->leftOut.clear();
    for (int e = 40; e < 256; ++e) {
      analysis->leftOut.push_back(e);
      analysis->overlap.row(e).setConstant(NAN);
      analysis->overlap.col(e).setConstant(NAN);
    }
    scene.analysis = analysis;
    scene.selection = {{137}, {}, {}};  // has none, and is looked for
    const VectorDrawing drawing = drawingOf(*declarationOf("principal_angles").make(), scene, Theme{}, 400, 300);
    QVERIFY(says(drawing, "216 left out"));
    for (const DrawnText& text : drawing.texts)
      if (text.words.size() > 2 && text.words[0] == 'E' && std::isdigit(static_cast<unsigned char>(text.words[1])))
        QVERIFY2(std::stoi(text.words.substr(1)) < 40 || text.words == "E137", text.words.c_str());
    QVERIFY(says(drawing, "E137"));
    for (const DrawnShape& shape : drawing.shapes)  // a cell that can be seen
      if (shape.thickness == 0.0 && shape.points.size() == 4) QVERIFY(std::abs(areaOf(shape.points)) > 2.0 * 1.9 * 1.9);
  }

  void halves_of_the_jacobian_alignment_say_their_tokens_and_of_how_many_experts_they_are() {
    Scene scene = sceneOf(256);
    auto analysis = std::make_shared<ExpertAnalysis>(*scene.analysis);
    analysis->routedAlignment = Eigen::MatrixXd::Constant(256, 256, NAN);
    analysis->routedAlignment.topLeftCorner(40, 40).setConstant(0.1);
    scene.analysis = analysis;
    const auto halves = [&] {
      return says(drawingOf(*declarationOf("jacobian_alignment").make(), scene, Theme{}, 1200, 900), "own tokens (40 of 256)");
    };
    QVERIFY(halves());
    analysis->routedAlignment.resize(0, 0);
    QVERIFY(!halves());
  }

  void tokens_far_off_on_one_side_leave_no_tile_empty() {
    const Scene scene = withTokensFarOff();
    constexpr int width = 480, height = 360;
    testing::HiddenView hidden(declarationOf("expert_subspaces").make(), width, height);
    hidden.view->update(scene, Theme{});
    QVERIFY2(widthOfTokens(*hidden.view, width, height) > 0.5 * height,
             std::to_string(widthOfTokens(*hidden.view, width, height)).c_str());
    for (const double turn : {0.0, 60.0, 120.0, 180.0, 240.0, 300.0}) {
      const double angle = turn * 3.14159265358979 / 180.0;
      hidden.view->setCamera({{3.34 * std::cos(angle), 3.34 * std::sin(angle), 1.6}, {0.0, 0.0, 0.0}, {0.0, 0.0, 1.0}});
      QCOMPARE(hidden.view->within({{0, 0}, {width, 0}, {width, height}, {0, height}}).tokens.size(), std::size_t{1024});
    }
  }

  void subspaces_stand_still_while_the_concentration_moves() {
    for (const int experts : {4, 16, 64}) {
      std::vector<double> angles;
      for (const float concentration : {0.0f, 0.02f, 0.3f, 1.0f, 4.0f, 40.0f, 400.0f}) {
        const auto view = declarationOf("expert_subspaces").make();
        drawingOf(*view, at(sceneOf(experts), concentration), Theme{}, 480, 360);
        angles.push_back(view->renderer()->GetActiveCamera()->GetViewAngle());
      }
      QCOMPARE(angles, std::vector<double>(angles.size(), angles.front()));
    }
  }

  void a_rounded_nothing_has_no_sign() {
    QCOMPARE(formatted("%+.1f", 0.0), std::string("0.0"));
    QCOMPARE(formatted("matched %+.3f, 5 %%", -0.0004), std::string("matched 0.000, 5 %"));
    QCOMPARE(formatted("%+.3f", -0.0006), std::string("-0.001"));
    QVERIFY(!says(drawingOf(*declarationOf("co_activation").make(), sceneOf(16), Theme{}, 400, 300), "+0.0"));
  }

  void a_selected_expert_is_framed_in_every_map_of_cells() {
    Scene scene = sceneOf(512);
    scene.selection = {{137}, {}, {}};
    scene.lens.gating = {GatingPolicy::TopK, 2};
    scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
    for (const char* name : {"score_heatmap", "layer_map", "co_activation", "layer_transitions", "load_along", "domain_lift"}) {
      const VectorDrawing drawing = drawingOf(*declarationOf(name).make(), scene, Theme{}, 1200, 900);
      bool framed = false;
      for (const DrawnText& text : drawing.texts)
        for (const DrawnShape& shape : drawing.shapes) {
          if (text.words != "E137" || shape.points.size() != 5 || shape.color != accentColor(Theme{})) continue;
          const double left = shape.points[0].x, right = shape.points[1].x;
          framed = framed || (right - left > 4.0 && right - left < 20.0 &&
                              std::abs(0.5 * (left + right - text.box.width) - text.box.x) < 3.0);
        }
      QVERIFY2(framed, name);
    }
  }

  void words_of_the_held_out_loss_lie_on_no_curve() {
    Scene scene = sceneOf(256);
    std::vector<StepMetrics> steps;
    for (int i = 1; i <= 3; ++i) {
      steps.push_back(testing::plantedStep(i));
      steps.back().loss = 5.95 - 0.04 * i;
      steps.back().heldOutLoss = i == 2 ? NAN : 6.2 - 0.5 * i;
    }
    scene.steps = testing::seriesOf(steps);
    for (const auto& [width, height] : {std::pair{400, 300}, std::pair{1200, 900}}) {
      const VectorDrawing drawing = drawingOf(*declarationOf("training_metrics").make(), scene, Theme{}, width, height);
      const DrawnText* words = textThatBegins(drawing, "held out");
      QVERIFY(words);
      bool legible = true;
      for (const DrawnShape& shape : drawing.shapes) {  // in the order in which they are drawn: a patch hides what lies beneath
        const bool patch = shape.thickness == 0.0 && shape.points.size() == 4 && shape.opacity >= 0.75 &&
                           std::abs(shape.points[0].x - words->box.x) < 0.5 && std::abs(shape.points[0].y - words->box.y) < 0.5 &&
                           std::abs(areaOf(shape.points) - 2.0 * words->box.width * words->box.height) < 1.0;
        legible = patch || (legible && !isCrossed(words->box, shape));
      }
      QVERIFY2(legible, std::to_string(width).c_str());
    }
  }

  void words_of_the_entropy_curve_stand_apart() {
    for (const auto& [width, height] : {std::pair{400, 300}, std::pair{1200, 900}})
      for (const float concentration : {0.1f, 1.0f, 3.0f}) {
        const Scene scene = at(sceneOf(256), concentration);
        const VectorDrawing drawing = drawingOf(*declarationOf("concentration_curve").make(), scene, Theme{}, width, height);
        const DrawnText *axis = textThatBegins(drawing, "entropy, nats"), *most = textThatBegins(drawing, "log N");
        QVERIFY(axis && most);
        QVERIFY2(axis->box.y - (most->box.y + most->box.height) > 0.2 * most->box.height,
                 std::to_string(axis->box.y - most->box.y - most->box.height).c_str());
      }
  }

  void colours_of_the_heat_map_end_where_hundreds_of_experts_are_told_apart() {
    const auto ends = [](const Scene& scene) {  // what stands beside the scale: no other words there are numbers
      std::vector<std::string> ends;  // the greatest, of each size of tile
      std::size_t sizes = 0;
      for (const auto& [width, height] : {std::pair{1200, 900}, std::pair{400, 300}}) {
        const VectorDrawing drawing = drawingOf(*declarationOf("score_heatmap").make(), scene, Theme{}, width, height);
        for (const std::string end : {"1", "0.2", "0.1", "0.05", "0.02", "0.01", "0.005"})
          for (const std::string beyond : {"", "\xe2\x89\xa5 "})
            if (ends.size() == sizes && std::any_of(drawing.texts.begin(), drawing.texts.end(),
                                                    [&](const DrawnText& text) { return text.words == beyond + end; }))
              ends.push_back(beyond + end);
        ++sizes;
      }
      return ends;
    };
    const auto both = [](const std::string& end) { return std::vector<std::string>{end, end}; };  // in tiles of both sizes
    QCOMPARE(ends(at(sceneOf(8), 0.0f)), both("1"));
    QCOMPARE(ends(at(sceneOf(64), 0.0f)), both("0.1"));   // 4 / 64, rounded up
    QCOMPARE(ends(at(sceneOf(512), 0.0f)), both("0.01"));  // 4 / 512
    Scene scene = at(sceneOf(512), 0.0f);
    scene.viewOptions["score_heatmap"]["scale"] = "one";
    QCOMPARE(ends(scene), both("1"));
    // All tokens of a domain have one expert.
    auto snapshot = std::make_shared<Snapshot>(*sceneOf(512).snapshot);
    for (LayerSnapshot& layer : snapshot->layers)
      for (Eigen::Index t = 0; t < layer.scores.rows(); ++t)
        layer.scores(t, 7 + snapshot->probe->domain[static_cast<std::size_t>(t)]) += 1000.0f;
    scene = at(testing::sceneOf(snapshot, 1.0f), 1.0f);
    QCOMPARE(ends(scene), both("1"));
    Scene even = at(sceneOf(512), 0.0f);
    even.beside = std::make_shared<const Scene>(scene);
    QCOMPARE(ends(even), both("1"));  // a pair has one scale
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
