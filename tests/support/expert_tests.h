#pragma once
// Short ways to ask what tests of experts ask.

#include <memory>
#include <vector>

#include "core/geometry/expert_jacobians.h"

namespace moescope::testing {

inline ExpertWeights expertOf(const ExpertSource& experts, int number) {
  ExpertWeights scratch;
  return experts.read(number, scratch);
}

inline std::shared_ptr<const ExpertSource> inMemory(std::vector<ExpertWeights> experts) {
  return std::make_shared<const ExpertsInMemory>(std::move(experts));
}

/// dE/dh at one token times `directions` (d x s); without these the Jacobian itself.
inline Eigen::MatrixXf jacobianAt(const ExpertWeights& expert, const Eigen::VectorXf& hidden,
                                  const Eigen::MatrixXf& directions = {}) {
  Eigen::MatrixXf jacobian;
  ExpertJacobian(expert, directions).atEach(hidden.transpose(), [&](Eigen::Index, const RowMatrix& product) {
    jacobian = product;
  });
  return jacobian;
}

/// On shared tokens, all in one pass.
inline JacobianAlignment alignmentOf(const std::vector<ExpertWeights>& experts, const RowMatrix& tokens, int probes = 0) {
  const auto count = static_cast<int>(experts.size());
  ExpertJacobians jacobians(
      {count, static_cast<int>(tokens.cols()), static_cast<int>(tokens.rows()), probes, static_cast<int>(tokens.rows()), 1},
      tokens);
  jacobians.beginPass(0);
  for (int e = 0; e < count; ++e) jacobians.take(e, experts[static_cast<std::size_t>(e)], {});
  jacobians.endPass();
  return jacobians.alignment();
}

}  // namespace moescope::testing
