#pragma once
// Do a router's row and its expert's weights point the same way? Math specification, section 6.

#include <Eigen/Core>
#include <vector>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// Router against expert, N x N: row i router, column j expert. NaN where one has no vector (no tokens, no gradient).
struct Coupling {
  Eigen::MatrixXd weights;    ///< mean_n |cos(r_i, W_gate,j[n])|
  Eigen::MatrixXd gradients;  ///< mean_n |cos(dr_i, dW_gate,j[n])| of one step; empty where no gradients were given
  Eigen::MatrixXd movements;  ///< the same of what training has added since the router started; empty where not given
  double nullMean = 0.0;      ///< sqrt(2 / (pi d)): E |cos| of independent random directions
  bool finite = true;  ///< false: router rows or W_gate hold values that are not finite; no mean over `weights` is a number then
  double weightContrast() const;  ///< contrast(weights), or NaN where these are not finite
  double weightsMatched() const;  ///< mean of the diagonal of `weights`, likewise
  /// Mean of the diagonal minus mean of the rest, without NaN entries; NaN when either is empty.
  static double contrast(const Eigen::MatrixXd& matrix);
};

/// N: mean over the rows n of `expertRows` (I x d) of |cos(routerVectors[i], row n)|. Rows of length 0 do not count; NaN where
/// none is left, and where one is not finite.
Eigen::VectorXd meanAbsoluteCosines(const RowMatrix& routerVectors, const RowMatrix& expertRows);

/// sqrt(2 / (pi d)): E |cos| of independent random directions for large d.
double meanAbsoluteCosineOfRandom(int dimension);

}  // namespace moescope
