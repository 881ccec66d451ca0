#pragma once
// Everything that a view can draw, on a planted snapshot: routing, curve, training steps and two analyses of experts with
// random weights, all from a time line.

#include <cmath>
#include <memory>
#include <vector>

#include "core/reading/routing.h"
#include "tests/support/planted_analysis.h"
#include "tests/support/planted_snapshot.h"
#include "views/scene.h"

namespace moescope::testing {

/// A step of the planted training; another router took over at step 15.
inline StepMetrics plantedStep(int step) {
  return {step,
          5.0 / step,
          step % 10 == 0 ? 4.0 / step : NAN,
          {1.0, 1.0},
          {3.0, 3.0},
          {0.5, 0.5},
          {0.9, 0.9},
          {0.1, 0.1},
          {0.05, 0.05},
          step < 15 ? "grmoe" : "topk"};
}

inline std::shared_ptr<const StepSeries> seriesOf(const std::vector<StepMetrics>& steps) {
  StepRecorder recorder;
  for (const StepMetrics& step : steps) recorder.append(step);
  return std::make_shared<const StepSeries>(recorder.series());
}

/// Another snapshot with all that follows from it, as the first of a run.
inline void showSnapshot(Scene& scene, const SnapshotPointer& snapshot) {
  Timeline timeline;
  timeline.append(snapshot);
  show(scene, timeline.latest());
  scene.routing = std::make_shared<const Routing>(evaluate(*snapshot, scene.lens));
}

inline void showAnalysis(Scene& scene, const AnalysisPointer& analysis) {
  scene.analysis = analysis;
  scene.compared = comparedEmbeddings(*analysis, nullptr);
}

inline void fillTimeline(Timeline& timeline, const SnapshotPointer& snapshot) {
  for (int i = 1; i <= 30; ++i) timeline.append(snapshot->generation, plantedStep(i));
  timeline.append(snapshot);
  for (const int step : {10, 20}) timeline.append(analysisOf(snapshot->layers[0], step, snapshot->generation));
}

inline Scene sceneOf(const SnapshotPointer& snapshot, float concentration) {
  Timeline timeline;
  fillTimeline(timeline, snapshot);
  Lens lens;
  lens.concentration = concentration;
  Scene scene = sceneAt(timeline, snapshot->generation, Timeline::kEnd, lens);
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  scene.curve = std::make_shared<const ConcentrationCurve>(concentrationCurve(snapshot->layers[0], lens.reading, grid));
  return scene;
}

}  // namespace moescope::testing
