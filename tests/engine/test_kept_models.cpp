// Going back to a model that training left: it goes on exactly as it would have.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>

#include "core/training/engine.h"
#include "core/routers/registry.h"
#include "core/training/kept_models.h"
#include "core/training/trainer.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"
#include "tests/support/training_runs.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

bool becomes(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 30000); }

/// Trains 30 steps, does `leave`, trains on for a while, goes back, trains 50 steps: they must be those of a run that was never
/// left.
void leaveAndGoBack(const Knobs& knobs, const std::function<void(Engine&)>& leave, bool newGeneration) {
  Trainer undisturbed(knobs, Dispatch::Fused, 1);
  stepsOf(undisturbed, 30);
  const std::vector<StepMetrics> expected = stepsOf(undisturbed, 50);
  Engine engine(knobs, 1);
  engine.playUntil(30);
  QVERIFY(
      becomes([&] { return engine.latest() && engine.latest()->step == 30 && engine.status().state == EngineState::Paused; }));
  const SnapshotPointer before = engine.latest();
  QVERIFY(engine.status().kept.empty());
  leave(engine);
  QVERIFY(becomes([&] {
    return engine.status().kept.size() == 1 && engine.latest() != before && engine.status().state == EngineState::Paused;
  }));
  const KeptModel kept = engine.status().kept.front();
  QCOMPARE(kept.step, 30);
  QCOMPARE(kept.generation, before->generation);
  QVERIFY(kept.knobs == knobs && kept.bytes > 10000);
  QCOMPARE(engine.latest()->generation != before->generation, newGeneration);
  const std::int64_t elsewhere = engine.latest()->step;
  engine.playUntil(elsewhere + 5);
  QVERIFY(becomes([&] { return engine.latest()->step == elsewhere + 5; }));
  for (int round = 0; round < 2; ++round) {  // as often as one likes
    engine.restore(kept.id);
    QVERIFY(engine.knobs() == knobs);
    QVERIFY(becomes([&] { return engine.latest()->step == 30 && engine.status().state == EngineState::Paused; }));
    const bool branches = round > 0 || !newGeneration;  // there are later steps of that generation
    QCOMPARE(engine.latest()->generation == before->generation, !branches);
    QCOMPARE(engine.timeline()->steps(engine.latest()->generation)->steps(), 30);
    QVERIFY(engine.latest()->layers[1].scores == before->layers[1].scores);
    engine.playUntil(80);
    QVERIFY(becomes([&] { return engine.latest()->step == 80; }));
    const StepSeries found = *engine.timeline()->steps(engine.latest()->generation);
    QCOMPARE(found.steps(), 80);
    QCOMPARE(found.stride(), 1);
    for (std::size_t i = 0; i < expected.size(); ++i) QCOMPARE(difference(found, 30 + i, expected[i]), QString());
  }
}

}  // namespace

