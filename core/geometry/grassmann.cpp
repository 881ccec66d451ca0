#include "core/geometry/grassmann.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/geometry/decompositions.h"

namespace moescope {

Eigen::MatrixXd orthonormalBasis(const Eigen::MatrixXd& columns, double relativeTolerance) {
  if (columns.size() == 0 || !columns.allFinite())
    throw std::invalid_argument("a subspace needs a non-empty matrix of finite numbers");
  const SingularValues svd = singularValueDecomposition(columns);
  const Eigen::VectorXd& values = svd.values;
  const Eigen::Index rank = values[0] > 0.0 ? (values.array() > relativeTolerance * values[0]).count() : 0;
  if (rank == 0) throw std::invalid_argument("a subspace needs at least one column that is not zero");
  return svd.left.leftCols(rank);
}

Eigen::VectorXd principalAngles(const Eigen::MatrixXd& first, const Eigen::MatrixXd& second) {
  if (first.size() == 0 || second.size() == 0) throw std::invalid_argument("principal angles need two non-empty subspaces");
  if (first.rows() != second.rows())
    throw std::invalid_argument("principal angles need subspaces of one space: the numbers of rows differ");
  if (first.cols() < second.cols()) return principalAngles(second, first);
  // The wider basis is `first`: the residual of `second` then has exactly min(r1, r2) singular values, the sines.
  const Eigen::MatrixXd inner = first.transpose() * second;
  const Eigen::VectorXd cosines = singularValues(inner);
  const Eigen::VectorXd sines = singularValues(second - first * inner);
  const Eigen::Index count = second.cols();
  Eigen::VectorXd angles(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const double cosine = std::clamp(cosines[i], 0.0, 1.0);
    const double sine = std::clamp(sines[count - 1 - i], 0.0, 1.0);
    angles[i] = cosine * cosine > 0.5 ? std::asin(sine) : std::acos(cosine);
  }
  return angles;
}

GrassmannDistances grassmannDistances(const Eigen::VectorXd& angles) {
  const Eigen::ArrayXd theta = angles.array();
  const double largest = theta.size() ? theta.maxCoeff() : 0.0;
  // log prod cos^2 through log1p(-sin^2), so that small angles keep their digits.
  const double logCosines = 0.5 * (-theta.sin().square()).log1p().sum();
  GrassmannDistances d;
  d.geodesic = std::sqrt(theta.square().sum());
  d.chordal = std::sqrt(theta.sin().square().sum());
  d.projection = std::sin(largest);
  d.procrustes = 2.0 * std::sqrt((0.5 * theta).sin().square().sum());
  d.spectral = 2.0 * std::sin(0.5 * largest);
  d.binetCauchy = std::sqrt(-std::expm1(2.0 * logCosines));
  d.fubiniStudy = std::atan2(d.binetCauchy, std::exp(logCosines));
  d.asimov = largest;
  d.martin = std::sqrt(-2.0 * logCosines);
  d.overlap = theta.size() ? theta.cos().square().mean() : 0.0;
  return d;
}

}  // namespace moescope
