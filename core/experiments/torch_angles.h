#pragma once
// Principal angles of all pairs by LibTorch's batched singular values: the baseline of `moescope bench`, and an independent
// value for tests.

#include <Eigen/Core>
#include <vector>

namespace moescope {

/// Angles in radians, rising, pairs in the order of PairAngles::angles; bases: N of d x r with orthonormal columns, all of one
/// rank. Cosines from one linalg_svdvals of the stack of inner products. With `sines`, angles below 45 degrees from a second
/// one of the stack of residuals (needed for full accuracy); without, they are off by up to 1e-8. On the CPU in double.
/// Throws std::invalid_argument for fewer than two bases or shapes that differ.
std::vector<Eigen::VectorXd> principalAnglesByTorch(const std::vector<Eigen::MatrixXd>& bases, bool sines);

}  // namespace moescope
