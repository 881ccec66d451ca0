// Pictures of a planted pair of subspaces: angles measured in pixels, from where the drawn plane faces the camera.

#include <vtkCamera.h>

#include <Eigen/Eigenvalues>
#include <QTest>
#include <cmath>
#include <numbers>
#include <set>

#include "core/reading/routing.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"
#include "views/offscreen.h"
#include "views/palette.h"

using namespace moescope;

namespace {

constexpr int kWidth = 900, kHeight = 640;
constexpr double kRadians = std::numbers::pi / 180.0;

/// Experts 2 and 5 have subspaces at these angles (degrees, rising); experts 0 and 1 at a right angle to both and each other;
/// expert 7 has one line, inside the subspace of expert 2.
std::shared_ptr<const ExpertAnalysis> plantedAngles(const std::vector<double>& degrees) {
  const auto rank = static_cast<Eigen::Index>(degrees.size());
  auto analysis = std::make_shared<ExpertAnalysis>();
  analysis->experts = 8;
  analysis->width = static_cast<int>(6 * rank);
  analysis->tokens = 512;
  analysis->settings.rank = static_cast<int>(rank);
  analysis->subspaces.assign(8, Eigen::MatrixXd(analysis->width, 0));
  for (const std::size_t e : {0u, 1u, 2u, 5u}) analysis->subspaces[e] = Eigen::MatrixXd::Zero(analysis->width, rank);
  for (Eigen::Index i = 0; i < rank; ++i) {
    const double angle = degrees[static_cast<std::size_t>(i)] * kRadians;
    analysis->subspaces[2](i, i) = 1.0;
    analysis->subspaces[5](i, i) = std::cos(angle);
    analysis->subspaces[5](rank + i, i) = std::sin(angle);
    analysis->subspaces[0](2 * rank + i, i) = 1.0;
    analysis->subspaces[1](3 * rank + i, i) = 1.0;
  }
  analysis->subspaces[7] = analysis->subspaces[2].col(0);
  analysis->withSubspace = {0, 1, 2, 5, 7};
  std::vector<Eigen::MatrixXd> bases;
  for (const int e : analysis->withSubspace) bases.push_back(analysis->subspaces[static_cast<std::size_t>(e)]);
  analysis->angles = principalAnglesOfAllPairs(bases);
  analysis->overlap = Eigen::MatrixXd::Constant(8, 8, NAN);
  for (int a = 0; a < 5; ++a)
    for (int b = 0; b < 5; ++b)
      if (a != b)
        analysis->overlap(analysis->withSubspace[static_cast<std::size_t>(a)],
                          analysis->withSubspace[static_cast<std::size_t>(b)]) =
            analysis->angles.of(a, b).array().cos().square().mean();
  return analysis;
}

Scene sceneOf(const std::vector<double>& degrees, int expert = -1, int other = -1) {
  Scene scene;
  scene.snapshot = testing::plantedSnapshot();
  scene.selection.experts.clear();
  if (expert >= 0) scene.selection.experts.push_back(expert);
  if (other >= 0) scene.selection.experts.push_back(other);
  scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
  scene.analysis = plantedAngles(degrees);
  return scene;
}

std::unique_ptr<View> pairView() {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == "subspace_pair") return view.make();
  return nullptr;
}

double distance(const Image& image, int x, int y, const Color& color) {
  const auto at = static_cast<std::size_t>(3 * (y * image.width + x));
  return std::hypot(image.pixels[at] / 255.0 - color[0], image.pixels[at + 1] / 255.0 - color[1],
                    image.pixels[at + 2] / 255.0 - color[2]);
}

/// Slope of the line of pixels of this colour below the caption, in degrees from the horizon: the direction of most spread.
double slopeOf(const Image& image, const Color& color) {
  Eigen::Matrix2d spread = Eigen::Matrix2d::Zero();
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  std::vector<Eigen::Vector2d> places;
  for (int y = kHeight / 6; y < kHeight * 5 / 6; ++y)
    for (int x = 0; x < kWidth * 6 / 10; ++x)
      if (distance(image, x, y, color) < 0.05) places.emplace_back(x, y);
  for (const Eigen::Vector2d& place : places) mean += place / static_cast<double>(places.size());
  for (const Eigen::Vector2d& place : places) spread += (place - mean) * (place - mean).transpose();
  const Eigen::Vector2d along = Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(spread).eigenvectors().col(1);
  return places.size() < 200 ? NAN : std::atan(along.y() / along.x()) / kRadians;
}

std::set<std::string> textsOf(View& view) {
  std::set<std::string> texts;
  for (int y = 0; y < kHeight; y += 3)
    for (int x = 0; x < kWidth; x += 3) texts.insert(view.pick(x, y).text);
  return texts;
}

}  // namespace

