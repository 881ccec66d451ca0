#pragma once
// Principal subspaces of the tokens that each expert was given (math specification, section 5).

#include <Eigen/Core>

#include "core/metrics/row_matrix.h"

namespace moescope {

struct PrincipalSubspace {
  Eigen::MatrixXd basis;      ///< d x r', orthonormal, falling variance; d x 0 for fewer than two tokens or no variance
  Eigen::VectorXd explained;  ///< shares of variance, falling, min(n - 1, d) of them; empty as above
  int tokens = 0;             ///< n: tokens with a weight above 0
};

/// Of the tokens (T x d) with the given weights (T, at least 0): top directions of their weighted, centred covariance. `rank`
/// directions at most, or as many as explain `share` of the variance where share is above 0.
PrincipalSubspace principalSubspace(const RowMatrix& tokens, const Eigen::VectorXf& weights, int rank, double share);

/// exp of the entropy of shares that sum to 1 (Roy and Vetterli 2007); 0 for none.
double effectiveRank(const Eigen::VectorXd& shares);

}  // namespace moescope
