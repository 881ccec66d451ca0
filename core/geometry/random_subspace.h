#pragma once
// Uniformly random points of the Grassmann manifold.

#include "core/geometry/decompositions.h"

namespace moescope {

/// An orthonormal basis (dimension x rank) of a uniformly random subspace: the span of Gaussian columns. `normal()` draws one
/// standard normal number; 1 <= rank <= dimension.
template <typename Normal>
Eigen::MatrixXd randomSubspace(Eigen::Index dimension, Eigen::Index rank, Normal&& normal) {
  return orthonormalColumns(Eigen::MatrixXd(Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(); })));
}

}  // namespace moescope
