// Two trainers, or engines, in one process: nothing that one does changes the other.

#include <QTest>
#include <functional>
#include <thread>

#include "core/training/engine.h"
#include "core/training/trainer.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr int kSteps = 50;

Knobs knobsOf(const std::string& router, std::uint64_t seed) {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.seed = seed;
  knobs.width = 32;
  knobs.experts = 4;
  knobs.expertWidth = 32;
  knobs.context = 32;
  knobs.probeTokens = 256;
  return knobs;
}

/// Everything of a run that is a number, bit by bit: losses, snapshots in between, and the last scores.
std::vector<double> trajectory(const Knobs& knobs, int threads) {
  Trainer trainer(knobs, Dispatch::Fused, threads);
  std::vector<double> all;
  for (int i = 0; i < kSteps; ++i) {
    const StepMetrics step = trainer.step();
    for (const double value : {step.loss, step.entropy[1], step.loadVariation[0], step.auxiliaryLoss[0]}) all.push_back(value);
    if (i % 10 == 0) all.push_back(trainer.heldOutLoss());
  }
  const RowMatrix scores = trainer.snapshot()->layers[1].scores;
  all.insert(all.end(), scores.data(), scores.data() + scores.size());
  return all;
}

}  // namespace

class TestTwoEngines : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void two_trainers_side_by_side_give_what_each_gives_alone_data() {
    QTest::addColumn<int>("threads");
    QTest::newRow("one thread each") << 1;
    QTest::newRow("two threads each") << 2;
  }
  void two_trainers_side_by_side_give_what_each_gives_alone() {
    QFETCH(int, threads);
    for (const char* router : {"noisy_topk", "grmoe", "online_kmeans"}) {
      const Knobs first = knobsOf(router, 5), second = knobsOf("noisy_topk", 11);
      const std::vector<double> firstAlone = trajectory(first, threads), secondAlone = trajectory(second, threads);
      QVERIFY(firstAlone != secondAlone);
      std::vector<double> other;
      std::thread beside([&] { other = trajectory(second, threads); });
      const std::vector<double> one = trajectory(first, threads);
      beside.join();
      QVERIFY2(one == firstAlone, router);
      QVERIFY2(other == secondAlone, router);
    }
  }

  void steps_of_two_trainers_may_take_turns_on_one_thread() {
    const Knobs knobs = knobsOf("noisy_topk", 7);
    Trainer alone(knobs);
    std::vector<double> expected;
    for (int i = 0; i < 20; ++i) expected.push_back(alone.step().loss);
    Trainer first(knobs), second(knobsOf("noisy_topk", 8));
    for (int i = 0; i < 20; ++i) {
      QCOMPARE(first.step().loss, expected[static_cast<std::size_t>(i)]);
      second.step();
      second.snapshot();
    }
  }

  void two_engines_side_by_side_give_what_each_gives_alone() {
    const Knobs knobs = knobsOf("noisy_topk", 3);
    Trainer alone(knobs, Dispatch::Fused, 1);
    std::vector<double> expected;
    for (int i = 0; i < kSteps; ++i) expected.push_back(alone.step().loss);
    Engine first(knobs, 1), second(knobsOf("grmoe", 4), 1);
    second.play();
    first.playUntil(kSteps);
    QVERIFY(QTest::qWaitFor([&] { return first.latest() && first.latest()->step == kSteps; }, 30000));
    const StepSeries steps = *first.timeline()->steps(first.latest()->generation);
    QCOMPARE(steps.buckets(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      QCOMPARE(steps.cell(i, stepQuantity("loss_nats_per_byte"), 0).last, expected[i]);
  }
};

MOESCOPE_TEST(TestTwoEngines)
#include "test_two_engines.moc"
