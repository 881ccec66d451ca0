// Student's t against tabulated values, intervals against hand computation.

#include <QTest>
#include <cmath>

#include "core/experiments/statistics.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestStatistics : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void quantiles_equal_the_tables() {
    const std::pair<int, double> table[] = {{1, 12.7062047362}, {2, 4.3026527297},  {3, 3.1824463053},
                                            {7, 2.3646242516},  {10, 2.2281388520}, {30, 2.0422724563}};
    for (const auto& [degrees, value] : table)
      QVERIFY2(std::abs(studentQuantile975(degrees) - value) < 1e-8, qPrintable(QString::number(degrees)));
    QVERIFY_EXCEPTION_THROWN(studentQuantile975(0), std::invalid_argument);
  }
  void interval_of_four_values() {
    const Interval interval = interval95({1.0, 2.0, 3.0, 4.0, NAN});
    QCOMPARE(interval.count, 4);
    QCOMPARE(interval.mean, 2.5);
    QVERIFY(std::abs(interval.half - 3.1824463053 * std::sqrt(5.0 / 3.0 / 4.0)) < 1e-8);
    QVERIFY(std::isnan(interval95({1.0}).half));
    QVERIFY(std::isnan(interval95({}).mean));
  }
};

MOESCOPE_TEST(TestStatistics)
#include "test_statistics.moc"
