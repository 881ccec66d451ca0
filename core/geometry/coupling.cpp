// Router-expert coupling and the correlation of score and activation (math specification, section 6).

#include "core/geometry/coupling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Ranks from 1, ties share their mean rank.
Eigen::VectorXd ranksOf(const Eigen::VectorXd& values) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return values[a] < values[b]; });
  Eigen::VectorXd ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t j = i; j < end; ++j) ranks[order[j]] = 0.5 * static_cast<double>(i + 1 + end);
    i = end;
  }
  return ranks;
}

template <typename Rows>
Eigen::VectorXd cosinesTo(const RowMatrix& routerVectors, const Rows& expertRows) {
  const Eigen::VectorXf lengths = expertRows.rowwise().norm();
  const Eigen::MatrixXf products = expertRows * routerVectors.transpose();  // I x N
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

Eigen::VectorXd meanAbsoluteCosinesTo(const RowMatrix& routerVectors, const RowMatrix& expertRows) { return cosinesTo(routerVectors, expertRows); }

Eigen::MatrixXd meanAbsoluteCosines(const RowMatrix& routerVectors, const std::vector<Eigen::MatrixXf>& expertRows) {
  Eigen::MatrixXd result(routerVectors.rows(), static_cast<Eigen::Index>(expertRows.size()));
  for (std::size_t j = 0; j < expertRows.size(); ++j) result.col(static_cast<Eigen::Index>(j)) = cosinesTo(routerVectors, expertRows[j]);
  return result;
}

double pearsonCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  if (x.size() < 3) return kNone;
  const Eigen::VectorXd a = x.array() - x.mean(), b = y.array() - y.mean();
  const double scale = a.norm() * b.norm();
  return scale > 0.0 && std::isfinite(scale) ? std::clamp(a.dot(b) / scale, -1.0, 1.0) : kNone;
}

double spearmanCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  if (!x.allFinite() || !y.allFinite()) return kNone;  // there is no order
  return pearsonCorrelation(ranksOf(x), ranksOf(y));
}

double meanAbsoluteCosineOfRandom(int dimension) { return std::sqrt(2.0 / (std::numbers::pi * dimension)); }

}  // namespace moescope
