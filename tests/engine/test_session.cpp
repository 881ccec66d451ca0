// What a session file gives back is what the time line had, and no more of the disk is taken than was allowed.

#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "core/session/database.h"
#include "core/session/session_schema.h"
#include "core/session/session_source.h"
#include "core/session/session_writer.h"
#include "core/session/tensor_fields.h"
#include "tests/support/recorded_run.h"
#include "tests/support/test_class.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

struct Folder {
  QTemporaryDir folder;
  std::filesystem::path file(const char* name = "a.moescope") const {
    return std::filesystem::path(folder.path().toStdString()) / name;
  }
};

SessionSettings everything() {
  SessionSettings settings;
  settings.everySnapshot = true;
  return settings;
}

/// Generation 1 with 40 steps, and 2 that branched from its step 30 and went to 50.
void recordBranched(Timeline& timeline) {
  record(timeline, 1, 0, 30);
  const auto mark = timeline.mark(1);
  record(timeline, 1, 30, 40);
  timeline.branch(2, 1, 30, *mark);
  record(timeline, 2, 30, 50);
}

}  // namespace

class TestSession : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void what_a_scene_is_made_of_is_that_of_the_run() {
    const Folder folder;
    Timeline live;
    {
      const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), everything());
      live.follow(writer);
      recordBranched(live);
      QVERIFY2(writer->flush(), writer->status().failure.c_str());
      QCOMPARE(writer->status().steps, 60);
      QCOMPARE(writer->status().lost, 0);
    }
    const SessionSource session(folder.file());
    QCOMPARE(session.status().message, std::string());
    for (const std::uint64_t generation : {1, 2}) {
      const auto branch = session.timeline()->branchPoint(generation);
      QCOMPARE(branch.has_value(), generation == 2);
      if (branch) QVERIFY(branch->generation == 1 && branch->step == 30);
      QVERIFY(session.timeline()->snapshotSteps(generation) == live.snapshotSteps(generation));
      QCOMPARE(session.timeline()->lastStep(generation), live.lastStep(generation));
      const auto here = session.timeline()->knobChanges(generation), there = live.knobChanges(generation);
      QCOMPARE(here.size(), there.size());
      for (std::size_t i = 0; i < here.size(); ++i) QVERIFY(here[i].step == there[i].step && here[i].knobs == there[i].knobs);
      for (const int step : {0, 7, 20, 30, 33, 36, 40, 45, 50})
        for (const int layer : {0, 1}) {
          const std::string differs = difference(*session.timeline(), live, generation, step, layer);
          QVERIFY2(differs.empty(),
                   (differs + " of generation " + std::to_string(generation) + ", step " + std::to_string(step)).c_str());
        }
    }
    QVERIFY(session.timeline()->current() == live.current() &&
            same(*session.timeline()->latest().snapshot, *live.latest().snapshot));
  }

  void a_field_that_is_younger_than_the_file_keeps_what_was_done_then() {
    FieldWriter before, now;
    before("chosen", 2);
    now.later("ranked_by_logit", true);
    const std::string old = before.bytes(), young = now.bytes();
    bool ranked = false;
    FieldReader(old, "old").later("ranked_by_logit", ranked);
    QVERIFY(!ranked);
    FieldReader(young, "young").later("ranked_by_logit", ranked);
    QVERIFY(ranked);
    FieldReader(old, "old").later("ranked_by_logit", ranked);
    QVERIFY(ranked);  // left as it is
  }

  void every_quantity_of_a_step_has_its_column() {
    std::set<std::string> columns = {"loss_nats_per_byte", "held_out_loss_nats_per_byte"};
    for (const LayerColumn& column : kLayerColumns) columns.insert(column.name);
    std::set<std::string> quantities;
    for (const StepQuantity& quantity : stepQuantities()) quantities.insert(quantity.name);
    QVERIFY(columns == quantities);
    const StepMetrics step = recordedStep(10);
    for (const LayerColumn& column : kLayerColumns)
      QCOMPARE((step.*column.values)[1], stepQuantities()[stepQuantity(column.name)].read(step, 1));
  }

  void moments_are_thinned_evenly_within_the_budget_and_steps_never() {
    const Folder folder;
    Timeline live;
    SessionSettings settings = everything();
    settings.budget = 400000;
    {
      const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), settings);
      live.follow(writer);
      record(live, 1, 0, 600);
      QVERIFY(writer->flush());
      QVERIFY(writer->status().bytes <= settings.budget);
    }
    SessionReader session(folder.file());
    session.readAll();
    QVERIFY(session.notes().empty());
    const std::vector<std::int64_t> steps = session.snapshotSteps(1);
    QCOMPARE(steps.front(), 0);
    QCOMPARE(steps.back(), 600);
    QVERIFY(steps.size() > 4);
    for (std::size_t i = 2; i + 1 < steps.size(); ++i) QCOMPARE(steps[i] - steps[i - 1], steps[1] - steps[0]);
    QCOMPARE(session.leftOut().at("snapshot") + static_cast<std::int64_t>(steps.size()), 121);
    QCOMPARE(session.steps(1)->steps(), 600);
  }

  void a_smaller_budget_thins_what_is_there_and_gives_the_disk_back() {
    const Folder folder;
    Timeline live;
    const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), everything());
    live.follow(writer);
    record(live, 1, 0, 600);
    QVERIFY(writer->flush());
    const SessionStatus before = writer->status();
    QCOMPARE(before.leftOut, 0);
    writer->setBudget(before.bytes / 10);
    QVERIFY(writer->flush());
    const SessionStatus after = writer->status();
    QVERIFY(after.bytes <= after.budget && after.budget == before.bytes / 10);
    QVERIFY(after.fileBytes < before.fileBytes - before.bytes / 2);
    record(live, 1, 600, 700);  // and it holds for what comes
    QVERIFY(writer->flush());
    QVERIFY(writer->status().bytes <= after.budget);
    SessionReader session(folder.file());
    session.readAll();
    QVERIFY(session.notes().empty());
    QCOMPARE(session.steps(1)->steps(), 700);
    std::int64_t leftOut = 0;
    for (const auto& [table, entries] : session.leftOut()) leftOut += entries;
    QCOMPARE(writer->status().leftOut, leftOut);
    QCOMPARE(session.leftOut().at("snapshot") + session.snapshots(), 141);
  }

  void a_branch_counts_its_own_and_reads_that_of_its_origin() {
    const Folder folder;
    {
      Timeline live;
      const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), everything());
      live.follow(writer);
      recordBranched(live);
      Knobs other;
      other.learningRate *= 3.0;
      live.append(2, KnobChange{50, other});
    }
    const SessionReader session(folder.file());
    const std::vector<RecordedGeneration> all = session.recorded();
    QCOMPARE(all[0].snapshots, 9);
    QCOMPARE(all[1].snapshots, 4);  // of 35 to 50
    QCOMPARE(session.snapshotSteps(2).size(), std::size_t(11));
    QCOMPARE(all[0].knobChanges, 2);
    QCOMPARE(all[1].knobChanges, 1);
    QCOMPARE(session.knobChanges(2).size(), std::size_t(3));
  }

  void a_session_that_goes_on_has_the_whole_of_both_runs() {
    const Folder folder;
    Timeline second, whole;
    {
      Timeline first;
      const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), everything());
      first.follow(writer);
      record(first, 1, 0, 30);
    }
    {
      const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), everything());
      QCOMPARE(writer->firstGeneration(), std::uint64_t(1));
      writer->continueFrom(1, 20);
      second.follow(writer);
      record(second, 1, 20, 40);
    }
    SessionReader session(folder.file());
    record(whole, 1, 0, 40);
    QCOMPARE(session.runs().size(), std::size_t(2));
    QVERIFY(same(*session.steps(2), *whole.steps(1)));
    QVERIFY(session.snapshotSteps(2) == whole.snapshotSteps(1));
    QCOMPARE(session.at(2, 17).snapshot->generation, std::uint64_t(1));
    QCOMPARE(session.at(2, 27).snapshot->generation, std::uint64_t(2));
    QCOMPARE(session.lastStep(1), 30);
    const TimelineMark mark = session.mark(2, 25);
    QCOMPARE(mark.steps.last(), 25);
    QCOMPARE(mark.knobs.size(), std::size_t(2));
  }

  void a_file_that_is_written_to_is_followed_and_has_one_writer() {
    const Folder folder;
    Timeline live;
    const auto writer = std::make_shared<SessionWriter>(folder.file(), recordedRun(), everything());
    live.follow(writer);
    record(live, 1, 0, 10);
    QVERIFY(writer->flush());
    const SessionReader session(folder.file());
    QCOMPARE(session.lastStep(1), 10);
    record(live, 1, 10, 20);
    QVERIFY(writer->flush());
    QCOMPARE(session.lastStep(1), 20);
    QCOMPARE(session.at(1, 20).snapshot->step, 20);
    QCOMPARE(session.steps(1)->steps(), 20);
    try {
      SessionWriter(folder.file(), recordedRun());
      QFAIL("two programs write to one session");
    } catch (const std::runtime_error& error) {
      QVERIFY2(std::string(error.what()).find("another Moescope is writing to it; here it may only be read") != std::string::npos,
               error.what());
    }
  }

  void what_a_person_kept_is_there_again() {
    const Folder folder;
    {
      SessionWriter writer(folder.file(), recordedRun(), everything());
      writer.document("{\"theme\": \"dark\"}");
      writer.document("{\"theme\": \"light\"}");
      writer.bookmarks({{"before the switch", 1, 20}, {"after", 1, 30}});
      writer.model(1, 20, 1.5, [] { return std::string("\x0a\0\0\0\0\0\0\0{}        ", 18); });
      writer.model(1, 30, 2.5, []() -> std::string { throw std::runtime_error("the text is gone"); });
      QVERIFY(writer.flush());
      QCOMPARE(writer.status().lost, 1);
      QVERIFY(writer.status().lostWhy.find("the text is gone") != std::string::npos);
    }
    const SessionReader session(folder.file());
    QCOMPARE(session.document(), std::string("{\"theme\": \"light\"}"));
    QVERIFY((session.bookmarks() == std::vector<Bookmark>{{"before the switch", 1, 20}, {"after", 1, 30}}));
    QCOMPARE(session.models().size(), std::size_t(1));
    QCOMPARE(session.models()[0].trainedSeconds, 1.5);
    QCOMPARE(session.model(1, 20).size(), std::size_t(18));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, session.model(1, 30));
    const RecordedRun run = session.runs().at(0);
    QCOMPARE(run.run.corpusHash, recordedRun().corpusHash);
    QVERIFY(run.run.knobs == Knobs{});
  }
};

MOESCOPE_TEST(TestSession)
#include "test_session.moc"
