#pragma once
// What uniformly random subspaces give: the range that measured principal angles are held against.

#include <Eigen/Core>

namespace moescope {

/// Mean, 5 % and 95 % quantile of one number.
struct RandomRange {
  double mean = 0.0, low = 0.0, high = 0.0;
};

/// Of the i-th principal angle (rising, in radians) between two independent subspaces, each drawn uniformly from Gr(rank, d).
struct RandomAngles {
  Eigen::VectorXd mean, low, high;  ///< rank values each; low and high: 5 % and 95 % quantiles
  RandomRange geodesic, chordal, overlap;  ///< of the same pairs, as in GrassmannDistances
};

/// Simulated from a fixed seed: all pairs of 32 subspaces, each the span of Gaussian columns. Throws std::invalid_argument
/// unless 1 <= rank <= dimension.
RandomAngles simulateRandomAngles(int dimension, int rank);

}  // namespace moescope