class TestKeptModels : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_reset_is_gone_back_from() {
    for (const char* router : {"grmoe", "online_kmeans", "noisy_topk"})
      leaveAndGoBack(
          smallKnobs(router), [](Engine& engine) { engine.reset(); }, true);
  }
  void another_router_is_gone_back_from() {
    Knobs knobs = smallKnobs("loss_free"), other = knobs;
    other.router = "grmoe";
    leaveAndGoBack(knobs, [&](Engine& engine) { engine.setKnobs(other); }, false);
  }
  void another_width_is_gone_back_from() {
    Knobs knobs = smallKnobs("relu"), other = knobs;
    other.width = 64;
    leaveAndGoBack(knobs, [&](Engine& engine) { engine.setKnobs(other); }, true);
  }

  void a_trainer_made_of_a_state_equals_the_one_that_was_saved_for_every_router() {
    for (const RouterChoice& choice : routerChoices()) {
      Knobs knobs = smallKnobs(choice.name);
      knobs.capacityFactor = 1.2;
      knobs.sharedExpertWidth = 16;
      Trainer trainer(knobs, Dispatch::Fused, 1);
      stepsOf(trainer, 12);
      const TrainerStatePointer state = trainer.save();
      Trainer back(*state, Dispatch::Fused, 1);
      QCOMPARE(back.stepNumber(), 12);
      const AnalysisInput a = trainer.analysisInput(0), b = back.analysisInput(0);
      QVERIFY2(a.routerMovement == b.routerMovement && a.routerGradient == b.routerGradient && a.gates == b.gates,
               choice.name.c_str());
      const std::vector<StepMetrics> first = stepsOf(trainer, 20), second = stepsOf(back, 20);
      for (std::size_t i = 0; i < first.size(); ++i) {
        const QString found = difference(first[i], second[i]);
        QVERIFY2(found.isEmpty(), qPrintable(found + ", " + choice.name.c_str()));
      }
      QCOMPARE(back.heldOutLoss(), trainer.heldOutLoss());
      const SnapshotPointer here = trainer.snapshot(), there = back.snapshot();
      for (std::size_t layer = 0; layer < 2; ++layer) {  // also where ReLU left a whole batch without an expert
        QVERIFY2(here->layers[layer].trainingLoad.allFinite(), choice.name.c_str());
        QVERIFY2(here->layers[layer].trainingLoad == there->layers[layer].trainingLoad, choice.name.c_str());
      }
    }
  }

  void the_oldest_model_is_forgotten_when_the_memory_is_full_and_that_is_said() {
    Trainer trainer(smallKnobs("topk"), Dispatch::Fused, 1);
    const TrainerStatePointer state = trainer.save();
    KeptModels models(state->text()->bytes + 3 * state->bytes());
    for (int i = 0; i < 5; ++i) models.put({state, static_cast<std::uint64_t>(i), 0, 0.0, 0.0, {}});
    QCOMPARE(models.list().size(), std::size_t(3));
    QCOMPARE(models.forgotten(), 2);
    QCOMPARE(models.list().front().generation, std::uint64_t(2));
    QVERIFY(models.find(models.list().back().id) && !models.find(1));
    KeptModels none(1000);
    QCOMPARE(none.put({state, 1, 0, 0.0, 0.0, {}}), std::uint64_t(0));
    QCOMPARE(none.forgotten(), 1);
  }

  void a_label_leads_back_whether_the_model_was_left_already_or_not() {
    const Knobs knobs = smallKnobs("topk");
    Knobs wide = knobs;
    wide.width = 64;
    Engine engine(knobs, 1);
    engine.reset(7);
    engine.playUntil(10);
    QVERIFY(
        becomes([&] { return engine.latest() && engine.latest()->step == 10 && engine.status().state == EngineState::Paused; }));
    QVERIFY(engine.canGoTo(7) && !engine.canGoTo(8));
    engine.setKnobs(wide, 8);
    engine.goTo(7);  // at once: whether or not the other one was begun
    QVERIFY(becomes([&] {
      return engine.status().state == EngineState::Paused && engine.latest()->step == 10 &&
             engine.latest()->layers[0].hidden.cols() == 32;
    }));
    QVERIFY(engine.knobs() == knobs);
    engine.setKnobs(wide, 9);
    QVERIFY(
        becomes([&] { return engine.latest()->layers[0].hidden.cols() == 64 && engine.status().state == EngineState::Paused; }));
    engine.playUntil(4);
    QVERIFY(becomes([&] { return engine.latest()->step == 4 && engine.status().state == EngineState::Paused; }));
    for (int round = 0; round < 3; ++round) {
      QVERIFY(engine.canGoTo(7) && engine.canGoTo(9));
      engine.goTo(7);
      QVERIFY(becomes([&] { return engine.latest()->step == 10 && engine.status().state == EngineState::Paused; }));
      engine.goTo(9);
      QVERIFY(becomes([&] {
        return engine.latest()->step == 4 && engine.latest()->layers[0].hidden.cols() == 64 &&
               engine.status().state == EngineState::Paused;
      }));
    }
  }

  void a_model_that_is_kept_no_longer_is_refused_and_the_one_there_stays() {
    Engine engine(smallKnobs("topk"), 1);
    engine.stepOnce();
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step == 1; }));
    engine.restore(77);
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Failed; }));
    QVERIFY(engine.status().failure == SourceFailure::NotKept);
    QCOMPARE(engine.latest()->step, 1);
    engine.stepOnce();
    QVERIFY(becomes([&] { return engine.latest()->step == 2; }));
  }
};

MOESCOPE_TEST(TestKeptModels)
#include "test_kept_models.moc"
