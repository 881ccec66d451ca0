#pragma once
// How evenly work is shared among experts. Definitions in the project's math specification, section 8.

#include "core/metrics/row_matrix.h"

namespace moescope {

/// N: share of the assignments (gates other than 0) of each expert; sums to 1, or 0 without assignments. All NaN where a token's
/// gates all are: what it was given is not known.
Eigen::VectorXd assignedLoad(const RowMatrix& gates);

/// Population standard deviation / mean; NaN of nothing, or where the mean is not above 0.
double variationOf(const Eigen::VectorXd& values);

/// Experts below a tenth of the mean load. `load` (N) sums to 1; of loads that are not finite there is no such number.
int deadExperts(const Eigen::VectorXd& load);

}  // namespace moescope
