// Models along a run, kept in memory to branch from.

#include <QTest>

#include "core/training/model_memory.h"
#include "core/training/trainer.h"
#include "tests/support/test_class.h"
#include "tests/support/training_runs.h"

using namespace moescope;

class TestModelMemory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_kept_model_is_given_back_with_what_its_run_had_recorded() {
    const auto timeline = std::make_shared<Timeline>();
    ModelMemory memory(timeline);
    Trainer trainer(testing::smallKnobs("grmoe"));
    timeline->append(1, KnobChange{0, trainer.knobs()});
    for (int i = 0; i < 3; ++i) timeline->append(1, trainer.step());
    memory.keep({1, 3, 0.5}, trainer.save());
    timeline->append(1, trainer.step());
    const auto found = memory.find(1, 3);
    QVERIFY(found && found->which.generation == 1 && found->which.step == 3 && found->which.trainedSeconds == 0.5);
    QCOMPARE(found->load()->step(), std::int64_t{3});
    QCOMPARE(found->mark->steps.last(), std::int64_t{3});  // not what came after
    QVERIFY(memory.knobs(1, 3) == trainer.knobs());
    QVERIFY(!memory.find(1, 4) && !memory.find(2, 3) && !memory.knobs(2, 3));
  }

  void the_budget_thins_evenly_and_keeps_the_first_and_the_last() {
    const auto timeline = std::make_shared<Timeline>();
    Trainer trainer(testing::smallKnobs("grmoe"));
    const TrainerStatePointer state = trainer.save();
    const std::uint64_t each = state->bytes() + timeline->mark(1)->steps.bytes();
    ModelMemory memory(timeline, 5 * each);
    for (std::int64_t step = 0; step <= 100; ++step) memory.keep({1, step, 0.0}, state);
    QVERIFY(memory.bytes() <= memory.budget());
    const std::vector<StoredModel> held = memory.list();
    QVERIFY(held.size() >= 3 && held.size() <= 5);
    QCOMPARE(held.front().step, std::int64_t{0});
    QCOMPARE(held.back().step, std::int64_t{100});
    QCOMPARE(memory.dropped(), 101 - held.size());
  }

  void of_a_long_run_a_dozen_at_most_is_kept_whatever_the_budget_and_evenly() {
    const auto timeline = std::make_shared<Timeline>();
    Trainer trainer(testing::smallKnobs("grmoe"));
    const TrainerStatePointer state = trainer.save();
    ModelMemory memory(timeline);
    std::size_t most = 0;
    for (std::int64_t step = 0; step <= 300; ++step) {
      memory.keep({1, step, 0.0}, state);
      const std::vector<StoredModel> held = memory.list();
      most = std::max(most, held.size());
      QCOMPARE(held.front().step, std::int64_t{0});
      QCOMPARE(held.back().step, step);
      for (std::size_t i = 1; i < held.size(); ++i)
        QVERIFY(held[i].step - held[i - 1].step <= std::max<std::int64_t>(1, (step + 4) / 5));
    }
    QCOMPARE(most, std::size_t{12});
    QVERIFY(memory.bytes() < memory.budget());
  }

  void a_new_run_pushes_the_oldest_out_and_a_model_beyond_the_budget_is_not_kept() {
    const auto timeline = std::make_shared<Timeline>();
    Trainer trainer(testing::smallKnobs("grmoe"));
    const TrainerStatePointer state = trainer.save();
    const std::uint64_t each = state->bytes() + timeline->mark(1)->steps.bytes();
    ModelMemory memory(timeline, 3 * each);
    for (const std::uint64_t run : {1, 2}) for (const std::int64_t step : {0, 9}) memory.keep({run, step, 0.0}, state);
    QVERIFY(!memory.find(1, 0) && !memory.find(1, 9) && memory.find(2, 0) && memory.find(2, 9));
    QCOMPARE(memory.dropped(), std::size_t{2});
    ModelMemory small(timeline, each / 2);
    small.keep({1, 0, 0.0}, state);
    QVERIFY(small.list().empty() && small.bytes() == 0);
    QCOMPARE(small.dropped(), std::size_t{1});
  }
};

MOESCOPE_TEST(TestModelMemory)
#include "test_model_memory.moc"
