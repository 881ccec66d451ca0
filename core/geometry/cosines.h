#pragma once
// Cosines of many directions at once. What has length 0 has no direction: its cosines are NaN, as are those of what is not
// finite.

#include <Eigen/Core>
#include <vector>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// N x N cosines from N x N inner products.
Eigen::MatrixXd cosines(const Eigen::MatrixXd& inner);

/// N x N cosines of the rows (N x d).
Eigen::MatrixXd cosinesOfRows(const RowMatrix& rows);

/// Numbers of the rows of length 0.
std::vector<int> rowsWithoutDirection(const RowMatrix& rows);

/// Cosines that are averaged over several occasions (tokens), each pair over those at which both have a direction.
class MeanCosines {
 public:
  explicit MeanCosines(Eigen::Index count = 0);
  /// `inner`: N x N inner products.
  void add(const Eigen::MatrixXd& inner);
  /// N x N; NaN for pairs that never both had a direction, and for what once was not finite.
  Eigen::MatrixXd mean() const;
  /// N: on how many occasions each had length 0.
  const Eigen::VectorXi& timesWithoutDirection() const { return zero_; }

 private:
  Eigen::MatrixXd sum_, times_;
  Eigen::VectorXi zero_;
};

/// A mean over pairs.
struct PairMean {
  double value = 0.0;  ///< NaN without pairs
  int pairs = 0;       ///< that it is a mean over
};

/// Mean over pairs a < b, neither of which is in `without`, of |matrix(a, b)|. NaN as soon as one of these entries is.
PairMean meanOverPairs(const Eigen::MatrixXd& matrix, const std::vector<int>& without);

}  // namespace moescope
