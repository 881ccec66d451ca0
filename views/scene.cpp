#include "views/scene.h"

namespace moescope {

void show(Scene& scene, const TimelineMoment& moment) {
  scene.snapshot = moment.snapshot;
  scene.tracks = moment.tracks;
}

void show(Scene& scene, const LayerAnalyses& analyses) {
  scene.analysis = analyses.latest;
  scene.compared = analyses.compared;
  scene.analysisHistory = analyses.history;
  scene.analysisFailure = analyses.failure ? "the analysis of step " + std::to_string(analyses.failure->step) + " failed: " + analyses.failure->what : "";
}

Scene sceneAt(const Timeline& timeline, std::uint64_t generation, std::int64_t step, const Lens& lens) {
  Scene scene;
  scene.lens = lens;
  scene.steps = timeline.steps(generation);
  show(scene, timeline.at(generation, step));
  if (!scene.snapshot) return scene;
  scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, lens));
  show(scene, timeline.analyses(generation, scene.routing->layer, step));
  return scene;
}

}  // namespace moescope
