#include "core/checkpoint/routed_outputs.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace moescope {

RoutedOutputs::RoutedOutputs(RowMatrix tokens, RowMatrix weights, bool onInputs)
    : tokens_(std::move(tokens)),
      weights_(std::move(weights)),
      sum_(RowMatrix::Zero(tokens_.rows(), tokens_.cols())),
      onInputs_(onInputs) {}

void RoutedOutputs::add(int e, const ExpertWeights& expert) {
  std::vector<Eigen::Index> chosen;
  for (Eigen::Index t = 0; t < weights_.rows(); ++t)
    if (weights_(t, e) != 0.0f) chosen.push_back(t);
  if (chosen.empty()) return;
  const Eigen::VectorXf weight = weights_(chosen, e);
  const RowMatrix own = tokens_(chosen, Eigen::all);
  const RowMatrix out = onInputs_ ? expert(weight.asDiagonal() * own) : RowMatrix(weight.asDiagonal() * expert(own));
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < chosen.size(); ++i) sum_.row(chosen[i]) += out.row(static_cast<Eigen::Index>(i));
}

std::unique_ptr<RoutedOutputs> sampledOutputs(const RowMatrix& tokens, const RowMatrix& weights, bool onInputs) {
  const Eigen::Index all = tokens.rows(), wanted = std::min(kNormTokens, all);
  std::vector<Eigen::Index> rows;
  for (Eigen::Index i = 0; i < wanted; ++i) rows.push_back(i * all / wanted);
  return std::make_unique<RoutedOutputs>(tokens(rows, Eigen::all), weights(rows, Eigen::all), onInputs);
}

}  // namespace moescope
