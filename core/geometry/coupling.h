#pragma once
// Building blocks of router-expert coupling (math specification, section 6).

#include <Eigen/Core>
#include <vector>

#include "core/geometry/expert_analysis.h"

namespace moescope {

/// N x M: mean over the rows n of expertRows[j] (I x d) of |cos(routerVectors[i], row n)|. Rows of length 0 do not count; NaN
/// where none is left, and where one is not finite.
Eigen::MatrixXd meanAbsoluteCosines(const RowMatrix& routerVectors, const std::vector<Eigen::MatrixXf>& expertRows);
/// The same for one expert (N), whose rows (I x d) are not copied.
Eigen::VectorXd meanAbsoluteCosinesTo(const RowMatrix& routerVectors, const RowMatrix& expertRows);

/// NaN below three values, without spread, or where a value is not finite.
double pearsonCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y);
/// Of ranks; ties share their mean rank.
double spearmanCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y);

/// sqrt(2 / (pi d)): E |cos| of independent random directions for large d.
double meanAbsoluteCosineOfRandom(int dimension);

}  // namespace moescope
