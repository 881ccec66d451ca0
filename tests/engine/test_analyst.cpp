// The analysis thread: what it measures and what it cannot both come on the time line.

#include <QTest>
#include <atomic>

#include "core/training/analyst.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Of one layer without experts: its three router rows alone are compared.
AnalysisInput inputAt(std::int64_t step) {
  AnalysisInput input;
  input.layer = 1;
  input.step = step;
  input.generation = 4;
  input.routerRows = RowMatrix::Random(3, 8);
  return input;
}

}  // namespace

class TestAnalyst : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void what_cannot_be_measured_is_an_entry_of_the_time_line() {
    const auto timeline = std::make_shared<Timeline>();
    std::atomic<int> told = 0;
    Analyst analyst(timeline);
    analyst.setListener([&] { ++told; });
    analyst.submit(inputAt(10), {});
    QVERIFY(QTest::qWaitFor([&] { return told == 1; }, 60000));
    QCOMPARE(timeline->analyses(4, 1).latest->step, 10);
    AnalysisInput broken = inputAt(20);
    broken.scores = RowMatrix::Zero(5, 7);  // of other tokens and experts
    analyst.submit(broken, {});
    QVERIFY(QTest::qWaitFor([&] { return told == 2; }, 60000));
    const auto failure = timeline->analyses(4, 1).failure;
    QVERIFY(failure && failure->step == 20 && failure->layer == 1 && failure->generation == 4 && !failure->what.empty());
    QCOMPARE(timeline->analyses(4, 1).latest->step, 10);
    analyst.fail({1, 30, 4, "the planted fault"});  // before there was anything to measure
    QVERIFY(QTest::qWaitFor([&] { return told == 3; }, 60000));
    QCOMPARE(timeline->analyses(4, 1).failure->what, std::string("the planted fault"));
    analyst.submit(inputAt(40), {});
    QVERIFY(QTest::qWaitFor([&] { return told == 4; }, 60000));
    QVERIFY(!timeline->analyses(4, 1).failure);
    QVERIFY(QTest::qWaitFor([&] { return analyst.idle(); }, 60000));
  }
};

MOESCOPE_TEST(TestAnalyst)
#include "test_analyst.moc"
