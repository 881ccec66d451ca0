#pragma once
// Subspaces of expert weights: what the rows of W_gate span most, and how far those of different experts overlap.

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/metrics/gates.h"

namespace moescope {

struct LayerReport;

/// Orthonormal basis (d x r) of the top right singular vectors of `matrix` (I x d) and the share of its squared norm in them. Fewer
/// than `rank` columns where it spans fewer directions; none, and NaN, where it is 0 or not finite. Exact up to 256 on the smaller side, else by a randomised block Krylov method (Musco and Musco 2015). `seed`: of its random start;
/// matrices that are compared need different ones, or where spectra are flat the common start would show as overlap.
std::pair<Eigen::MatrixXd, double> topRightSubspace(const GateMatrix& matrix, int rank, unsigned seed);

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
