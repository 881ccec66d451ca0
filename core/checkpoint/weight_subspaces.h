#pragma once
// Subspaces of expert weights: what the rows of W_gate span most, and how far those of different experts overlap.

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "core/geometry/top_right_subspace.h"

namespace moescope {

struct LayerReport;

/// Fills what the report says of weight subspaces from `weightSubspaces`, as topRightSubspace() gave them for `rank`. Only those of
/// the full rank, clamped to [1, min(I, d)], are compared; experts with fewer are left out, noted, and keep none. `finite`: N, of W_gate.
void measureWeightSubspaces(int rank, int threads, const std::vector<char>& finite, LayerReport& report);

/// Mean cos^2 of the principal angles: |A^T B|^2 / r, with r the smaller rank; NaN where that is 0.
Eigen::VectorXd overlapWith(const Eigen::MatrixXd& basis, const std::vector<Eigen::MatrixXd>& bases);

/// What reading and measuring one expert's weights takes beside them, in bytes: the mapped file of one tensor, at most as large as
/// floats, blocks of directions and their images, and products with the router.
std::uint64_t scratchBytes(std::uint64_t units, std::uint64_t width, std::uint64_t experts, std::uint64_t rank);

/// "2, 6"
std::string expertsListed(const std::vector<int>& experts);

}  // namespace moescope
