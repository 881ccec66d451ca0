// Verdicts against intervals computed by hand, and the CSV against RFC 4180.

#include <QTest>
#include <cmath>

#include "core/experiments/finding.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestFinding : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void verdict_follows_the_interval_not_the_mean() {
    // mean 2.5, half 3.1824 * sqrt(5/3/4) = 2.0543: the interval is (0.4457, 4.5543)
    const std::vector<double> values = {1.0, 2.0, 3.0, 4.0};
    QCOMPARE(intervalAbove(0.44, "x", values).verdict, std::string("reproduced"));
    QCOMPARE(intervalAbove(0.45, "x", values).verdict, std::string("undecided"));
    QCOMPARE(intervalAbove(4.56, "x", values).verdict, std::string("not reproduced"));
    QCOMPARE(intervalBelow(4.56, "x", values).verdict, std::string("reproduced"));
    QCOMPARE(intervalBelow(4.55, "x", values).verdict, std::string("undecided"));
    QCOMPARE(intervalBelow(0.44, "x", values).verdict, std::string("not reproduced"));
  }
  void one_seed_or_none_decides_nothing() {
    QCOMPARE(intervalAbove(0.0, "x", {5.0}).verdict, std::string("undecided"));
    QCOMPARE(intervalBelow(0.0, "x", {NAN, NAN}).verdict, std::string("undecided"));
    QCOMPARE(noSeedCollapses({NAN}, {NAN}).verdict, std::string("undecided"));
    QCOMPARE(neverViolated("rises", "r", {NAN}, {NAN}).verdict, std::string("undecided"));
  }
  void a_single_collapsed_seed_refutes_that_none_collapses() {
    QCOMPARE(noSeedCollapses({0.0, 1.0, 0.0, NAN}, {0.0, 0.0, 0.0, NAN}).verdict, std::string("not reproduced"));
    QCOMPARE(noSeedCollapses({0.0, 0.0, NAN}, {0.0, 0.0, NAN}).verdict, std::string("reproduced"));
    QCOMPARE(noSeedCollapses({0.0, 1.0, 0.0, NAN}, {0.0, 0.0, 0.0, NAN}).measured,
             std::string("1 of 3 seeds (hard load), 0 (soft load)"));
  }
  void most_means_more_than_half() {
    QCOMPARE(mostSeedsCollapse({1.0, 1.0, 0.0, 0.0}, {}).verdict, std::string("undecided"));
    QCOMPARE(mostSeedsCollapse({1.0, 1.0, 1.0, 0.0}, {}).verdict, std::string("reproduced"));
    QCOMPARE(mostSeedsCollapse({0.0, 0.0}, {}).verdict, std::string("not reproduced"));
  }
  void csv_quotes_and_keeps_every_seed() {
    Finding finding = intervalAbove(0.0, "x", {1.5, NAN, 2.5});
    finding.claim = "a \"b\", c";
    const std::string csv = findingsCsv("planted", {finding});
    QVERIFY(csv.find("\n\"planted\",\"a ") != std::string::npos);
    QVERIFY(csv.find("\"a \"\"b\"\", c\"") != std::string::npos);
    QVERIFY(csv.find("\"1.5 nan 2.5\"") != std::string::npos);
  }
};

MOESCOPE_TEST(TestFinding)
#include "test_finding.moc"
