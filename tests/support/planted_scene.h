#pragma once
// Everything that a view can draw, on a planted snapshot: routing, curve, history and two analyses of experts with random
// weights.

#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "core/reading/routing.h"
#include "tests/support/planted_snapshot.h"
#include "views/view.h"

namespace moescope::testing {

/// Experts with random weights on the planted tokens, each token given to its leading expert.
inline std::shared_ptr<const ExpertAnalysis> analysisOf(const LayerSnapshot& layer, int step) {
  std::mt19937 dice(3);
  std::normal_distribution<float> normal(0.0f, 0.2f);
  const auto gaussian = [&](Eigen::Index rows, Eigen::Index columns) -> RowMatrix {
    return Eigen::MatrixXf(Eigen::MatrixXf::NullaryExpr(rows, columns, [&] { return normal(dice); }));
  };
  const Eigen::Index width = layer.hidden.cols();
  AnalysisInput input;
  input.step = step;
  input.tokens = layer.hidden * 5.0f;
  input.scores = layer.scores;
  input.gates = RowMatrix::Zero(layer.scores.rows(), layer.scores.cols());
  for (Eigen::Index t = 0; t < input.gates.rows(); ++t) {
    Eigen::Index best = 0;
    layer.scores.row(t).maxCoeff(&best);
    input.gates(t, best) = 1.0f;
  }
  std::vector<ExpertWeights> experts;
  for (Eigen::Index e = 0; e < layer.scores.cols(); ++e)
    experts.push_back({gaussian(20, width), gaussian(20, width), gaussian(width, 20), {}, {}, {}, {}});
  input.routerRows = input.routerMovement = layer.routerDirections;
  for (const ExpertWeights& expert : experts) input.gateMovements.push_back(expert.gate);
  input.experts = std::make_shared<const ExpertsInMemory>(std::move(experts));
  for (const Eigen::MatrixXf& frame : layer.frames) input.mixture.frames.push_back(frame.cast<double>());
  input.mixture.spectra = layer.spectra;
  input.mixture.logPrior = layer.logPrior;
  AnalysisSettings settings;
  settings.jacobianTokens = 16;
  return std::make_shared<const ExpertAnalysis>(analyse(input, settings));
}

inline Scene sceneOf(const SnapshotPointer& snapshot, float concentration) {
  Scene scene;
  scene.snapshot = snapshot;
  scene.lens.concentration = concentration;
  scene.routing = std::make_shared<const Routing>(evaluate(*snapshot, scene.lens));
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  scene.curve = std::make_shared<const ConcentrationCurve>(concentrationCurve(snapshot->layers[0], scene.lens.reading, grid));
  auto history = std::make_shared<std::vector<StepMetrics>>();
  for (int i = 1; i <= 30; ++i)
    history->push_back({i,
                        5.0 / i,
                        i % 10 == 0 ? 4.0 / i : NAN,
                        {1.0, 1.0},
                        {3.0, 3.0},
                        {0.5, 0.5},
                        {0.9, 0.9},
                        {0.1, 0.1},
                        {0.05, 0.05},
                        i < 15 ? "grmoe" : "topk"});
  scene.history = history;
  const auto earlier = analysisOf(snapshot->layers[0], 10), later = analysisOf(snapshot->layers[0], 20);
  scene.analysis = later;
  scene.analysisHistory = std::make_shared<const std::vector<std::shared_ptr<const ExpertAnalysis>>>(std::vector{earlier, later});
  return scene;
}

}  // namespace moescope::testing
