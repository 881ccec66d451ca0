// What is put on a time line is found again; what has to go for the budget leaves an even spread.

#include <QTest>
#include <cmath>

#include "core/timeline/memory.h"
#include "core/timeline/timeline.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

SnapshotPointer snapshotAt(std::int64_t step, std::uint64_t generation = 1) {
  testing::PlantedShape shape;
  shape.tokens = 64;
  shape.context = 16;
  shape.dimension = 16;
  shape.layers = 1;
  static const SnapshotPointer planted = testing::plantedSnapshot(shape);
  auto snapshot = std::make_shared<Snapshot>(*planted);
  snapshot->step = step;
  snapshot->generation = generation;
  return snapshot;
}

StepMetrics stepAt(std::int64_t step) { return {step, 1.0, NAN, {1.0}, {1.0}, {1.0}, {1.0}, {0.0}, {0.0}, "topk"}; }

AnalysisPointer analysisAt(std::int64_t step, int rank, std::uint64_t generation = 1) {
  auto analysis = std::make_shared<ExpertAnalysis>();
  analysis->step = step;
  analysis->generation = generation;
  analysis->settings.rank = rank;
  return analysis;
}

/// What one snapshot with its tracks takes.
std::size_t sizeOfOne() {
  Timeline timeline;
  timeline.append(snapshotAt(0));
  return timeline.bytes();
}

/// Writes down what it is told, and at what length of the time line.
struct Diary : TimelineFollower {
  const Timeline& timeline;
  QStringList lines = {};
  explicit Diary(const Timeline& told) : timeline(told) {}
  void note(const QString& what, std::uint64_t generation, std::int64_t step) {
    lines << QString("%1 %2 %3").arg(what).arg(generation).arg(step);
  }
  void step(std::uint64_t generation, const StepMetrics& step) override {
    note(timeline.lastStep(generation) == step.step ? "step" : "step too soon", generation, step.step);
  }
  void knobs(std::uint64_t generation, const KnobChange& change) override { note("knobs", generation, change.step); }
  void snapshot(const TimelineMoment& moment) override {
    note(timeline.latest().tracks == moment.tracks ? "snapshot" : "snapshot too soon", moment.snapshot->generation,
         moment.snapshot->step);
  }
  void analysis(const AnalysisPointer& analysis, const std::shared_ptr<const ComparedEmbeddings>& compared) override {
    const LayerAnalyses now = timeline.analyses(analysis->generation, analysis->layer);
    note(now.latest == analysis && now.compared == compared ? "analysis" : "analysis too soon", analysis->generation,
         analysis->step);
  }
  void failure(const AnalysisFailure& failure) override { note("failure", failure.generation, failure.step); }
  void branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) override {
    note(QString("branch of %1 with %2 steps").arg(from).arg(mark.steps.steps()), generation, step);
  }
};

/// Generation 1 with every snapshot from 0 to `last`, and an analysis of layer 0 at each.
struct WholeArchive : MomentArchive {
  std::int64_t last;
  mutable int read = 0;
  explicit WholeArchive(std::int64_t end) : last(end) {}
  std::vector<std::uint64_t> generations() const override { return {1}; }
  std::int64_t lastStep(std::uint64_t generation) const override { return generation == 1 ? last : -1; }
  TimelineMoment at(std::uint64_t generation, std::int64_t step) const override {
    ++read;
    return {snapshotAt(snapshotStepAt(generation, step), generation), std::make_shared<const SnapshotTracks>()};
  }
  std::vector<std::int64_t> snapshotSteps(std::uint64_t generation) const override {
    std::vector<std::int64_t> steps;
    for (std::int64_t step = 0; generation == 1 && step <= last; ++step) steps.push_back(step);
    return steps;
  }
  std::shared_ptr<const StepSeries> steps(std::uint64_t) const override {
    StepRecorder recorder;
    for (std::int64_t step = 1; step <= last; ++step) recorder.append(stepAt(step));
    return std::make_shared<const StepSeries>(recorder.series());
  }
  std::vector<KnobChange> knobChanges(std::uint64_t) const override { return {{7, Knobs{}}}; }
  LayerAnalyses analyses(std::uint64_t generation, int, std::int64_t upToStep) const override {
    ++read;
    return {analysisAt(std::min(upToStep, last), 4, generation), nullptr, std::make_shared<const std::vector<AnalysisPointer>>(),
            nullptr};
  }
  std::int64_t snapshotStepAt(std::uint64_t generation, std::int64_t step) const override {
    return generation == 1 ? std::clamp<std::int64_t>(step, 0, last) : -1;
  }
  std::int64_t analysisStepAt(std::uint64_t generation, int layer, std::int64_t upToStep) const override {
    return generation == 1 && layer == 0 ? std::min(upToStep, last) : -1;
  }
};

}  // namespace

