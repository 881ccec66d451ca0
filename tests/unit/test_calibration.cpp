// Whether a score says beforehand where an outcome is high.

#include <cmath>
#include <limits>

#include "core/metrics/calibration.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

Eigen::VectorXf vectorOf(const std::vector<float>& values) {
  return Eigen::Map<const Eigen::VectorXf>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// The definition: every pair of a high and a low outcome.
double byPairs(const Eigen::VectorXf& score, const Eigen::VectorXf& outcome, float median) {
  double above = 0.0, pairs = 0.0;
  for (Eigen::Index i = 0; i < score.size(); ++i)
    for (Eigen::Index j = 0; j < score.size(); ++j) {
      if (!(outcome[i] > median) || outcome[j] > median) continue;
      ++pairs;
      above += score[i] > score[j] ? 1.0 : score[i] == score[j] ? 0.5 : 0.0;
    }
  return above / pairs;
}

}  // namespace

class TestCalibration : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_score_that_follows_the_outcome_has_area_one() {
    const Eigen::VectorXf outcome = vectorOf({1, 5, 2, 4, 3, 6});
    QCOMPARE(areaUnderRoc(outcome, outcome), 1.0);
    QCOMPARE(areaUnderRoc(-outcome, outcome), 0.0);
    QCOMPARE(areaUnderRoc(Eigen::VectorXf::Ones(6), outcome), 0.5);
  }

  void ties_count_half_as_in_the_definition() {
    std::srand(3);
    Eigen::VectorXf score(60), outcome(60);
    for (int i = 0; i < 60; ++i)
      score[i] = static_cast<float>(std::rand() % 7), outcome[i] = static_cast<float>(std::rand() % 1000);
    std::vector<float> sorted(outcome.data(), outcome.data() + 60);
    std::sort(sorted.begin(), sorted.end());
    QVERIFY(std::fabs(areaUnderRoc(score, outcome) - byPairs(score, outcome, sorted[29])) < 1e-12);
  }

  void what_is_not_finite_is_left_out() {
    const float none = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(areaUnderRoc(vectorOf({1, 9, 2, none, 3, 4}), vectorOf({1, none, 2, 7, 3, 4})), 1.0);
    QVERIFY(std::isnan(areaUnderRoc(vectorOf({1, 2}), vectorOf({3, 3}))));  // none is above the median
    QVERIFY(std::isnan(areaUnderRoc({}, {})));
  }

  void parts_are_of_equal_number_and_sorted_by_score() {
    const std::vector<CalibrationPart> parts =
        calibrationOf(vectorOf({5, 1, 4, 2, 3, 0, 6}), vectorOf({50, 10, 40, 20, 30, 0, 60}), 3);
    QCOMPARE(parts.size(), std::size_t{3});
    QCOMPARE(parts[0].count + parts[1].count + parts[2].count, 7);
    QCOMPARE(parts[0].score, 0.5);
    QCOMPARE(parts[0].outcome, 5.0);
    QCOMPARE(parts[2].score, 5.0);
    QCOMPARE(parts[2].outcome, 50.0);
    QCOMPARE(calibrationOf(vectorOf({1}), vectorOf({1}), 10).size(), std::size_t{1});
  }
};

MOESCOPE_TEST(TestCalibration)
#include "test_calibration.moc"
