// Pictures that go from snapshot to snapshot: turned onto the one before, begun anew where nothing can be compared.

#include <QTest>
#include <Eigen/SVD>
#include <cmath>
#include <random>

#include "core/geometry/decompositions.h"
#include "core/timeline/timeline.h"
#include "tests/support/planted_analysis.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// The planted snapshot of a step, its tokens and frames turned a little by noise of that step.
std::shared_ptr<Snapshot> moved(int step, int experts = 8, std::uint64_t generation = 1) {
  testing::PlantedShape shape;
  shape.tokens = 128;
  shape.context = 16;
  shape.dimension = 16;
  shape.experts = experts;
  shape.layers = 2;
  auto snapshot = testing::plantedSnapshot(shape);
  snapshot->step = step;
  snapshot->generation = generation;
  std::mt19937 dice(static_cast<unsigned>(step));
  std::normal_distribution<float> normal(0.0f, 0.02f);
  for (LayerSnapshot& layer : snapshot->layers) {
    for (Eigen::MatrixXf& frame : layer.frames)
      frame = orthonormalColumns(Eigen::MatrixXf(frame.unaryExpr([&](float x) { return x + normal(dice); })));
    layer.hidden = layer.hidden.unaryExpr([&](float x) { return x + normal(dice); });
  }
  return snapshot;
}

/// Whether `now` is turned onto `before` as well as can be: then now' before is symmetric and has no negative eigenvalue.
bool alignedTo(const Eigen::MatrixXd& now, const Eigen::MatrixXd& before) {
  const Eigen::MatrixXd product = now.transpose() * before;
  const double scale = product.norm();
  return (product - product.transpose()).norm() < 1e-6 * scale && symmetricEigenvalues(product).minCoeff() > -1e-6 * scale;
}

}  // namespace

