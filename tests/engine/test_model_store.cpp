// States of models that outlive the engine: which go to the store, and going on from one.

#include <QTest>
#include <algorithm>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "core/training/engine.h"
#include "core/training/trainer.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"
#include "tests/support/training_runs.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

/// Holds all that it is given.
class StoreInMemory : public ModelStore {
 public:
  struct Entry {
    StoredModel which;
    TrainerStatePointer state;
  };
  void keep(const StoredModel& which, TrainerStatePointer state) override {
    const std::lock_guard lock(mutex_);
    entries_.push_back({which, std::move(state)});
  }
  std::vector<Entry> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

bool becomes(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 30000); }

bool pausedAt(const Engine& engine, std::int64_t step) {
  return engine.status().state == EngineState::Paused && engine.latest() && engine.latest()->step == step;
}

}  // namespace

class TestModelStore : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_state_goes_to_the_store_at_a_pause_a_router_switch_a_reset_and_the_end() {
    const auto store = std::make_shared<StoreInMemory>();
    {
      Engine engine(smallKnobs("topk"), 1);
      engine.setModelStore(store);
      engine.playUntil(5);
      QVERIFY(
          becomes([&] { return pausedAt(engine, 5) && !store->entries().empty() && store->entries().back().which.step == 5; }));
      engine.playUntil(8);
      Knobs other = engine.knobs();
      QVERIFY(becomes([&] { return pausedAt(engine, 8); }));
      other.router = "relu";
      engine.setKnobs(other);
      QVERIFY(
          becomes([&] { return engine.latest()->router == "relu" && store->entries().back().state->knobs().router == "relu"; }));
      engine.reset();
      QVERIFY(becomes([&] { return pausedAt(engine, 0) && store->entries().back().which.generation == 2; }));
      engine.playUntil(3);
      QVERIFY(becomes([&] { return pausedAt(engine, 3); }));
    }
    std::vector<std::pair<std::uint64_t, std::int64_t>> kept;
    bool beforeTheSwitch = false;
    for (const auto& [which, state] : store->entries()) {
      QCOMPARE(state->step(), which.step);
      kept.emplace_back(which.generation, which.step);
      beforeTheSwitch = beforeTheSwitch || (which.step == 8 && state->knobs().router == "topk");
    }
    QVERIFY(beforeTheSwitch);
    using Place = std::pair<std::uint64_t, std::int64_t>;
    for (const Place& place : {Place{1, 5}, Place{1, 8}, Place{2, 0}, Place{2, 3}})
      QVERIFY(std::find(kept.begin(), kept.end(), place) != kept.end());
  }

  void what_diverges_leaves_its_last_good_state() {
    const auto store = std::make_shared<StoreInMemory>();
    Knobs knobs = smallKnobs("topk");
    knobs.learningRate = 1000.0;
    Engine engine(knobs, 1);
    engine.setModelStore(store);
    engine.play();
    QVERIFY(becomes([&] { return engine.status().failure == SourceFailure::NonFiniteLoss; }));
    QCOMPARE(store->entries().back().which.step, engine.status().trainedSteps);
  }

  void a_new_engine_goes_on_as_the_old_one_would_have() {
    const Knobs knobs = smallKnobs("grmoe");
    Trainer undisturbed(knobs, Dispatch::Fused, 1);
    stepsOf(undisturbed, 20);
    const std::vector<StepMetrics> expected = stepsOf(undisturbed, 30);
    const auto store = std::make_shared<StoreInMemory>();
    {
      Engine first(knobs, 1);
      first.setModelStore(store);
      first.playUntil(20);
      QVERIFY(becomes([&] { return pausedAt(first, 20); }));
    }
    Engine second(smallKnobs("topk"), 1);
    const StoreInMemory::Entry last = store->entries().back();
    second.continueFrom({{0, last.which.step, last.which.trainedSeconds}, [&] { return last.state; }});
    QVERIFY(becomes([&] { return pausedAt(second, 20); }));
    QVERIFY(second.knobs() == knobs);
    QCOMPARE(second.status().trainedSeconds, last.which.trainedSeconds);
    second.playUntil(50);
    QVERIFY(becomes([&] { return pausedAt(second, 50); }));
    const auto series = second.timeline()->steps(second.timeline()->current());
    QCOMPARE(series->steps(), 30);
    for (std::size_t i = 0; i < expected.size(); ++i) QCOMPARE(difference(*series, i, expected[i]), QString());
  }

  void where_the_generation_has_later_steps_it_becomes_a_branch() {
    const auto timeline = std::make_shared<Timeline>();
    const auto store = std::make_shared<StoreInMemory>();
    Engine engine(smallKnobs("topk"), 1, kKeptModelBytes, timeline);
    engine.setModelStore(store);
    engine.playUntil(10);
    QVERIFY(becomes([&] { return pausedAt(engine, 10) && store->entries().back().which.step == 10; }));
    const StoreInMemory::Entry then = store->entries().back();
    const auto mark = timeline->mark(1);
    engine.playUntil(25);
    QVERIFY(becomes([&] { return pausedAt(engine, 25); }));
    engine.continueFrom({then.which, [&] { return then.state; }, mark});
    QVERIFY(becomes([&] { return pausedAt(engine, 10); }));
    QCOMPARE(engine.timeline()->current(), 2u);
    engine.playUntil(12);
    QVERIFY(becomes([&] { return pausedAt(engine, 12); }));
    QCOMPARE(engine.timeline()->steps(2)->steps(), 12);
    QCOMPARE(engine.timeline()->lastStep(1), 25);
  }

  void what_cannot_be_loaded_is_said_and_the_model_stays() {
    Engine engine(smallKnobs("topk"), 1);
    engine.playUntil(4);
    QVERIFY(becomes([&] { return pausedAt(engine, 4); }));
    engine.continueFrom({{1, 2, 0.0}, []() -> TrainerStatePointer { throw std::runtime_error("it is torn"); }});
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Failed; }));
    QCOMPARE(engine.status().message, std::string("it is torn"));
    engine.playUntil(6);
    QVERIFY(becomes([&] { return pausedAt(engine, 6); }));
  }
};

MOESCOPE_TEST(TestModelStore)
#include "test_model_store.moc"
