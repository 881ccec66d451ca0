#include "app/film/recording.h"

#include <stdexcept>

#include "core/geometry/stop_scope.h"
#include "core/training/sturdy_trainer.h"
#include "core/words/words.h"

namespace moescope {
namespace {

void noteSnapshot(Trainer& trainer, const RecordingPlan& plan, Timeline& timeline) {
  auto snapshot = std::make_shared<Snapshot>(*trainer.snapshot());
  snapshot->generation = plan.generation;
  timeline.append(SnapshotPointer(std::move(snapshot)));
}

[[noreturn]] void stop() { throw Stopped(translated("stopped; nothing was drawn")); }

/// Hundreds of experts take minutes: `goesOn` is asked meanwhile.
void measureExperts(Trainer& trainer, const RecordingPlan& plan, Timeline& timeline, const std::function<bool()>& goesOn) {
  bool stopped = false;
  const StopScope scope([&] { return stopped = stopped || !goesOn(); });
  for (int layer = 0; layer < trainer.knobs().layers; ++layer) {
    if (!plan.analysedLayers.empty() && !plan.analysedLayers.contains(layer)) continue;
    AnalysisInput input = trainer.analysisInput(layer);
    input.generation = plan.generation;
    try {
      timeline.append(std::make_shared<const ExpertAnalysis>(analyse(input, plan.analysis)));
    } catch (const std::runtime_error&) {
      if (stopped) stop();
      throw;
    }
  }
}

bool due(long every, long step) { return every > 0 && step % every == 0; }

}  // namespace

Recording record(const Knobs& knobs, const RecordingPlan& plan, const std::function<bool(long done)>& progress) {
  std::vector<std::string> faults;
  SturdyTrainer trainer(knobs, [&](const std::string& line) { faults.push_back(line); }, plan.threads);
  Recording recording{std::make_shared<Timeline>(plan.budget), trainer->notes()};
  Timeline& timeline = *recording.timeline;
  const auto measure = [&](long done) { measureExperts(*trainer, plan, timeline, [&] { return progress(done); }); };
  const auto note = [&] { trainer.with([&](Trainer& it) { noteSnapshot(it, plan, timeline); }); };
  if (plan.atStart) {
    note();
    if (plan.analyses > 0) measure(0);
  }
  for (long i = 1; i <= plan.steps; ++i) {
    StepMetrics step = trainer.step();
    if (due(plan.heldOut, i)) step.heldOutLoss = trainer.heldOutLoss();
    timeline.append(plan.generation, step);
    if (due(plan.snapshots, i) && i < plan.steps) note();
    if (due(plan.analyses, i) && i < plan.steps) measure(i);
    if (!progress(i)) stop();
  }
  note();
  measure(plan.steps);
  recording.notes.insert(recording.notes.end(), faults.begin(), faults.end());
  return recording;
}

}  // namespace moescope
