// Bounded step metrics against the same numbers kept whole.

#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/timeline/step_series.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Two layers; noise by a rule of its own, a spike up and one down, another router after a third, a held-out loss now and then.
StepMetrics stepOf(std::int64_t i, std::int64_t count) {
  StepMetrics step;
  step.step = i;
  step.loss = 3.0 + std::sin(0.37 * static_cast<double>(i)) + (i == count / 2 ? 50.0 : 0.0) - (i == count / 2 + 7 ? 90.0 : 0.0);
  step.heldOutLoss = i % 1000 == 0 ? 2.0 + 1.0 / static_cast<double>(i) : NAN;
  step.router = i <= count / 3 ? "grmoe" : "topk";
  for (int layer = 0; layer < 2; ++layer) {
    step.entropy.push_back(0.5 * layer + std::cos(0.11 * static_cast<double>(i)));
    for (auto* values : {&step.effectiveExperts, &step.loadVariation, &step.maxViolation, &step.dropped}) values->push_back(1.0);
    step.auxiliaryLoss.push_back(i <= count / 3 ? 0.25 : 0.0);
  }
  return step;
}

StepSeries recorded(std::int64_t count) {
  StepRecorder recorder;
  for (std::int64_t i = 1; i <= count; ++i) recorder.append(stepOf(i, count));
  return recorder.series();
}

const std::size_t kLoss = stepQuantity("loss_nats_per_byte"), kHeldOut = stepQuantity("held_out_loss_nats_per_byte"),
                  kEntropy = stepQuantity("entropy_nats"), kAuxiliary = stepQuantity("auxiliary_loss");

}  // namespace

