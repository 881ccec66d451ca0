#pragma once
// Everything that a view can draw, on a planted snapshot: routing, curve, training steps and two analyses of experts with
// random weights, all from a time line.

#include <cmath>
#include <memory>
#include <string>
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

/// A text of one's own, read by the model of the snapshot: its tokens are the snapshot's first ones.
inline void showPrompt(Scene& scene, const std::string& text, double temperature = 0.7) {
  const auto bytes = static_cast<Eigen::Index>(text.size());
  auto snapshot = std::make_shared<Snapshot>(*scene.snapshot);
  auto probe = std::make_shared<Probe>();
  probe->bytes.assign(text.begin(), text.end());
  probe->domain.assign(text.size(), 0);
  probe->domainNames = {"own text"};
  probe->context = static_cast<int>(bytes);
  snapshot->probe = probe;
  for (LayerSnapshot& layer : snapshot->layers)
    for (RowMatrix* rows : {&layer.hidden, &layer.scores, &layer.trainedGates, &layer.posteriorScores})
      if (rows->rows() > 0) *rows = rows->topRows(bytes).eval();
  auto reading = std::make_shared<PromptReading>();
  reading->request = {text, scene.lens, 0, temperature, 1};
  reading->step = snapshot->step;
  reading->part = static_cast<int>(bytes);
  reading->next = RowMatrix::NullaryExpr(bytes, 256, [](Eigen::Index t, Eigen::Index b) {
    return static_cast<float>(1 + (7 * t + 3 * b) % 256 * ((7 * t + 3 * b) % 256));
  });
  reading->nextAsTrained = reading->next.array().pow(1.3f);
  for (RowMatrix* rows : {&reading->next, &reading->nextAsTrained})
    rows->array().colwise() /= rows->rowwise().sum().array().eval();
  reading->snapshot = snapshot;
  scene.promptRouting = std::make_shared<const Routing>(evaluate(*snapshot, scene.lens));
  scene.prompt = reading;
  scene.promptPlace = static_cast<int>(bytes) - 2;
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
  showPrompt(scene, "own text\n");
  return scene;
}

}  // namespace moescope::testing
