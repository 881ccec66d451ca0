#include "core/metrics/load.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace moescope {

Eigen::VectorXd assignedLoad(const RowMatrix& gates) {
  for (Eigen::Index t = 0; t < gates.rows(); ++t)
    if (gates.row(t).array().isNaN().all())
      return Eigen::VectorXd::Constant(gates.cols(), std::numeric_limits<double>::quiet_NaN());
  const Eigen::MatrixXd chosen = (gates.array() != 0.0f).cast<double>();
  return chosen.colwise().sum().transpose() / std::max(1.0, chosen.sum());
}

LoadBalance balanceOf(const Eigen::VectorXd& load) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (!load.allFinite()) return {none, none, none};  // neither maximum nor clamping keeps what is not a number
  const double entropy = -load.unaryExpr([](double p) { return p > 0.0 ? p * std::log(p) : 0.0; }).sum();
  const auto experts = static_cast<double>(load.size());
  return {variationOf(load), load.maxCoeff() / load.mean() - 1.0, experts > 1.0 ? entropy / std::log(experts) : 1.0};
}

double variationOf(const Eigen::VectorXd& values) {
  const double mean = values.size() > 0 ? values.mean() : 0.0;
  return mean > 0.0 ? std::sqrt((values.array() - mean).square().mean()) / mean : std::numeric_limits<double>::quiet_NaN();
}

int deadExperts(const Eigen::VectorXd& load) {
  constexpr double share = 0.1;  // of the mean load
  return static_cast<int>((load.array() < share / static_cast<double>(load.size())).count());
}

}  // namespace moescope
