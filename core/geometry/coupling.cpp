#include "core/geometry/coupling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/geometry/stoppable_product.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double Coupling::contrast(const Eigen::MatrixXd& matrix) {
  double diagonal = 0.0, rest = 0.0;
  int diagonalCount = 0, restCount = 0;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
      if (std::isnan(matrix(i, j))) continue;
      (i == j ? diagonal : rest) += matrix(i, j);
      ++(i == j ? diagonalCount : restCount);
    }
  return diagonalCount == 0 || restCount == 0 ? kNone : diagonal / diagonalCount - rest / restCount;
}

double Coupling::weightContrast() const { return finite ? contrast(weights) : kNone; }

double Coupling::weightsMatched() const {
  double sum = 0.0;
  int count = 0;
  for (const double matched : weights.diagonal())
    if (!std::isnan(matched)) sum += matched, ++count;
  return finite && count > 0 ? sum / count : kNone;
}

Eigen::VectorXd meanAbsoluteCosines(const RowMatrix& routerVectors, const RowMatrix& expertRows) {
  const Eigen::VectorXf lengths = expertRows.rowwise().norm();
  const auto products = productInPieces<Eigen::MatrixXf>(expertRows, routerVectors.transpose());  // I x N
  const bool finite = lengths.allFinite();
  Eigen::VectorXd result = Eigen::VectorXd::Constant(routerVectors.rows(), kNone);
  for (Eigen::Index i = 0; i < routerVectors.rows(); ++i) {
    const float length = routerVectors.row(i).norm();
    if (!finite || !std::isfinite(length)) continue;
    double sum = 0.0;
    int count = 0;
    for (Eigen::Index n = 0; n < lengths.size() && length > 0.0f; ++n) {
      if (lengths[n] == 0.0f) continue;
      sum += std::min(1.0, std::abs(static_cast<double>(products(n, i))) / (static_cast<double>(lengths[n]) * length));
      ++count;
    }
    if (count > 0) result[i] = sum / count;
  }
  return result;
}

double meanAbsoluteCosineOfRandom(int dimension) { return std::sqrt(2.0 / (std::numbers::pi * dimension)); }

}  // namespace moescope
