#pragma once
// How far the subspaces of a layer's experts overlap: of the tokens they are given, or of the rows of their weights.

#include <Eigen/Core>
#include <vector>

#include "core/geometry/grassmann_pairs.h"

namespace moescope {

struct SubspaceOverlap {
  std::vector<int> compared;       ///< experts that have a subspace
  PairAngles angles;               ///< between these, in that order; none for fewer than two
  Eigen::MatrixXd
      overlap;  ///< N x N: |V_a^T V_b|^2 / r = mean cos^2 of the principal angles, in [0, 1]; diagonal 1; NaN without a subspace
  double nullOverlap = 0.0;        ///< r / d: mean of uniformly random subspaces (r: mean larger rank of the pairs)
  double nullDeviation = 0.0;      ///< sqrt(2) (d - r) / (d sqrt((d - 1)(d + 2)))
};

/// `subspaces`: N orthonormal bases, d x r_e each, d x 0 for those that are left out. `rank`: r of the null model where there are
/// no pairs. `threads`: 0 for one per core.
SubspaceOverlap compareSubspaces(const std::vector<Eigen::MatrixXd>& subspaces, int rank, int threads = 0);

/// N: mean cos^2 of the principal angles between one subspace and each of the others: |A^T B|^2 / r, with r the smaller rank; NaN
/// where that is 0.
Eigen::VectorXd overlapWith(const Eigen::MatrixXd& basis, const std::vector<Eigen::MatrixXd>& bases);

}  // namespace moescope
