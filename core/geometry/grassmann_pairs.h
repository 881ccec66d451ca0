#pragma once
// Principal angles of all pairs of many subspaces at once, eight pairs in the lanes of the CPU's vector unit (pair_kernels.h):
// singular values of the inner products, and of the residuals where an angle is small. `principalAngles` is the plain twin that
// the tests compare with.

#include <Eigen/Core>
#include <vector>

namespace moescope {

/// Angles of every pair of N subspaces.
struct PairAngles {
  int subspaces = 0;
  std::vector<Eigen::VectorXd> angles;  ///< N (N-1) / 2 rising vectors in radians: (0,1), (0,2), ..., (1,2), ...
  const Eigen::VectorXd& of(int first, int second) const;  ///< first != second, either order
};

/// `bases`: N matrices with orthonormal columns and one number of rows; ranks may differ (then min(r1, r2) angles).
/// Absolute error a few 1e-14, also near 0 and pi/2. `threads`: 0 for one per core, or the
/// GPU where its kernels are used and there is enough to do.
/// Throws std::invalid_argument for an empty basis or numbers of rows that differ.
PairAngles principalAnglesOfAllPairs(const std::vector<Eigen::MatrixXd>& bases, int threads = 0);

}  // namespace moescope