class TestTimeline : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_follower_is_told_of_every_entry_once_it_stands() {
    Timeline timeline;
    timeline.append(snapshotAt(0));  // before it came
    const auto diary = std::make_shared<Diary>(timeline);
    timeline.follow(diary);
    timeline.append(1, KnobChange{0, Knobs{}});
    timeline.append(1, KnobChange{3, Knobs{}});  // no change
    for (const int step : {1, 2}) timeline.append(1, stepAt(step));
    timeline.append(snapshotAt(2));
    timeline.append(analysisAt(2, 4));
    timeline.append(AnalysisFailure{0, 2, 1, "why"});
    const auto mark = timeline.mark(1);
    timeline.append(1, stepAt(3));
    timeline.branch(2, 1, 2, *mark);
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, timeline.append(1, stepAt(1)));  // does not stand
    QCOMPARE(diary->lines.join(", "), QString("knobs 1 0, step 1 1, step 1 2, snapshot 1 2, analysis 1 2, failure 1 2, step 1 3, "
                                              "branch of 1 with 2 steps 2 2"));
  }

  void what_the_memory_thinned_out_comes_from_the_archive() {
    Timeline timeline(0);  // a budget that only the newest fits
    for (int step = 0; step <= 10; ++step) timeline.append(snapshotAt(step));
    timeline.append(analysisAt(10, 4));
    QCOMPARE(timeline.at(1, 4).snapshot->step, 10);
    const auto archive = std::make_shared<WholeArchive>(8);  // a little behind
    timeline.setArchive(archive);
    QCOMPARE(timeline.at(1, 4).snapshot->step, 4);
    QCOMPARE(timeline.at(1, 9).snapshot->step, 8);
    QCOMPARE(timeline.at(1, -2).snapshot->step, 0);
    QCOMPARE(archive->read, 3);
    QCOMPARE(timeline.at(1, 10).snapshot->step, 10);  // held, and not read
    QCOMPARE(archive->read, 3);
    QCOMPARE(timeline.snapshotSteps(1), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 10}));
    QCOMPARE(timeline.analyses(1, 0, 6).latest->step, 6);
    QCOMPARE(timeline.analyses(1, 0).latest->step, 10);
    QVERIFY(!timeline.analyses(1, 1).latest);
    QCOMPARE(timeline.steps(1)->steps(), 8);  // none were put into the memory
    QCOMPARE(timeline.knobChanges(1).at(0).step, 7);
    QCOMPARE(timeline.lastStep(1), 10);
  }

  void a_moment_put_back_is_the_one_that_was() {
    Timeline timeline;
    const auto diary = std::make_shared<Diary>(timeline);
    timeline.follow(diary);
    const TimelineMoment moment{snapshotAt(30, 2), std::make_shared<const SnapshotTracks>()};
    timeline.restore(moment);
    QCOMPARE(timeline.current(), std::uint64_t(2));
    QCOMPARE(timeline.latest().tracks, moment.tracks);
    QVERIFY(diary->lines.isEmpty());
  }

  void what_was_appended_is_found_by_generation_and_step() {
    Timeline timeline;
    QVERIFY(!timeline.latest().snapshot);
    for (const int step : {0, 5, 10}) timeline.append(snapshotAt(step));
    for (int step = 1; step <= 10; ++step) timeline.append(1, stepAt(step));
    QCOMPARE(timeline.current(), std::uint64_t(1));
    QCOMPARE(timeline.latest().snapshot->step, 10);
    QCOMPARE(timeline.at(1, 7).snapshot->step, 5);
    QCOMPARE(timeline.at(1, 5).snapshot->step, 5);
    QCOMPARE(timeline.at(1, -3).snapshot->step, 0);
    QCOMPARE(timeline.at(1, Timeline::kEnd).snapshot->step, 10);
    QVERIFY(!timeline.at(2, 5).snapshot);
    QCOMPARE(timeline.snapshotSteps(1), std::vector<std::int64_t>({0, 5, 10}));
    QCOMPARE(timeline.steps(1)->steps(), 10);
    QVERIFY(timeline.steps(2)->empty());
    const auto before = timeline.steps(1);
    QVERIFY(before == timeline.steps(1));  // nothing new: what draws it need not draw again
    timeline.append(1, stepAt(11));
    QVERIFY(before != timeline.steps(1));
    QCOMPARE(before->steps(), 10);  // what was handed out does not change
  }

  void an_older_generation_is_gone_back_to_and_grows_on() {
    Timeline timeline;
    timeline.append(snapshotAt(0, 1));
    for (int step = 1; step <= 4; ++step) timeline.append(1, stepAt(step));
    timeline.append(snapshotAt(4, 1));
    timeline.append(snapshotAt(0, 2));
    timeline.append(2, stepAt(1));
    QCOMPARE(timeline.current(), std::uint64_t(2));
    timeline.append(snapshotAt(4, 1));
    timeline.append(1, stepAt(5));
    timeline.append(snapshotAt(5, 1));
    QCOMPARE(timeline.current(), std::uint64_t(1));
    QCOMPARE(timeline.latest().snapshot->step, 5);
    QCOMPARE(timeline.steps(1)->steps(), 5);
    QCOMPARE(timeline.steps(2)->steps(), 1);
    QCOMPARE(timeline.snapshotSteps(1), std::vector<std::int64_t>({0, 4, 5}));
    QCOMPARE(timeline.generations(), std::vector<std::uint64_t>({1, 2}));
    timeline.append(analysisAt(0, 4, 2));  // late, of the one that is not current
    QCOMPARE(timeline.current(), std::uint64_t(1));
    QCOMPARE(timeline.analyses(2, 0).latest->step, 0);
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, timeline.append(snapshotAt(3, 1)));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, timeline.append(1, stepAt(5)));
  }

  void a_branch_begins_with_what_there_was_at_its_mark_and_leaves_the_rest_as_it_is() {
    Timeline timeline;
    timeline.append(1, KnobChange{0, {}});
    for (const int step : {0, 4, 8}) timeline.append(snapshotAt(step));
    for (int step = 1; step <= 5; ++step) timeline.append(1, stepAt(step));
    timeline.append(analysisAt(4, 2));
    const auto mark = timeline.mark(1);
    Knobs other;
    other.router = "topk";
    timeline.append(1, KnobChange{5, other});
    for (int step = 6; step <= 9; ++step) timeline.append(1, stepAt(step));
    timeline.append(analysisAt(8, 3));
    timeline.append(AnalysisFailure{0, 9, 1, "no"});
    QCOMPARE(timeline.lastStep(1), 9);
    for (const std::uint64_t generation : {2, 3}) {  // as often as one likes
      timeline.branch(generation, 1, 5, *mark);
      QCOMPARE(timeline.steps(generation)->steps(), 5);
      QCOMPARE(timeline.snapshotSteps(generation), std::vector<std::int64_t>({0, 4}));
      QCOMPARE(timeline.knobChanges(generation).size(), std::size_t(1));
      QCOMPARE(timeline.analyses(generation, 0).latest->settings.rank, 2);
      QVERIFY(!timeline.analyses(generation, 0).failure);
      QCOMPARE(timeline.analyses(generation, 0).history->size(), std::size_t(1));
      timeline.append(snapshotAt(5, static_cast<int>(generation)));
      timeline.append(generation, stepAt(6));  // would not follow step 9
      QCOMPARE(timeline.current(), generation);
      QCOMPARE(timeline.steps(generation)->bucket(5).last, 6);
    }
    QCOMPARE(timeline.steps(1)->steps(), 9);
    QCOMPARE(timeline.snapshotSteps(1), std::vector<std::int64_t>({0, 4, 8}));
    timeline.branch(9, 7, 5, *timeline.mark(7));  // of one that is held no longer
    QVERIFY(timeline.steps(9)->empty() && timeline.lastStep(9) == -1);
  }

  void knob_changes_are_kept_by_step() {
    Timeline timeline;
    Knobs knobs;
    timeline.append(1, KnobChange{0, knobs});
    timeline.append(1, KnobChange{3, knobs});  // no change
    for (const double rate : {1e-3, 2e-3}) {
      knobs.learningRate = rate;
      timeline.append(1, KnobChange{7, knobs});
    }
    const std::vector<KnobChange> changes = timeline.knobChanges(1);
    QCOMPARE(changes.size(), std::size_t(2));
    QCOMPARE(changes[1].step, 7);
    QCOMPARE(changes[1].knobs.learningRate, 2e-3);
    QVERIFY(timeline.knobChanges(2).empty());
  }

  void analyses_and_their_failures_stand_in_their_order() {
    Timeline timeline;
    QVERIFY(timeline.analyses(1, 0).history->empty());
    timeline.append(analysisAt(10, 4));
    timeline.append(analysisAt(20, 4));
    timeline.append(analysisAt(20, 5));  // other settings
    LayerAnalyses now = timeline.analyses(1, 0);
    QCOMPARE(now.latest->settings.rank, 5);
    QCOMPARE(now.history->size(), std::size_t(2));
    QVERIFY(!now.failure);
    timeline.append(AnalysisFailure{0, 30, 1, "the planted fault"});
    now = timeline.analyses(1, 0);
    QCOMPARE(now.failure->what, std::string("the planted fault"));
    QCOMPARE(now.latest->step, 20);
    QVERIFY(!timeline.analyses(1, 0, 25).failure);
    QVERIFY(!timeline.analyses(1, 1).failure);
    QCOMPARE(timeline.analyses(1, 0, 15).latest->step, 10);
    QCOMPARE(timeline.analyses(1, 0, 15).history->size(), std::size_t(1));
    QVERIFY(!timeline.analyses(1, 0, 5).latest);
    timeline.append(analysisAt(40, 4));
    QVERIFY(!timeline.analyses(1, 0).failure);
    QVERIFY(timeline.analyses(1, 0, 35).failure);
  }

  void older_snapshots_are_thinned_evenly_and_the_budget_is_kept() {
    const std::size_t one = sizeOfOne(), budget = 20 * one + (one / 2);
    Timeline timeline(budget);
    for (int i = 0; i < 500; ++i) {
      timeline.append(snapshotAt(3 * i));
      QVERIFY(timeline.bytes() <= budget);
      QCOMPARE(timeline.latest().snapshot->step, 3 * i);
    }
    const std::vector<std::int64_t> steps = timeline.snapshotSteps(1);
    QVERIFY2(steps.size() > 8 && steps.size() <= 20, std::to_string(steps.size()).c_str());
    QCOMPARE(steps.front(), 0);
    QCOMPARE(steps.back(), 3 * 499);
    for (std::size_t i = 2; i + 1 < steps.size(); ++i) QCOMPARE(steps[i] - steps[i - 1], steps[1] - steps[0]);
    QVERIFY(steps.back() - steps[steps.size() - 2] <= steps[1] - steps[0]);
    QCOMPARE(timeline.dropped(), 500 - steps.size());
  }

  void the_newest_stays_whatever_the_budget_and_older_generations_go_first() {
    Timeline timeline(1);
    for (const int step : {0, 5, 10}) timeline.append(snapshotAt(step, 1));
    QCOMPARE(timeline.snapshotSteps(1), std::vector<std::int64_t>({10}));
    timeline.append(snapshotAt(0, 2));
    QCOMPARE(timeline.generations(), std::vector<std::uint64_t>({2}));
    QCOMPARE(timeline.latest().snapshot->step, 0);
    QVERIFY(timeline.bytes() > timeline.budget());
    Timeline roomy(3 * sizeOfOne() + sizeOfOne() / 2);
    for (std::uint64_t generation = 1; generation <= 3; ++generation) roomy.append(snapshotAt(0, generation));
    roomy.append(snapshotAt(5, 1));  // gone back to
    QVERIFY(roomy.generations() == std::vector<std::uint64_t>({1, 3}));
  }

  void many_small_entries_are_thinned_by_number() {
    Timeline timeline;
    for (int i = 0; i < 3000; ++i) timeline.append(analysisAt(i, 4));
    const auto history = timeline.analyses(1, 0).history;
    QVERIFY(history->size() <= Timeline::kMostKept && history->size() >= Timeline::kMostKept / 2);
    QCOMPARE(history->front()->step, 0);
    QCOMPARE(history->back()->step, 2999);
  }

  void the_bytes_are_those_of_the_arrays() {
    const SnapshotPointer snapshot = snapshotAt(0);
    const LayerSnapshot& layer = snapshot->layers[0];
    const std::size_t arrays =
        4 * static_cast<std::size_t>(layer.hidden.size() + layer.scores.size() + layer.routerDirections.size() +
                                     8 * layer.frames[0].size()) +
        8 * static_cast<std::size_t>(layer.spectra.size() + layer.logPrior.size() + layer.trainingLoad.size());
    QVERIFY(bytesOf(*snapshot) >= arrays);
    QVERIFY(bytesOf(*snapshot) < arrays + 2000);
    Snapshot trained = *snapshot;
    trained.layers[0].trainedGates = layer.scores;
    QCOMPARE(bytesOf(trained), bytesOf(*snapshot) + 4 * static_cast<std::size_t>(layer.scores.size()));
  }
};

MOESCOPE_TEST(TestTimeline)
#include "test_timeline.moc"
