#pragma once
// The subspaces whose angles `bench` and `bench-peers` time.

#include <Eigen/Core>
#include <random>
#include <vector>

#include "core/geometry/grassmann.h"

namespace moescope {

/// 64 orthonormal bases of rank 16 in 128 dimensions, of subspaces that share directions so that small angles occur too.
inline std::vector<Eigen::MatrixXd> benchSubspaces() {
  std::mt19937 dice(1);
  std::normal_distribution<double> normal;
  const auto gaussian = [&] { return Eigen::MatrixXd(Eigen::MatrixXd::NullaryExpr(128, 16, [&] { return normal(dice); })); };
  const Eigen::MatrixXd common = gaussian() * Eigen::VectorXd::LinSpaced(16, 0.0, 12.0).asDiagonal();
  std::vector<Eigen::MatrixXd> bases;
  for (int i = 0; i < 64; ++i) bases.push_back(orthonormalBasis(gaussian() + common));
  return bases;
}

}  // namespace moescope
