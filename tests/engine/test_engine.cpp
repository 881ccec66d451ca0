// The engine thread: play, pause, step, reset, knobs, failure.

#include <QTest>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <mutex>
#include <set>

#include "core/training/engine.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::steps, testing::lastStep;

namespace {

Knobs tinyKnobs() {
  Knobs knobs;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.heads = 2;
  knobs.experts = 4;
  knobs.expertWidth = 16;
  knobs.layers = 1;
  knobs.context = 16;
  knobs.batch = 1;
  knobs.probeTokens = 256;
  return knobs;
}

bool becomes(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20000); }

}  // namespace

class TestEngine : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void shows_step_zero_before_training() {
    Engine engine(tinyKnobs());
    QVERIFY(becomes([&] { return engine.latest() != nullptr; }));
    QCOMPARE(engine.latest()->step, 0);
    QVERIFY(engine.latest()->probe->synthetic);
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Paused; }));
  }

  void single_steps_count_one_each() {
    Engine engine(tinyKnobs());
    for (int i = 0; i < 3; ++i) engine.stepOnce();
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step == 3; }));
    QTest::qWait(50);
    QCOMPARE(engine.latest()->step, 3);
    QCOMPARE(steps(engine).steps(), 3);
    QCOMPARE(steps(engine).bucket(2).first, 3);
  }

  void play_and_pause() {
    Engine engine(tinyKnobs());
    std::atomic<int> notices = 0;
    engine.setListener([&] { ++notices; });
    engine.play();
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step > 20; }));
    QVERIFY(notices > 2);
    engine.pause();
    const auto paused = steps(engine).steps();
    QTest::qWait(200);
    QVERIFY(steps(engine).steps() <= paused + 1);  // the one that was under way, for however long
  }

  void playing_until_a_step_stops_there_with_its_snapshot() {
    Knobs knobs = tinyKnobs();
    knobs.snapshotEvery = 1000;
    Engine engine(knobs);
    for (const int last : {40, 41, 53}) {
      engine.playUntil(last);
      QVERIFY(becomes(
          [&] { return engine.latest() && engine.latest()->step == last && engine.status().state == EngineState::Paused; }));
      QTest::qWait(50);
      QCOMPARE(engine.latest()->step, last);
      QCOMPARE(engine.status().trainedSteps, last);
      QCOMPARE(steps(engine).steps(), last);
    }
    engine.playUntil(10);  // is passed
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Paused; }));
    QCOMPARE(steps(engine).steps(), 53);
    engine.play();
    QVERIFY(becomes([&] { return steps(engine).steps() > 60; }));
  }

  void a_pause_shows_the_step_that_it_stopped_at() {
    Knobs knobs = tinyKnobs();
    knobs.snapshotEvery = 1000;
    Engine engine(knobs);
    engine.play();
    QVERIFY(becomes([&] { return steps(engine).steps() > 7; }));
    engine.pause();
    QVERIFY(becomes([&] { return engine.latest()->step > 7; }));
    QTest::qWait(50);
    QCOMPARE(engine.latest()->step, lastStep(engine));
  }

  void a_lens_whose_loss_cannot_be_computed_does_not_end_training() {
    Engine engine(tinyKnobs());
    engine.play();
    Lens lens;
    lens.reading = ConcentrationReading::Bingham;
    lens.concentration = 1e6f;
    engine.requestLoss(lens);
    QVERIFY(becomes([&] { return engine.lensLoss().step >= 0; }));
    QVERIFY(std::isnan(engine.lensLoss().loss));
    QVERIFY(engine.lensLoss().failure.find("20000") != std::string::npos);
    const std::int64_t before = steps(engine).steps();
    QVERIFY(becomes([&] { return steps(engine).steps() > before + 10; }));
    QVERIFY(engine.status().state == EngineState::Playing);
  }

  void reset_starts_a_new_generation() {
    Engine engine(tinyKnobs());
    engine.stepOnce();
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step == 1; }));
    const auto generation = engine.latest()->generation;
    engine.reset();
    QVERIFY(becomes([&] { return engine.latest()->generation > generation; }));
    QCOMPARE(engine.latest()->step, 0);
    QVERIFY(steps(engine).empty());
  }

  void a_new_model_is_published_once_and_the_old_one_stays_on_the_time_line() {
    std::mutex mutex;
    std::vector<SnapshotPointer> seen;
    Engine engine(tinyKnobs());
    engine.setListener([&] {
      const std::lock_guard lock(mutex);
      if (const SnapshotPointer latest = engine.latest(); latest && (seen.empty() || seen.back() != latest))
        seen.push_back(latest);
    });
    for (int i = 0; i < 3; ++i) engine.stepOnce();
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step == 3; }));
    Knobs knobs = tinyKnobs();
    knobs.experts = 6;  // a new model
    engine.setKnobs(knobs);
    QVERIFY(
        becomes([&] { return engine.latest()->layers[0].scores.cols() == 6 && engine.status().state == EngineState::Paused; }));
    const std::uint64_t now = engine.latest()->generation;
    {
      const std::lock_guard lock(mutex);
      QCOMPARE(std::count_if(seen.begin(), seen.end(), [&](const SnapshotPointer& each) { return each->generation == now; }), 1);
      QCOMPARE(seen.front()->step, 0);
    }
    const auto timeline = engine.timeline();
    QCOMPARE(timeline->generations().size(), std::size_t(2));
    QCOMPARE(timeline->steps(seen.front()->generation)->steps(), 3);
    QCOMPARE(timeline->at(seen.front()->generation, 1).snapshot->step, 1);
    QCOMPARE(timeline->knobChanges(now).size(), std::size_t(1));
    QCOMPARE(timeline->knobChanges(now)[0].knobs.experts, 6);
  }

  void the_latest_knobs_win() {
    Engine engine(tinyKnobs());
    Knobs knobs = tinyKnobs();
    for (int experts : {5, 6, 7}) {
      knobs.experts = experts;
      engine.setKnobs(knobs);
    }
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->layers[0].scores.cols() == 7; }));
    knobs.experts = 1;
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, engine.setKnobs(knobs));
  }

  void a_corpus_that_cannot_be_read_is_a_message_and_another_one_works() {
    Knobs knobs = tinyKnobs();
    knobs.corpus = "/nonexistent/corpus";
    Engine engine(knobs);
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Failed; }));
    QVERIFY(engine.status().message.find("/nonexistent/corpus") != std::string::npos);
    QVERIFY(engine.status().failure == SourceFailure::Corpus);
    engine.setKnobs(tinyKnobs());
    QVERIFY(becomes([&] { return engine.latest() && engine.status().state == EngineState::Paused; }));
  }

  void a_loss_that_is_not_finite_pauses_keeps_the_last_good_state_and_a_reset_helps() {
    Knobs knobs = tinyKnobs();
    knobs.router = "topk";
    knobs.learningRate = 1000.0;
    Engine engine(knobs);
    engine.play();
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Failed; }));
    QVERIFY(engine.status().failure == SourceFailure::NonFiniteLoss);
    QVERIFY(engine.status().message.find("not finite at step") != std::string::npos);
    QVERIFY(engine.status().message.find("reset") != std::string::npos);
    QVERIFY(engine.latest()->layers[0].scores.allFinite());
    for (std::size_t i = 0; i < steps(engine).buckets(); ++i)
      QCOMPARE(steps(engine).cell(i, stepQuantity("loss_nats_per_byte"), 0).notFinite, 0u);
    const auto generation = engine.latest()->generation;
    knobs.learningRate = 1e-3;
    engine.setKnobs(knobs);
    engine.reset();
    QVERIFY(becomes([&] { return engine.latest()->generation > generation; }));
    engine.stepOnce();
    QVERIFY(becomes([&] { return engine.latest()->step == 1; }));
  }

  void the_state_is_what_was_asked_for_also_while_a_model_was_built() {
    Engine engine(tinyKnobs());
    engine.play();  // while it starts
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step > 3; }));
    QVERIFY(engine.status().state == EngineState::Playing && engine.status().work == SourceWork::None);
    for (int round = 0; round < 5; ++round) {
      const auto generation = engine.latest()->generation;
      engine.reset();
      engine.pause();  // before or while the new model is built
      QVERIFY(becomes([&] { return engine.latest()->generation > generation && engine.status().work == SourceWork::None; }));
      QVERIFY(engine.status().state == EngineState::Paused);
      const auto steps = engine.timeline()->steps(engine.latest()->generation)->steps();
      QTest::qWait(30);
      QCOMPARE(engine.timeline()->steps(engine.latest()->generation)->steps(), steps);
      engine.reset();
      engine.play();
      QVERIFY(becomes([&] { return engine.latest()->generation > generation + 1 && engine.latest()->step > 3; }));
      QVERIFY(engine.status().state == EngineState::Playing);
    }
  }

  void a_rebuild_is_shown_once() {
    Engine engine(tinyKnobs());
    QVERIFY(becomes([&] { return engine.latest() && engine.status().state == EngineState::Paused; }));
    std::set<const Snapshot*> shown;
    std::vector<SnapshotPointer> held;  // so that no address comes twice
    std::mutex mutex;
    engine.setListener([&] {
      const std::lock_guard lock(mutex);
      held.push_back(engine.latest());
      shown.insert(held.back().get());
    });
    Knobs knobs = tinyKnobs();
    knobs.experts = 6;
    engine.setKnobs(knobs);
    QVERIFY(
        becomes([&] { return engine.latest()->layers[0].scores.cols() == 6 && engine.status().state == EngineState::Paused; }));
    QTest::qWait(50);
    const std::lock_guard lock(mutex);
    QVERIFY(shown.size() <= 2);  // the old one, while building was told, and the new one
  }

  void held_out_loss_at_a_lens_arrives() {
    Engine engine(tinyKnobs());
    QVERIFY(becomes([&] { return engine.latest() != nullptr; }));
    Lens lens;
    lens.concentration = 4.0f;
    engine.requestLoss(lens);
    QVERIFY(becomes([&] { return engine.lensLoss().step == 0; }));
    QCOMPARE(engine.lensLoss().lens.concentration, 4.0f);
    QVERIFY(engine.lensLoss().loss > 1.0 && engine.lensLoss().loss < 10.0);
  }
};

MOESCOPE_TEST(TestEngine)
#include "test_engine.moc"
