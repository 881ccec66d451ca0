#pragma once
// What a layer's routed experts together put out for some tokens, added up while the experts are read one after another.

#include <memory>
#include <mutex>

#include "core/geometry/expert_source.h"

namespace moescope {

class RoutedOutputs {
 public:
  /// `weights`: T x N, what multiplies the experts' outputs, or with `onInputs` their inputs (InputSigmoid); `tokens`: T x d.
  RoutedOutputs(RowMatrix tokens, RowMatrix weights, bool onInputs);
  /// Adds what expert `e` puts out for the tokens that chose it. Each expert once; on any thread.
  void add(int e, const ExpertWeights& expert);
  /// T: length of the sum. NaN of a token whose routing or an expert of which is not finite.
  Eigen::VectorXf norms() const { return sum_.rowwise().norm(); }
  const RowMatrix& tokens() const { return tokens_; }
  const RowMatrix& weights() const { return weights_; }

 private:
  RowMatrix tokens_, weights_, sum_;
  bool onInputs_;
  std::mutex mutex_;
};

inline constexpr Eigen::Index kNormTokens = 256;

/// Of at most kNormTokens of the tokens, evenly spaced.
std::unique_ptr<RoutedOutputs> sampledOutputs(const RowMatrix& tokens, const RowMatrix& weights, bool onInputs);

}  // namespace moescope
