// What the time line under the views shows of a run, on planted time lines.

#include <QTest>
#include <cmath>

#include "app/document/document.h"
#include "app/document/run_overview.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Pictures every ten steps until `last`.
void record(Timeline& timeline, std::uint64_t generation, std::int64_t first, std::int64_t last) {
  for (std::int64_t step = first; step <= last; step += 10) {
    auto snapshot = std::make_shared<Snapshot>(*testing::plantedSnapshot());
    snapshot->generation = generation;
    snapshot->step = step;
    timeline.append(SnapshotPointer(std::move(snapshot)));
  }
}

Knobs knobsOf(const std::string& router, double rate) {
  Knobs knobs;
  knobs.router = router;
  knobs.learningRate = rate;
  return knobs;
}

}  // namespace

class TestRunOverview : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_change_is_told_by_the_table_of_knobs() {
    Knobs before, after;
    after.learningRate = 0.001;
    after.couplingAware = true;
    const std::string words = changesInWords(before, after);
    QVERIFY2(words.find("0.003 → 0.001") != std::string::npos && words.find("off → on") != std::string::npos, words.c_str());
    QCOMPARE(changesInWords(before, before), std::string());
    for (const KnobDeclaration& knob : knobSettings()) {  // whatever knob it is, it is named
      Knobs other;
      if (knob.get)
        knob.set(other, knob.get(other) == knob.minimum ? knob.maximum : knob.minimum);
      else
        knob.setText(other, knob.choices.back().name);
      QVERIFY2(changesInWords(before, other).find(knob.label) == 0, knob.name.c_str());
    }
  }

  void a_branch_is_a_line_that_leaves_the_other_where_it_left() {
    Timeline timeline;
    timeline.append(1, KnobChange{0, knobsOf("grmoe", 0.003)});
    record(timeline, 1, 0, 50);
    const auto mark = timeline.mark(1);
    timeline.append(1, KnobChange{50, knobsOf("grmoe", 0.01)});
    record(timeline, 1, 60, 100);
    timeline.branch(2, 1, 50, *mark);
    timeline.append(2, KnobChange{50, knobsOf("topk", 0.003)});
    record(timeline, 2, 60, 70);
    record(timeline, 7, 0, 500);  // a run of its own

    const RunOverview overview = overviewOf(timeline, 2, {{1, 30}, {7, 40}});
    QCOMPARE(overview.lines.size(), std::size_t{2});
    QCOMPARE(overview.last, std::int64_t{100});
    const RunLine &first = overview.lines[0], &branch = overview.lines[1];
    QCOMPARE(overview.shown, std::size_t{1});
    QVERIFY(!first.from && branch.from && branch.from->generation == 1);
    QCOMPARE(branch.first, std::int64_t{50});
    QCOMPARE(branch.last, std::int64_t{70});
    QVERIFY(branch.snapshots == (std::vector<std::int64_t>{0, 10, 20, 30, 40, 50, 60, 70}));
    QVERIFY(first.models == std::vector<std::int64_t>{30} && branch.models.empty());
    QCOMPARE(first.marks.size(), std::size_t{1});
    QVERIFY(first.marks[0].router.empty());
    QCOMPARE(branch.marks.size(), std::size_t{1});
    QCOMPARE(branch.marks[0].router, routerInWords("topk"));
    QVERIFY(overview.lineAt(50) == &first && overview.lineAt(51) == &branch);
    QCOMPARE(overviewOf(timeline, 7, {}).lines.size(), std::size_t{1});
    QVERIFY(overviewOf(timeline, 99, {}).lines.empty());
  }

  void many_branches_show_the_way_to_the_shown_one_and_say_what_is_left_out() {
    Timeline timeline;
    record(timeline, 1, 0, 50);
    const auto mark = timeline.mark(1);
    for (std::uint64_t branch = 2; branch <= 9; ++branch) {
      timeline.branch(branch, 1, 20, *mark);
      record(timeline, branch, 30, 40);
    }
    const RunOverview overview = overviewOf(timeline, 3, {});
    QCOMPARE(overview.lines.size(), RunOverview::kMostLines);
    QCOMPARE(overview.leftOut, std::size_t{9} - RunOverview::kMostLines);
    QVERIFY(overview.find(1) && overview.find(3) && overview.find(9));
    QCOMPARE(overview.lines[overview.shown].generation, std::uint64_t{3});
  }

  void training_goes_on_from_the_last_model_before_also_one_of_the_run_it_left() {
    Timeline timeline;
    record(timeline, 1, 0, 50);
    timeline.branch(2, 1, 20, *timeline.mark(1));
    record(timeline, 2, 30, 60);
    const std::vector<ModelMoment> models = {{1, 10}, {1, 40}, {2, 50}};
    const auto at = [&](std::uint64_t generation, std::int64_t step) { return modelBefore(timeline, models, generation, step); };
    QVERIFY(at(2, 55) == (ModelMoment{2, 50}));
    QVERIFY(at(2, 49) == (ModelMoment{1, 10}));  // step 40 of run 1 is no moment of the branch
    QVERIFY(at(1, 49) == (ModelMoment{1, 40}));
    QVERIFY(!at(1, 9));
  }

  void held_pictures_are_counted_from_the_one_that_is_shown() {
    const std::vector<std::int64_t> held = {0, 10, 20, 30};
    QCOMPARE(heldStep(held, 20, -1), std::int64_t{10});
    QCOMPARE(heldStep(held, 25, 1), std::int64_t{30});
    QCOMPARE(heldStep(held, 20, 100), std::int64_t{30});
    QCOMPARE(heldStep(held, 20, -100), std::int64_t{0});
    QCOMPARE(heldStep({}, 20, 1), std::int64_t{-1});
  }
};

MOESCOPE_TEST(TestRunOverview)
#include "test_run_overview.moc"
