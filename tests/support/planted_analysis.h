#pragma once
// An analysis of experts with random weights on a planted layer.

#include <memory>
#include <random>

#include "core/geometry/expert_analysis.h"
#include "core/reading/snapshot.h"

namespace moescope::testing {

/// Experts with random weights on the planted tokens, each token given to its leading expert.
inline std::shared_ptr<const ExpertAnalysis> analysisOf(const LayerSnapshot& layer, int step, std::uint64_t generation = 0) {
  std::mt19937 dice(3);
  std::normal_distribution<float> normal(0.0f, 0.2f);
  const auto gaussian = [&](Eigen::Index rows, Eigen::Index columns) -> RowMatrix {
    return Eigen::MatrixXf(Eigen::MatrixXf::NullaryExpr(rows, columns, [&] { return normal(dice); }));
  };
  const Eigen::Index width = layer.hidden.cols();
  AnalysisInput input;
  input.step = step;
  input.generation = generation;
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

}  // namespace moescope::testing
