#include <QTest>
#include <cmath>
#include <numbers>

#include "core/geometry/random_angles.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestRandomAngles : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void lines_in_the_plane_meet_at_uniform_angles() {
    const RandomAngles angles = simulateRandomAngles(2, 1);
    const double right = std::numbers::pi / 2;
    QVERIFY(std::abs(angles.mean[0] / right - 0.5) < 0.08);
    QVERIFY(std::abs(angles.low[0] / right - 0.05) < 0.04);
    QVERIFY(std::abs(angles.high[0] / right - 0.95) < 0.04);
  }

  void cosines_of_lines_have_the_mean_of_the_beta_distribution() {
    // cos^2 is Beta(1/2, (d - 1)/2), so E cos = Gamma(d/2) / (sqrt(pi) Gamma((d + 1)/2)); near pi/2 the angle is pi/2 - cos.
    const double d = 200.0;
    const double wanted = std::exp(std::lgamma(d / 2) - std::lgamma((d + 1) / 2)) / std::sqrt(std::numbers::pi);
    QVERIFY(std::abs(std::numbers::pi / 2 - simulateRandomAngles(200, 1).mean[0] - wanted) < 0.15 * wanted);
  }

  void distances_have_the_mean_that_the_trace_of_a_random_projector_gives() {
    // E sum cos^2 = r^2 / d, so E mean cos^2 = r / d and E chordal^2 = r (1 - r / d).
    const double d = 40.0, r = 3.0;
    const RandomAngles angles = simulateRandomAngles(40, 3);
    QVERIFY(std::abs(angles.overlap.mean / (r / d) - 1.0) < 0.08);
    QVERIFY(std::abs(angles.chordal.mean / std::sqrt(r * (1.0 - r / d)) - 1.0) < 0.01);
    QVERIFY(angles.chordal.low < angles.chordal.mean && angles.chordal.mean < angles.chordal.high &&
            angles.chordal.high < std::sqrt(r));
    const RandomAngles lines = simulateRandomAngles(2, 1);  // one angle: it is the geodesic distance
    QCOMPARE(lines.geodesic.mean, lines.mean[0]);
    QCOMPARE(lines.geodesic.low, lines.low[0]);
    QCOMPARE(lines.geodesic.high, lines.high[0]);
  }

  void angles_rise_inside_their_band_and_the_whole_space_has_none() {
    const RandomAngles angles = simulateRandomAngles(64, 4);
    for (int i = 0; i < 4; ++i) QVERIFY(angles.low[i] < angles.mean[i] && angles.mean[i] < angles.high[i]);
    for (int i = 1; i < 4; ++i) QVERIFY(angles.mean[i] > angles.mean[i - 1]);
    QVERIFY(simulateRandomAngles(5, 5).high.maxCoeff() < 1e-12);
    QVERIFY_EXCEPTION_THROWN(simulateRandomAngles(3, 4), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestRandomAngles)
#include "test_random_angles.moc"
