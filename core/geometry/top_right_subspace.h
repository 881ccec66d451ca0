#pragma once
// The directions that the rows of a matrix span most.

#include <Eigen/Core>
#include <cstdint>
#include <utility>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// Orthonormal basis (d x r) of the top right singular vectors of `matrix` (I x d) and the share of its squared norm in them.
/// Fewer than `rank` columns where it spans fewer directions; none, and NaN, where it is 0 or not finite. Exact up to
/// 256 on the smaller side, else by a randomised block Krylov method (Musco and Musco 2015). `seed`: of its random start;
/// matrices that are compared need different ones, or where spectra are flat the common start would show as overlap.
std::pair<Eigen::MatrixXd, double> topRightSubspace(const RowMatrix& matrix, int rank, unsigned seed);

/// Columns of the blocks that this works with, for `rank` directions.
std::uint64_t topRightColumns(std::uint64_t rank);

}  // namespace moescope
