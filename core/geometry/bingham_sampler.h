#pragma once
// Exact draws from the vector Bingham distribution.

#include <Eigen/Core>
#include <random>

namespace moescope {

/// Draws unit vectors x of R^d with density proportional to exp(x' U diag(lambda) U' x), by rejection from an angular central
/// Gaussian (Kent, Ganeiber and Mardia 2018; math specification, section 9). No draw is approximate.
class BinghamSampler {
 public:
  /// `frame` d x r with orthonormal columns, r < d; `spectrum` r finite eigenvalues, the other d - r are 0.
  BinghamSampler(const Eigen::MatrixXd& frame, const Eigen::VectorXd& spectrum);
  Eigen::VectorXd draw(std::mt19937_64& dice) const;

 private:
  Eigen::MatrixXd frame_;
  Eigen::VectorXd below_;   // d: largest eigenvalue less each
  Eigen::VectorXd spread_;  // d: diagonal of the envelope's precision
  double envelope_ = 1.0;   // b
};

}  // namespace moescope