class TestStepSeries : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_bucket_holds_what_its_steps_were_data() {
    QTest::addColumn<qint64>("count");
    for (const qint64 count : {1, 2, 2047, 2048, 2049, 4097, 123457}) QTest::newRow(std::to_string(count).c_str()) << count;
  }
  void every_bucket_holds_what_its_steps_were() {
    QFETCH(qint64, count);
    const StepSeries series = recorded(count);
    QCOMPARE(series.steps(), count);
    QVERIFY(series.buckets() <= StepRecorder::kMostBuckets);
    QVERIFY(count < 2 * static_cast<qint64>(StepRecorder::kMostBuckets) || series.buckets() >= StepRecorder::kMostBuckets / 2);
    std::int64_t next = 1;
    for (std::size_t b = 0; b < series.buckets(); ++b) {
      QCOMPARE(series.bucket(b).first, next);
      double least = INFINITY, most = -INFINITY, sum = 0.0;
      for (std::int64_t i = series.bucket(b).first; i <= series.bucket(b).last; ++i) {
        const double value = stepOf(i, count).entropy[1];
        least = std::min(least, value), most = std::max(most, value), sum += value;
      }
      next = series.bucket(b).last + 1;
      const StepCell& cell = series.cell(b, kEntropy, 1);
      QCOMPARE(cell.minimum, least);
      QCOMPARE(cell.maximum, most);
      QVERIFY(std::abs(cell.sum - sum) < 1e-9 * static_cast<double>(cell.finite));
      QCOMPARE(static_cast<std::int64_t>(cell.finite), next - series.bucket(b).first);
      QCOMPARE(cell.lastStep, next - 1);
      QCOMPARE(cell.last, stepOf(next - 1, count).entropy[1]);
    }
    QCOMPARE(next, count + 1);
  }

  void a_single_spike_stays_in_every_curve_however_long_the_run() {
    const std::int64_t count = 300000;
    const StepSeries series = recorded(count);
    for (const std::size_t most : {2048u, 300u, 7u}) {
      const auto curve = series.curve(kLoss, 0, most);
      QVERIFY(curve.size() <= most);
      double up = 0.0, down = 0.0;
      for (const auto& [steps, cell] : curve) {
        if (steps.first <= count / 2 && count / 2 <= steps.last) up = cell.maximum;
        if (steps.first <= count / 2 + 7 && count / 2 + 7 <= steps.last) down = cell.minimum;
      }
      QCOMPARE(up, stepOf(count / 2, count).loss);
      QCOMPARE(down, stepOf(count / 2 + 7, count).loss);
    }
  }

  void the_trend_is_an_exponential_mean_that_starts_anew_with_a_router() {
    const std::int64_t count = 9000;
    const StepSeries series = recorded(count);
    double mean = 0.0;
    for (std::int64_t i = count / 3 + 1; i <= count; ++i) {  // the router before has no part in it
      const double loss = stepOf(i, count).loss;
      mean = i == count / 3 + 1 ? loss : 0.92 * mean + 0.08 * loss;
    }
    QVERIFY(std::abs(series.cell(series.buckets() - 1, kLoss, 0).trend - mean) < 1e-12);
    QCOMPARE(series.switches().size(), std::size_t(1));
    QCOMPARE(series.switches()[0].step, count / 3 + 1);
    QCOMPARE(series.switches()[0].from + " " + series.switches()[0].to, std::string("grmoe topk"));
  }

  void held_out_losses_and_what_there_is_none_of_are_no_part_of_a_mean() {
    const std::int64_t count = 30000;
    const StepSeries series = recorded(count);
    std::uint32_t measured = 0;
    for (const auto& [steps, cell] : series.curve(kHeldOut, 0, 2048)) {
      measured += cell.finite;
      if (cell.lastStep < 0) continue;
      QCOMPARE(cell.lastStep % 1000, 0);
      QCOMPARE(cell.last, 2.0 + 1.0 / static_cast<double>(cell.lastStep));
    }
    QCOMPARE(measured, 30u);
    for (const auto& [steps, cell] : series.curve(kAuxiliary, 0, 2048)) {
      QVERIFY(cell.finite == 0 || cell.mean() == 0.25);
      QVERIFY(steps.first <= count / 3 || std::isnan(cell.trend));
    }
  }

  void what_was_measured_at_a_step_is_told_only_where_it_can_be() {
    const StepSeries each = recorded(1500);
    QVERIFY(each.measuredAt(kHeldOut, 0, 1000) == 2.0 + 1.0 / 1000.0);
    QVERIFY(!each.measuredAt(kHeldOut, 0, 999) && !each.measuredAt(kHeldOut, 0, 1001) && !each.measuredAt(kHeldOut, 0, 5000));
    QVERIFY(each.measuredAt(kLoss, 0, 1) && each.measuredAt(kLoss, 0, 1500) && !each.measuredAt(kLoss, 0, 0));
    const StepSeries joined = recorded(30000);  // sixteen steps a bucket
    QVERIFY(joined.measuredAt(kHeldOut, 0, 7000) == 2.0 + 1.0 / 7000.0);  // the only one of its bucket
    QVERIFY(!joined.measuredAt(kLoss, 0, joined.bucket(3).first) && joined.measuredAt(kLoss, 0, joined.bucket(3).last));
    QVERIFY(!StepSeries().measuredAt(kLoss, 0, 1));
  }

  void values_that_are_no_numbers_are_counted_and_spoil_no_mean() {
    StepRecorder recorder;
    for (std::int64_t i = 1; i <= 5000; ++i) {
      StepMetrics step = stepOf(i, 5000);
      if (i == 1000) step.loss = NAN;
      if (i == 1001) step.loss = INFINITY;
      recorder.append(step);
    }
    const StepSeries series = recorder.series();
    std::uint32_t finite = 0, notFinite = 0;
    for (const auto& [steps, cell] : series.curve(kLoss, 0, 2048)) {
      finite += cell.finite, notFinite += cell.notFinite;
      QVERIFY(cell.finite == 0 || std::isfinite(cell.mean()));
    }
    QCOMPARE(finite, 4998u);
    QCOMPARE(notFinite, 2u);
  }

  void three_million_steps_of_two_layers_stay_small() {
    StepRecorder recorder;
    StepMetrics step = stepOf(1, 3000000);
    std::size_t most = 0;
    for (step.step = 1; step.step <= 3000000; ++step.step) {
      recorder.append(step);
      if (step.step % 4096 == 0) most = std::max(most, recorder.bytes());
    }
    QCOMPARE(recorder.series().steps(), 3000000);
    QVERIFY2(most < (3u << 20), std::to_string(most).c_str());
  }

  void a_step_that_does_not_follow_and_a_quantity_that_there_is_not_are_refused() {
    StepRecorder recorder;
    recorder.append(stepOf(5, 10));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, recorder.append(stepOf(5, 10)));
    QCOMPARE(recorder.series().steps(), 1);
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, recorder.series().cell(0, kEntropy, 2));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, recorder.series().cell(1, kLoss, 0));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, stepQuantity("no_such_quantity"));
  }
};

MOESCOPE_TEST(TestStepSeries)
#include "test_step_series.moc"
