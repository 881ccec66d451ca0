#include "core/geometry/principal_subspaces.h"

#include <algorithm>
#include <cmath>

#include "core/geometry/decompositions.h"

namespace moescope {

PrincipalSubspace principalSubspace(const RowMatrix& tokens, const Eigen::VectorXf& weights, int rank, double share) {
  const Eigen::Index width = tokens.cols();
  PrincipalSubspace result;
  result.basis.resize(width, 0);
  std::vector<Eigen::Index> rows;
  for (Eigen::Index t = 0; t < weights.size(); ++t)
    if (weights[t] > 0.0f) rows.push_back(t);
  result.tokens = static_cast<int>(rows.size());
  if (rows.size() < 2) return result;
  Eigen::MatrixXd own(static_cast<Eigen::Index>(rows.size()), width);
  Eigen::VectorXd weight(own.rows());
  for (Eigen::Index i = 0; i < own.rows(); ++i) {
    own.row(i) = tokens.row(rows[static_cast<std::size_t>(i)]).cast<double>();
    weight[i] = weights[rows[static_cast<std::size_t>(i)]];
  }
  weight /= weight.sum();
  const Eigen::RowVectorXd mean = weight.transpose() * own;
  own.rowwise() -= mean;
  own.array().colwise() *= weight.array().sqrt();
  // The covariance and the tokens' inner products have the same eigenvalues: the smaller of the two is decomposed.
  const bool few = own.rows() < width;
  const Eigen::MatrixXd covariance = few ? Eigen::MatrixXd(own * own.transpose()) : Eigen::MatrixXd(own.transpose() * own);
  const SymmetricEigen<Eigen::MatrixXd> axes = symmetricEigen(covariance);
  const Eigen::VectorXd values = axes.values.reverse().cwiseMax(0.0);
  const double total = values.sum();
  if (!(total > 1e-12 * (mean.squaredNorm() + 1e-300))) return result;  // all tokens are one point
  const Eigen::Index kept = std::min<Eigen::Index>(width, own.rows() - 1);
  result.explained = values.head(kept) / total;
  Eigen::Index chosen = std::clamp<Eigen::Index>(rank, 1, width);
  if (share > 0.0) {
    double sum = 0.0;
    for (chosen = 0; chosen < kept && sum < share * (1.0 - 1e-12); ++chosen) sum += result.explained[chosen];
  }
  while (chosen > 1 && (chosen > kept || values[chosen - 1] <= 1e-12 * values[0])) --chosen;  // no direction without variance
  result.basis = axes.vectors.rowwise().reverse().leftCols(chosen);
  if (few) result.basis = orthonormalColumns(Eigen::MatrixXd(own.transpose() * result.basis));
  return result;
}

double effectiveRank(const Eigen::VectorXd& shares) {
  if (shares.size() == 0) return 0.0;
  return std::exp(-shares.unaryExpr([](double p) { return p > 0.0 ? p * std::log(p) : 0.0; }).sum());
}

}  // namespace moescope
