#pragma once
// Jacobians of SwiGLU experts and how far those of different experts point the same way.
// Source: the project's math specification, section 5.

#include <Eigen/Core>
#include <functional>
#include <span>
#include <vector>

#include "core/geometry/cosines.h"

namespace moescope {

/// E(h) = W_d (silu(W_g h) * W_u h), with h of width d and I hidden units.
struct SwiGluExpert {
  Eigen::MatrixXf gate;  ///< I x d
  Eigen::MatrixXf up;    ///< I x d
  Eigen::MatrixXf down;  ///< d x I

  Eigen::VectorXf operator()(const Eigen::VectorXf& hidden) const;
};

/// dE/dh at `hidden`, d x d, in closed form.
Eigen::MatrixXf expertJacobian(const SwiGluExpert& expert, const Eigen::VectorXf& hidden);

/// dE/dh times `directions` (d x s) without the Jacobian being formed.
Eigen::MatrixXf jacobianTimes(const SwiGluExpert& expert, const Eigen::VectorXf& hidden, const Eigen::MatrixXf& directions);

/// Standard deviation of the cosine that independent Gaussian Jacobians (d x d) have at one token: 1/d where they are exact,
/// and sqrt(1/(d K) + (1 - 1/K)/d^2) where the cosine is estimated from K Rademacher directions (`probes`; 0: exact), by the
/// expected squared norm of the directions' Gram matrix.
double independentDeviation(int width, int probes);

struct JacobianAlignment {
  Eigen::MatrixXd mean;        ///< N x N: mean of <J_e, J_f> / (|J_e| |J_f|) over the tokens at which neither is 0, in [-1, 1]; diagonal 1;
                               ///< NaN where one is 0 at every token, and so has no direction, or is not finite
  Eigen::MatrixXd ofAverages;  ///< N x N: the same of the experts' Jacobians averaged over the tokens
  double nullDeviation = 0.0;  ///< independentDeviation(d, probes)
  Eigen::VectorXi zeroAt;      ///< N: at how many of the tokens the Jacobian is 0
  int tokens = 0;
  std::vector<int> withoutDirection() const;  ///< experts whose Jacobian is 0 at every token
  /// Mean |cos| over pairs of the others.
  PairMean meanAbsolute() const { return meanOverPairs(mean, withoutDirection()); }
  /// `mean` in units of the deviation at one token. Independent Jacobians have mean |z| 0.80 at one token and less where `mean`
  /// averages over many.
  Eigen::MatrixXd zScore() const { return mean / nullDeviation; }
};

/// Alignment on shared tokens (T x d, one row each). `probes` 0 forms exact Jacobians; otherwise each inner product is
/// Hutchinson's estimate from that many Rademacher directions, the same for every expert (math specification: 32 or more).
/// Throws std::invalid_argument when there are no experts or tokens, or shapes differ. `pulse`, if any, is called at each token
/// and may throw to stop.
JacobianAlignment jacobianAlignment(std::span<const SwiGluExpert> experts, const Eigen::MatrixXf& tokens, int probes = 0, unsigned seed = 1,
                                    const std::function<void()>& pulse = {});

}  // namespace moescope
