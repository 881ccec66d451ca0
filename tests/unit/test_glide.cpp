// Subspaces that turn by known angles are tracks of that length in the plane; what does not move stays.

#include <QTest>
#include <cmath>

#include "core/timeline/glide.h"
#include "tests/support/test_class.h"
#include "tests/support/turning_subspaces.h"

using namespace moescope;
using testing::kTurn, testing::turn, testing::turned;

namespace {

constexpr int kExperts = testing::kTurningExperts, kRank = testing::kTurningRank;

std::shared_ptr<const ExpertGlide> glideOver(const Timeline& timeline, const ExpertGlide* before = nullptr) {
  return expertGlide(timeline, 1, *timeline.latest().snapshot, 0, before, {});
}

double moved(const ExpertGlide& glide, int expert) {
  return (glide.moments.back().points.row(expert) - glide.moments.front().points.row(expert)).norm();
}

}  // namespace

class TestGlide : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_known_turn_is_a_track_of_that_length_and_what_rests_stays() {
    Timeline timeline;
    turn(timeline, 9);
    const auto glide = glideOver(timeline);
    QCOMPARE(glide->moments.size(), std::size_t(9));
    const double chordal = std::sqrt(static_cast<double>(kRank)) * std::sin(kTurn);
    QVERIFY(glide->stress.own < 0.05);
    QVERIFY(glide->stress.between < 0.35);
    for (int e = 0; e < kExperts; ++e) {
      if (e % 2 == 0) QVERIFY(std::abs(moved(*glide, e) / chordal - 1.0) < 0.05);
      if (e % 2 == 1) QVERIFY(moved(*glide, e) < 0.02 * chordal);
    }
  }

  void the_stress_said_is_that_of_the_points() {
    Timeline timeline;
    turn(timeline, 5);
    const auto glide = glideOver(timeline);
    double error = 0.0, size = 0.0, ownError = 0.0, ownSize = 0.0;
    for (std::size_t m = 0; m < 5; ++m)
      for (int e = 0; e < kExperts; ++e) {
        for (int f = 0; f < e; ++f) {
          const double wanted = std::sqrt(2.0);  // orthogonal planes
          const double drawn = (glide->moments[m].points.row(e) - glide->moments[m].points.row(f)).norm();
          error += (wanted - drawn) * (wanted - drawn), size += wanted * wanted;
        }
        for (std::size_t k = 0; k < m; ++k) {
          const double wanted = e % 2 ? 0.0 : std::sqrt(2.0) * std::sin(kTurn * static_cast<double>(m - k) / 4.0);
          const double drawn = (glide->moments[m].points.row(e) - glide->moments[k].points.row(e)).norm();
          ownError += (wanted - drawn) * (wanted - drawn), ownSize += wanted * wanted;
        }
      }
    QVERIFY(std::abs(glide->stress.between - std::sqrt(error / size)) < 1e-5);
    QVERIFY(std::abs(glide->stress.own - std::sqrt(ownError / ownSize)) < 1e-5);
  }

  void more_moments_do_not_make_points_jump() {
    Timeline timeline;
    turn(timeline, 9, 0, kTurn, 17);
    const auto before = glideOver(timeline);
    turn(timeline, 17, 9);
    QVERIFY(isBehind(*before, timeline.latest().snapshot->step));
    const auto now = glideOver(timeline, before.get());
    QVERIFY(!isBehind(*now, timeline.latest().snapshot->step));
    double most = 0.0;
    for (std::size_t m = 0; m < 9; ++m)
      most = std::max(most, (now->moments[m].points - before->moments[m].points).rowwise().norm().maxCoeff());
    QVERIFY(most < 0.1 * now->reach());
  }

  void of_many_moments_32_are_laid_and_the_others_stand_between_them() {
    Timeline timeline;
    turn(timeline, 100);
    const auto glide = glideOver(timeline);
    QCOMPARE(glide->moments.size(), ExpertGlide::kMost);
    QCOMPARE(glide->moments.front().step, std::int64_t(0));
    QCOMPARE(glide->moments.back().step, std::int64_t(990));
    Eigen::MatrixXd last;
    double longest = 0.0;
    for (int i = 0; i < 100; ++i) {
      const SnapshotPointer snapshot = timeline.at(1, 10 * i).snapshot;
      const GlidePlace place = placeIn(*glide, *snapshot);
      QVERIFY(place.stress.own < 0.1);
      for (const ExpertGlide::Moment& each : glide->moments)
        if (each.step == snapshot->step) QVERIFY(place.points == each.points);
      if (i > 0) longest = std::max(longest, (place.points - last).rowwise().norm().maxCoeff());
      last = place.points;
    }
    QVERIFY(longest < 2.0 * std::sqrt(2.0) * kTurn / 99);
  }

  void other_routers_and_what_is_no_number_are_left_out() {
    Timeline timeline;
    turn(timeline, 4);
    timeline.append(turned(100, kTurn, "topk"));
    QVERIFY(!glideOver(timeline));  // of this router one moment
    const SnapshotPointer last = timeline.at(1, 30).snapshot;
    const auto glide = expertGlide(timeline, 1, *last, 0, nullptr, {});
    QCOMPARE(glide->moments.size(), std::size_t(4));
    QVERIFY(!standsIn(*glide, *timeline.latest().snapshot, 0));
    auto broken = std::make_shared<Snapshot>(*last);
    broken->layers[0].frames[1](0, 0) = NAN;
    QVERIFY(standsIn(*glide, *last, 0) && !standsIn(*glide, *broken, 0));
  }
};

MOESCOPE_TEST(TestGlide)
#include "test_glide.moc"