class TestSubspacePair : public QObject {
  Q_OBJECT
  std::unique_ptr<Offscreen> offscreen_;

  Image render(View& view, const Scene& scene) { return offscreen_->render(view, scene, {}, kWidth, kHeight); }

 private Q_SLOTS:
  void initTestCase() { offscreen_ = std::make_unique<Offscreen>(); }

  void lines_are_drawn_at_their_angle_to_a_pixel() {
    for (const double planted : {24.0, 50.0, 84.0}) {
      const auto view = pairView();
      vtkCamera* camera = view->renderer()->GetActiveCamera();
      camera->SetPosition(0.0, -6.0, 0.0);  // faces the plane of the first pair: azimuth 0 and the vertical
      const Image image = render(*view, sceneOf({planted}, 2, 5));
      const double first = slopeOf(image, expertColor(2, {})), second = slopeOf(image, expertColor(5, {}));
      QVERIFY2(std::abs(first - second - planted) < 1.5,
               qPrintable(QString("%1 and %2 for %3").arg(first).arg(second).arg(planted)));
    }
  }

  void a_wrong_angle_or_a_wrong_pair_is_another_picture() {
    const auto differ = [&](const Scene& a, const Scene& b) {
      const auto first = pairView(), second = pairView();
      const Image x = render(*first, a), y = render(*second, b);
      int count = 0;
      for (std::size_t i = 0; i < x.pixels.size(); i += 3)
        count += std::abs(int(x.pixels[i]) - int(y.pixels[i])) + std::abs(int(x.pixels[i + 1]) - int(y.pixels[i + 1])) > 40;
      return count;
    };
    const Scene planted = sceneOf({10.0, 40.0, 70.0}, 2, 5);
    QCOMPARE(differ(planted, sceneOf({10.0, 40.0, 70.0}, 2, 5)), 0);
    QVERIFY(differ(planted, sceneOf({10.0, 40.0, 80.0}, 2, 5)) > 500);
    QVERIFY(differ(planted, sceneOf({10.0, 50.0, 70.0}, 2, 5)) > 200);  // also a pair between the discs
    QVERIFY(differ(planted, sceneOf({10.0, 40.0, 70.0}, 0, 1)) > 500);
  }

  void the_pointer_tells_the_planted_angles_and_picks_the_pair() {
    const auto view = pairView();
    render(*view, sceneOf({10.0, 40.0, 70.0}, 2, 5));
    const std::set<std::string> texts = textsOf(*view);
    for (const char* wanted : {"E2, E5: principal angle 1 is 10.0\xc2\xb0", "E2, E5: principal angle 2 is 40.0\xc2\xb0",
                               "E2, E5: principal angle 3 is 70.0\xc2\xb0"})
      QVERIFY2(texts.contains(wanted),
               (wanted + (" not in " + std::to_string(texts.size()) + " texts, such as: " + *texts.rbegin())).c_str());
    int pairs = 0;
    for (int y = 0; y < kHeight; y += 2)
      for (int x = 0; x < kWidth; x += 2)
        if (const Pick pick = view->pick(x, y); pick.other >= 0) {
          QVERIFY(pick.expert == 2 && pick.other == 5);
          ++pairs;
        }
    QVERIFY(pairs > 50);
  }

  void with_nothing_picked_it_shows_the_pair_that_overlaps_most() {
    const auto shows = [&](const Scene& scene, const std::string& pair) {
      const auto view = pairView();
      render(*view, scene);
      for (const std::string& text : textsOf(*view))
        if (text.starts_with(pair + ": principal angle")) return true;
      return false;
    };
    QVERIFY(shows(sceneOf({10.0, 40.0}), "E2, E5"));       // the others are at right angles, or lines that lie in more easily
    QVERIFY(shows(sceneOf({10.0, 40.0}, 5), "E5, E2"));    // one expert: with the nearest to it
    QVERIFY(shows(sceneOf({10.0, 40.0}, 7, 2), "E7, E2"));  // ranks 1 and 2: one angle
    QVERIFY(shows(sceneOf({10.0, 40.0}, 5, 0), "E5, E0"));
    QVERIFY(!shows(sceneOf({10.0, 40.0}, 5, 0), "E5, E2"));
    QVERIFY(!shows(sceneOf({10.0, 40.0}, 3), "E3, E2"));   // has no subspace: says so and draws none
    QVERIFY(!shows(sceneOf({10.0, 40.0}, 2, 40), "E2"));   // there is no such expert
  }
};

MOESCOPE_TEST(TestSubspacePair)
#include "test_subspace_pair.moc"