class TestTracks : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void experts_glide_and_leave_a_trail_of_forty_that_is_shared() {
    Timeline timeline;
    std::shared_ptr<const SnapshotTracks> before;
    for (int i = 0; i < 45; ++i) {
      timeline.append(SnapshotPointer(moved(i)));
      const auto now = timeline.latest().tracks;
      for (std::size_t l = 0; l < 2; ++l) {
        const auto& trail = now->layers[l].experts.trail;
        QCOMPARE(trail.size(), std::size_t(std::min(40, i + 1)));
        if (!before) continue;
        const auto& last = before->layers[l].experts.trail;
        QVERIFY(trail[trail.size() - 2] == last.back());  // the same picture, not a copy
        QVERIFY(alignedTo(*trail.back(), *last.back()));
        QVERIFY((*trail.back() - *last.back()).norm() < 0.2 * last.back()->norm());
      }
      before = now;
    }
  }

  void a_trail_begins_anew_with_generation_router_and_number_of_experts() {
    Timeline timeline;
    const auto length = [&] { return timeline.latest().tracks->layers[0].experts.trail.size(); };
    timeline.append(SnapshotPointer(moved(0)));
    timeline.append(SnapshotPointer(moved(5)));
    QCOMPARE(length(), std::size_t(2));
    const auto axes = timeline.latest().tracks->layers[0].tokens.axes;
    auto other = moved(10);
    other->router = "topk";
    timeline.append(SnapshotPointer(other));
    QCOMPARE(length(), std::size_t(1));
    QVERIFY(alignedTo(timeline.latest().tracks->layers[0].tokens.axes, axes));  // the tokens are those of the same model
    timeline.append(SnapshotPointer(moved(15, 6)));
    QCOMPARE(length(), std::size_t(1));
    timeline.append(SnapshotPointer(moved(0, 6, 2)));
    QCOMPARE(length(), std::size_t(1));
    timeline.append(SnapshotPointer(moved(20, 6)));  // back to the first
    QCOMPARE(length(), std::size_t(2));
  }

  void the_same_step_again_leaves_no_second_point() {
    Timeline timeline;
    for (const int step : {0, 5}) timeline.append(SnapshotPointer(moved(step)));
    const auto once = timeline.latest().tracks;
    timeline.append(SnapshotPointer(moved(5)));
    QVERIFY(timeline.latest().tracks->layers[0].experts.trail == once->layers[0].experts.trail);  // nothing has changed
    auto other = moved(6);
    other->step = 5;
    timeline.append(SnapshotPointer(other));
    QCOMPARE(timeline.latest().tracks->layers[0].experts.trail.size(), std::size_t(2));
    QVERIFY(timeline.latest().tracks->layers[0].experts.trail[0] == once->layers[0].experts.trail[0]);
  }

  void going_back_shows_what_was_shown() {
    Timeline timeline;
    std::vector<TimelineMoment> shown;
    for (int step = 0; step < 50; step += 5) {
      timeline.append(SnapshotPointer(moved(step)));
      shown.push_back(timeline.latest());
    }
    for (const TimelineMoment& moment : shown) QVERIFY(timeline.at(1, moment.snapshot->step).tracks == moment.tracks);
  }

  void axes_hold_the_share_of_variance_that_they_say_and_do_not_jump() {
    Timeline timeline;
    Eigen::MatrixXd before;
    for (int step = 0; step < 20; step += 5) {
      const auto snapshot = moved(step);
      timeline.append(SnapshotPointer(snapshot));
      const TokenAxes& track = timeline.latest().tracks->layers[1].tokens;
      const Eigen::MatrixXd tokens = snapshot->layers[1].hidden.cast<double>();
      const Eigen::MatrixXd centred = tokens.rowwise() - tokens.colwise().mean();
      const Eigen::VectorXd variance = Eigen::JacobiSVD<Eigen::MatrixXd>(centred).singularValues().cwiseAbs2();
      QVERIFY(std::abs(track.explained - variance.head(3).sum() / variance.sum()) < 1e-9);
      QVERIFY(std::abs((centred * track.axes).squaredNorm() / variance.sum() - track.explained) < 1e-9);
      QVERIFY((track.axes.transpose() * track.axes - Eigen::Matrix3d::Identity()).norm() < 1e-9);
      QVERIFY((track.coordinates.cast<double>() - centred * track.axes).cwiseAbs().maxCoeff() < 1e-5);
      if (before.size() > 0) QVERIFY(alignedTo(track.axes, before));
      before = track.axes;
    }
  }

  void the_three_embeddings_are_of_the_router_until_there_is_an_analysis() {
    Timeline timeline;
    const auto snapshot = moved(0);
    timeline.append(SnapshotPointer(snapshot));
    const auto first = timeline.latest().tracks->layers[0].compared;
    QCOMPARE(first->what, std::string("router frames"));
    QVERIFY(alignedTo(first->smacof.points, first->classical.points));
    timeline.append(testing::analysisOf(snapshot->layers[0], 0, 1));
    const auto of = timeline.analyses(1, 0).compared;
    QCOMPARE(of->what, std::string("subspaces of routed tokens, step 0"));
    timeline.append(SnapshotPointer(moved(5)));
    QVERIFY(!timeline.latest().tracks->layers[0].compared);
    QVERIFY(timeline.latest().tracks->layers[1].compared);  // of which there is none
    timeline.append(testing::analysisOf(moved(5)->layers[0], 5, 1));
    const auto next = timeline.analyses(1, 0).compared;
    QCOMPARE(next->experts, of->experts);
    QVERIFY(alignedTo(next->classical.points, of->classical.points));
    QVERIFY(alignedTo(next->smacof.points, of->smacof.points));
    QVERIFY(alignedTo(next->diffusion.plane.points, of->diffusion.plane.points));
  }

  void what_is_no_number_is_said_and_the_other_tracks_go_on() {
    Timeline timeline;
    auto broken = moved(0);
    broken->layers[0].hidden(3, 2) = NAN;
    broken->layers[1].frames[2](0, 0) = NAN;
    timeline.append(SnapshotPointer(broken));
    const auto tracks = timeline.latest().tracks;
    QCOMPARE(tracks->layers[0].tokens.failure, std::string("the routing tokens hold values that are not numbers"));
    QVERIFY(tracks->layers[0].experts.failure.empty() && tracks->layers[1].tokens.failure.empty());
    QVERIFY(tracks->layers[1].experts.failure.find("not numbers") != std::string::npos);
    QVERIFY(!tracks->layers[1].compared->failure.empty());
    timeline.append(SnapshotPointer(moved(5)));  // and is mended by the next snapshot
    QVERIFY(timeline.latest().tracks->layers[0].tokens.failure.empty() &&
            timeline.latest().tracks->layers[1].experts.failure.empty());
    QCOMPARE(timeline.latest().tracks->layers[1].experts.trail.size(), std::size_t(1));
  }
};

MOESCOPE_TEST(TestTracks)
#include "test_tracks.moc"
