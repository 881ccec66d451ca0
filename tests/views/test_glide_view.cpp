// Experts that glide: one scale over a run and over both sides, points where the glide has them.

#include <QTest>
#include <cmath>
#include <vector>

#include "core/timeline/glide.h"
#include "tests/support/test_class.h"
#include "tests/support/turning_subspaces.h"
#include "views/flat_view.h"
#include "views/offscreen.h"
#include "views/registry.h"

using namespace moescope;

namespace {

constexpr int kWidth = 700, kHeight = 600;

std::unique_ptr<Offscreen> surface;

Scene sceneOf(const Timeline& timeline, std::int64_t step) {
  Scene scene = sceneAt(timeline, 1, step, {});
  scene.glide = expertGlide(timeline, 1, *scene.snapshot, 0, nullptr, {});
  scene.place = std::make_shared<const GlidePlace>(placeIn(*scene.glide, *scene.snapshot));
  return scene;
}

/// The middle of where each expert can be picked, pixels.
std::vector<Eigen::Vector2d> drawnAt(const Scene& scene) {
  const auto view = declareGrassmannEmbedding().make();
  surface->render(*view, scene, {}, kWidth, kHeight);
  const std::size_t experts = testing::kTurningExperts;
  std::vector<Eigen::Vector2d> sum(experts, Eigen::Vector2d::Zero());
  std::vector<int> count(experts, 0);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      if (const int e = view->pick(x, y).expert; e >= 0)
        sum[static_cast<std::size_t>(e)] += Eigen::Vector2d(x, y), ++count[static_cast<std::size_t>(e)];
  for (std::size_t e = 0; e < experts; ++e) sum[e] /= std::max(1, count[e]);
  return sum;
}

/// Pixels for one unit of chordal distance.
double scaleOf(const Scene& scene) {
  const auto drawn = drawnAt(scene);
  return (drawn[1] - drawn[4]).norm() / (scene.place->points.row(1) - scene.place->points.row(4)).norm();
}

}  // namespace

class TestGlideView : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { surface = std::make_unique<Offscreen>(); }
  void cleanupTestCase() { surface = nullptr; }

  void the_scale_is_one_over_the_run_and_only_what_moves_moves() {
    Timeline timeline;
    testing::turn(timeline, 9);
    const Scene first = sceneOf(timeline, 0), last = sceneOf(timeline, 80);
    const double scale = scaleOf(first);
    QVERIFY(std::abs(scaleOf(last) / scale - 1.0) < 0.01);
    const auto before = drawnAt(first), after = drawnAt(last);
    const double way = std::sqrt(2.0) * std::sin(testing::kTurn) * scale;
    for (std::size_t e = 0; e < before.size(); ++e) {
      const double moved = (after[e] - before[e]).norm();
      if (e % 2 == 0) QVERIFY2(std::abs(moved / way - 1.0) < 0.1, std::to_string(moved / way).c_str());
      if (e % 2 == 1) QVERIFY2(moved < 3.0, std::to_string(moved).c_str());
    }
  }

  void both_sides_have_one_scale() {
    Timeline little, much;
    testing::turn(little, 5, 0, 0.1);
    testing::turn(much, 5, 0, 1.4);
    Scene a = sceneOf(little, 40), b = sceneOf(much, 40);
    QVERIFY(std::abs(scaleOf(a) / scaleOf(b) - 1.0) > 0.03);
    a.beside = std::make_shared<const Scene>(b);
    b.beside = std::make_shared<const Scene>(sceneOf(little, 40));
    QVERIFY(std::abs(scaleOf(a) / scaleOf(b) - 1.0) < 0.01);
  }

  void the_numbers_are_the_points_with_both_stresses() {
    Timeline timeline;
    testing::turn(timeline, 9);
    const Scene scene = sceneOf(timeline, 40);
    const DataTable table = declareGrassmannEmbedding().numbers(scene);
    QCOMPARE(table.rows.size(), std::size_t(9 * testing::kTurningExperts));
    QCOMPARE(table.about.size(), std::size_t(4));
  }
};

MOESCOPE_TEST(TestGlideView)
#include "test_glide_view.moc"
