#include "app/render_request.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "app/film/film_record.h"
#include "app/options.h"
#include "core/checkpoint/checkpoint_reader.h"
#include "core/reading/routing_by_layer.h"

namespace moescope {
namespace {

constexpr int kTrailSnapshots = 30;

/// The snapshot with what the reader tells of all layers, as the window has it. `shared`: of their shared experts too, which
/// takes reading the others.
SnapshotPointer withOtherLayers(const LayerReader& reader, const SnapshotPointer& shown, bool shared) {
  if (!reader.summarises()) return shown;
  auto layers = std::make_shared<std::vector<LayerOfExperts>>();
  const auto goesOn = [](int) { return !interrupted(); };
  Progress progress("layer", reader.layers());
  for (int layer = 0; layer < reader.layers(); ++layer) {
    layers->push_back(reader.summary(layer));
    if (layer > 0) tellOnwards((*layers)[static_cast<std::size_t>(layer) - 1], layers->back());
    if (shared) reader.compareShared(layer, layers->back(), goesOn);
    progress.at(layer + 1);
  }
  auto told = std::make_shared<Snapshot>(*shown);
  told->liftByLayer = reader.lifts(*layers, goesOn);
  told->byLayer = std::move(layers);
  return told;
}

}  // namespace

Recording recordTraining(const Knobs& knobs, long steps) {
  RecordingPlan plan;
  plan.steps = steps;
  plan.snapshots = std::max(1L, steps / kTrailSnapshots);
  plan.heldOut = 2 * plan.snapshots;
  plan.analyses = 5 * plan.snapshots;
  Progress progress("step", steps);
  Recording recording = record(knobs, plan, [&](long done) {
    progress.at(done);
    return !interrupted();
  });
  printNotes(recording.notes);
  return recording;
}

Recording recordCheckpoint(RenderOptions& options) {
  Lens& lens = options.document.sides[0].lens;
  const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
  Recording recording;
  const std::unique_ptr<const LayerReader> opened = openLayers(place.folder, place.trace, kFilmGeneration, options.reading);
  const LayerReader& reader = *opened;
  if (lens.layer >= reader.layers())
    throw CLI::ValidationError("--layer", std::to_string(lens.layer + 1) + " is no MoE layer of this checkpoint; expected 1 to " +
                                              std::to_string(reader.layers()));
  const int layer = lens.layer;
  requireSelection(options.document.sides[0].selection, reader.experts(layer));
  const SnapshotPointer snapshot =
      withOtherLayers(reader, reader.snapshot(layer), wantsSharedNorms(options.document.viewOptions));
  recording.timeline->append(snapshot);
  if (!options.gatingGiven) {
    lens.gating = {};
    lens.gating.k = snapshot->checkpoint->chosen;
  }
  for (const std::string& note : snapshot->checkpoint->notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  if (!reader.analyses()) return recording;
  Progress progress("expert", reader.experts(layer));
  const AnalysisPointer analysis = reader.analysis(layer, {}, [&](int done) {
    progress.at(done);
    return !interrupted();
  });
  recording.timeline->append(analysis);
  for (const std::string& note : analysis->notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return recording;
}

}  // namespace moescope
