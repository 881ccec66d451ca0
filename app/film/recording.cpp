#include "app/film/recording.h"

#include "core/training/trainer.h"
#include "core/words/words.h"

namespace moescope {
namespace {

void noteSnapshot(Trainer& trainer, const RecordingPlan& plan, Timeline& timeline) {
  auto snapshot = std::make_shared<Snapshot>(*trainer.snapshot());
  snapshot->generation = plan.generation;
  timeline.append(SnapshotPointer(std::move(snapshot)));
}

void measureExperts(Trainer& trainer, const RecordingPlan& plan, Timeline& timeline) {
  for (int layer = 0; layer < trainer.knobs().layers; ++layer) {
    if (!plan.analysedLayers.empty() && !plan.analysedLayers.contains(layer)) continue;
    AnalysisInput input = trainer.analysisInput(layer);
    input.generation = plan.generation;
    timeline.append(std::make_shared<const ExpertAnalysis>(analyse(input, {})));
  }
}

bool due(long every, long step) { return every > 0 && step % every == 0; }

}  // namespace

Recording record(const Knobs& knobs, const RecordingPlan& plan, const std::function<bool(long done)>& progress) {
  Trainer trainer(knobs, Dispatch::Fused, plan.threads);
  Recording recording{std::make_shared<Timeline>(plan.budget), trainer.notes()};
  Timeline& timeline = *recording.timeline;
  if (plan.atStart) {
    noteSnapshot(trainer, plan, timeline);
    if (plan.analyses > 0) measureExperts(trainer, plan, timeline);
  }
  for (long i = 1; i <= plan.steps; ++i) {
    StepMetrics step = trainer.step();
    if (due(plan.heldOut, i)) step.heldOutLoss = trainer.heldOutLoss();
    timeline.append(plan.generation, step);
    if (due(plan.snapshots, i) && i < plan.steps) noteSnapshot(trainer, plan, timeline);
    if (due(plan.analyses, i) && i < plan.steps) measureExperts(trainer, plan, timeline);
    if (!progress(i)) throw Stopped(translated("stopped; nothing was drawn"));
  }
  noteSnapshot(trainer, plan, timeline);
  measureExperts(trainer, plan, timeline);
  return recording;
}

}  // namespace moescope
