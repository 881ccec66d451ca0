#pragma once
// Tokens to experts with equal loads and the greatest total score: what BASE layers solve in training (Lewis 2021).

#include <Eigen/Core>
#include <vector>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// The expert of each token, at most ceil(T / N) tokens an expert. By an auction (Bertsekas 1992): the total score is within
/// T * epsilon of the greatest. `scores` T x N, finite, at least one expert; epsilon > 0.
std::vector<int> balancedAssignment(const RowMatrix& scores, double epsilon);

}  // namespace moescope
