#include "core/metrics/clustering.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace moescope {
namespace {

/// Shares of tokens by expert (rows) and cluster (columns), sum 1.
Eigen::MatrixXd jointShares(const std::vector<int>& experts, const std::vector<int>& clusters) {
  if (experts.empty() || experts.size() != clusters.size())
    throw std::invalid_argument("clustering needs as many experts as clusters, at least one");
  if (*std::min_element(experts.begin(), experts.end()) < 0 || *std::min_element(clusters.begin(), clusters.end()) < 0)
    throw std::invalid_argument("clustering needs labels of at least 0");
  Eigen::MatrixXd joint = Eigen::MatrixXd::Zero(*std::max_element(experts.begin(), experts.end()) + 1,
                                                *std::max_element(clusters.begin(), clusters.end()) + 1);
  for (std::size_t t = 0; t < experts.size(); ++t) joint(experts[t], clusters[t]) += 1.0;
  return joint / joint.sum();
}

/// -sum p log p, nats.
double entropyOf(const Eigen::MatrixXd& shares) {
  return -shares.unaryExpr([](double p) { return p > 0.0 ? p * std::log(p) : 0.0; }).sum();
}

}  // namespace

Clustering clusteringOf(const std::vector<int>& experts, const std::vector<int>& clusters) {
  const Eigen::MatrixXd joint = jointShares(experts, clusters);
  const double first = entropyOf(joint.rowwise().sum()), second = entropyOf(joint.colwise().sum());
  Clustering clustering;
  clustering.purity = joint.rowwise().maxCoeff().sum();
  const double mutual = std::max(0.0, first + second - entropyOf(joint));
  clustering.information = first + second > 0.0 ? 2.0 * mutual / (first + second) : 1.0;
  return clustering;
}

}  // namespace moescope
