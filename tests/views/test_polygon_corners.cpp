// The corners of the score polygon by number, with similar experts side by side, and at the experts' places on the Grassmannian.

#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/timeline/glide.h"
#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/polygon_corners.h"
#include "views/view.h"

using namespace moescope;

namespace {

constexpr int kExperts = 8;

/// Experts e and e + 4 have nearly the same subspace, all others far ones.
Scene sceneOfPairs(const std::string& corners) {
  testing::PlantedShape shape;
  shape.experts = kExperts;
  const auto snapshot = testing::plantedSnapshot(shape);
  LayerSnapshot& layer = snapshot->layers[0];
  for (int e = 0; e < 4; ++e) {
    layer.frames[e].setZero();
    for (int j = 0; j < shape.rank; ++j) layer.frames[e](4 * e + j, j) = 1.0f;
    layer.frames[e + 4] = layer.frames[e];
    layer.frames[e + 4].col(0) *= std::cos(0.2f);
    layer.frames[e + 4](31 - e, 0) = std::sin(0.2f);
  }
  Scene scene = testing::sceneOf(snapshot, 1.0f);
  scene.viewOptions["score_polygon"]["corners"] = corners;
  return scene;
}

double apart(const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y); }

const Eigen::MatrixXd& planeOf(const Scene& scene) {
  return scene.place ? scene.place->points : *scene.tracks->layers[0].experts.trail.back();
}

DataTable tableOf(const Scene& scene) {
  for (const ViewDeclaration& each : viewRegistry())
    if (each.name == "score_polygon") return each.numbers(scene);
  return {};
}

}  // namespace

class TestPolygonCorners : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void by_number_the_first_is_at_the_top_and_the_others_follow_clockwise() {
    const PolygonCorners corners = polygonCorners(sceneOfPairs("number"));
    QVERIFY(corners.round && corners.words.empty());
    QVERIFY(apart(corners.places[0], {0.0, 1.0}) < 1e-12 && apart(corners.places[2], {1.0, 0.0}) < 1e-12);
  }

  void experts_of_similar_subspaces_stand_side_by_side() {
    const double side = 2.0 * std::sin(3.14159265358979 / kExperts);
    const PolygonCorners corners = polygonCorners(sceneOfPairs("similar")), plain = polygonCorners(sceneOfPairs("number"));
    QVERIFY(corners.round && corners.words == "similar experts side by side");
    QVERIFY(apart(corners.places[0], {0.0, 1.0}) < 1e-12);
    for (int e = 0; e < 4; ++e) {
      QVERIFY(std::abs(apart(corners.places[e], corners.places[e + 4]) - side) < 1e-9);
      QVERIFY(apart(plain.places[e], plain.places[e + 4]) > 1.9);
    }
    std::vector<int> all = corners.order;
    std::sort(all.begin(), all.end());
    for (int e = 0; e < kExperts; ++e) QCOMPARE(all[static_cast<std::size_t>(e)], e);
  }

  void on_the_grassmannian_corners_are_as_far_apart_as_in_its_plane() {
    const Scene scene = sceneOfPairs("plane");
    const PolygonCorners corners = polygonCorners(scene);
    const Eigen::MatrixXd& plane = planeOf(scene);
    QVERIFY(!corners.round);
    const double scale = apart(corners.places[0], corners.places[1]) / (plane.row(0) - plane.row(1)).norm();
    double farthest = 0.0;
    for (int e = 0; e < kExperts; ++e) {
      farthest = std::max(farthest, std::hypot(corners.places[e].x, corners.places[e].y));
      for (int f = 0; f < e; ++f)
        QVERIFY(std::abs(apart(corners.places[e], corners.places[f]) - scale * (plane.row(e) - plane.row(f)).norm()) < 1e-9);
    }
    QVERIFY(std::abs(farthest - 1.0) < 1e-9);
  }

  void a_token_stands_at_the_mean_of_the_corners_that_are_shown() {
    for (const char* choice : {"number", "similar", "plane"}) {
      const Scene scene = sceneOfPairs(choice);
      const PolygonCorners corners = polygonCorners(scene);
      const DataTable table = tableOf(scene);
      for (const int token : {0, 77, 500}) {
        const auto gates = scene.routing->gates.row(token);
        Point mean;
        for (int e = 0; e < kExperts; ++e) {
          mean.x += gates[e] / gates.sum() * corners.places[e].x;
          mean.y += gates[e] / gates.sum() * corners.places[e].y;
        }
        const auto& row = table.rows[static_cast<std::size_t>(token)];
        QVERIFY(apart(mean, {std::get<double>(row[3].value), std::get<double>(row[4].value)}) < 1e-6);
      }
    }
  }

  void without_subspaces_the_corners_stand_by_number_and_say_so() {
    Scene scene = sceneOfPairs("plane");
    scene.tracks = nullptr;
    scene.glide = nullptr;
    scene.place = nullptr;
    const PolygonCorners corners = polygonCorners(scene);
    QVERIFY(corners.round && corners.words.find("no places") != std::string::npos);
    QVERIFY(apart(corners.places[0], {0.0, 1.0}) < 1e-12);
  }
};

MOESCOPE_TEST(TestPolygonCorners)
#include "test_polygon_corners.moc"
