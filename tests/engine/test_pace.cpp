// Two engines that keep pace: neither is ahead by more than a snapshot, both show the same steps, and each computes what it does
// alone.

#include <QTest>
#include <atomic>

#include "core/training/engine.h"
#include "core/training/pace.h"
#include "core/training/trainer.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr int kEvery = 4, kSteps = 40;

Knobs knobsOf(const std::string& router, int batch) {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.experts = 4;
  knobs.expertWidth = 32;
  knobs.context = 32;
  knobs.probeTokens = 256;
  knobs.batch = batch;
  knobs.snapshotEvery = kEvery;
  return knobs;
}

std::vector<double> lossesAlone(const Knobs& knobs) {
  Trainer trainer(knobs, Dispatch::Fused, 1);
  std::vector<double> losses;
  for (int i = 0; i < kSteps; ++i) losses.push_back(trainer.step().loss);
  return losses;
}

std::vector<double> lossesOf(const Engine& engine) {
  const StepSeries steps = *engine.timeline()->steps(engine.latest()->generation);
  std::vector<double> losses;
  for (std::size_t i = 0; i < steps.buckets(); ++i) losses.push_back(steps.cell(i, stepQuantity("loss_nats_per_byte"), 0).last);
  return losses;
}

bool reaches(const Engine& engine, std::int64_t step) {
  return QTest::qWaitFor(
      [&] { return engine.latest() && engine.latest()->step == step && engine.status().state == EngineState::Paused; }, 60000);
}

}  // namespace

class TestPace : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_runner_waits_at_the_next_common_snapshot_of_the_slower_one() {
    Pace pace;
    QVERIFY(pace.mayStep(0, 1000));  // the other one is not there
    pace.report(0, 7, 5);
    pace.report(1, 3, 2);
    QCOMPARE(pace.every(), 5);
    QVERIFY(!pace.mayStep(0, 7));  // not beyond 5 while the other is at 3
    QVERIFY(pace.mayStep(1, 3));
    pace.report(1, 5, 2);
    QVERIFY(pace.mayStep(0, 7));
    QVERIFY(pace.mayStep(0, 9));
    QVERIFY(!pace.mayStep(0, 10));
    pace.enter(1, {});
    QVERIFY(pace.mayStep(0, 10));
  }

  void a_report_wakes_the_other_runner_only() {
    Pace pace;
    int woken[2] = {0, 0};
    pace.enter(0, [&] { ++woken[0]; });
    pace.enter(1, [&] { ++woken[1]; });
    pace.report(0, 3, 1);
    pace.report(0, 3, 1);  // nothing new
    QCOMPARE(woken[0], 0);
    QCOMPARE(woken[1], 1);
    pace.enter(1, {});
    pace.report(0, 4, 1);
    QCOMPARE(woken[1], 1);
  }

  void engines_in_step_give_what_each_gives_alone_and_show_the_same_steps() {
    const Knobs light = knobsOf("topk", 1), heavy = knobsOf("grmoe", 16);
    Engine first(light, 1), second(heavy, 1);
    const auto pace = std::make_shared<Pace>();
    std::atomic<int> torn = 0;
    first.setListener(
        [&] {  // on its own thread, or in play(): its step stands still meanwhile, the other's may not be far from it
          const std::int64_t own = first.status().trainedSteps, other = second.status().trainedSteps;
          if (other > own / kEvery * kEvery + kEvery || own > other / kEvery * kEvery + kEvery) ++torn;
        });
    QVERIFY(reaches(first, 0) && reaches(second, 0));
    first.keepPace(pace, 0);
    second.keepPace(pace, 1);
    first.playUntil(kSteps);
    QTest::qWait(300);
    QVERIFY(first.latest()->step <= kEvery);  // it waits for one that does not train
    QCOMPARE(int(first.status().state), int(EngineState::Playing));
    second.playUntil(kSteps);
    QVERIFY(reaches(first, kSteps) && reaches(second, kSteps));
    QCOMPARE(torn.load(), 0);
    QVERIFY(lossesOf(first) == lossesAlone(light));
    QVERIFY(lossesOf(second) == lossesAlone(heavy));
    QCOMPARE(first.timeline()->snapshotSteps(first.latest()->generation),
             second.timeline()->snapshotSteps(second.latest()->generation));
    first.setListener(nullptr);
  }

  void one_that_goes_or_is_alone_again_holds_nobody() {
    Engine first(knobsOf("topk", 1), 1);
    const auto pace = std::make_shared<Pace>();
    {
      Engine second(knobsOf("grmoe", 1), 1);
      QVERIFY(reaches(first, 0) && reaches(second, 0));
      first.keepPace(pace, 0);
      second.keepPace(pace, 1);
      first.playUntil(3 * kEvery);
      QTest::qWait(200);
      QVERIFY(first.latest()->step <= kEvery);
    }
    QVERIFY(reaches(first, 3 * kEvery));
    first.keepPace(nullptr, 0);
    first.playUntil(5 * kEvery);
    QVERIFY(reaches(first, 5 * kEvery));
  }
};

MOESCOPE_TEST(TestPace)
#include "test_pace.moc"
