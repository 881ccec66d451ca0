#pragma once
// How evenly work is shared among experts. Definitions in the project's math specification, section 8.

#include "core/metrics/row_matrix.h"

namespace moescope {

/// N: share of the assignments (gates other than 0) of each expert; sums to 1, or 0 without assignments. All NaN where a token's
/// gates all are: what it was given is not known.
Eigen::VectorXd assignedLoad(const RowMatrix& gates);

/// What is said of one load.
struct LoadBalance {
  double variation = 0.0;     ///< CV: population standard deviation / mean
  double maxViolation = 0.0;  ///< MaxVio: largest load / mean load - 1
  double entropy = 0.0;       ///< H(load) / log N, in [0, 1]; 1 when N = 1
};
/// `load`: N, sums to 1. All NaN where a load is not finite.
LoadBalance balanceOf(const Eigen::VectorXd& load);

/// Population standard deviation / mean; NaN of nothing, or where the mean is not above 0.
double variationOf(const Eigen::VectorXd& values);

/// Experts below a tenth of the mean load. `load` (N) sums to 1; of loads that are not finite there is no such number.
int deadExperts(const Eigen::VectorXd& load);

}  // namespace moescope
