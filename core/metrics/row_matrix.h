#pragma once
// The matrix of floats that tokens, scores, gates and weights are kept in.

#include <Eigen/Core>

namespace moescope {

/// Row-major, one row per token or per expert.
using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace moescope
