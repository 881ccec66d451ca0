#pragma once
// Normaliser of the vector Bingham distribution.
//
// Density with respect to the uniform measure on the unit sphere of R^p, A symmetric with eigenvalues lambda:
//     f(x) = exp(x' A x) / 1F1(1/2; p/2; A),      phi(lambda) = log 1F1(1/2; p/2; A) = log E_uniform exp(x' A x).
// Source: Bingham 1974 (Ann. Stat. 2). The series and its error are derived in the project's math specification, 2.3(a).

#include <Eigen/Core>

namespace moescope {

/// Log normaliser and its derivatives.
struct BinghamNormaliser {
  double logValue = 0.0;           ///< phi, natural log units
  Eigen::VectorXd gradient;        ///< d phi / d lambda_j = E[(u_j . x)^2], one per given eigenvalue, each in [0, 1]
  double gradientOfZero = 0.0;     ///< the same for one of the implied zero eigenvalues; 0 when there is none
  int terms = 0;                   ///< terms of the series that were summed
};

/// Exact log normaliser of the vector Bingham distribution by the positive power series.
///
/// `eigenvalues` holds r eigenvalues (any sign, any order); the other `dimension - r` are zero. Every term of the series
/// is positive after a shift, so nothing cancels: relative error about 2e-14 for eigenvalues up to 1000 in size.
/// Cost O(M r) with M about range + 10 sqrt(range) + 60.
/// Throws std::invalid_argument for a dimension below 1, more eigenvalues than dimensions, a non-finite eigenvalue, or a
/// range of eigenvalues above 20000 (the series would need too many terms).
BinghamNormaliser binghamNormaliser(const Eigen::VectorXd& eigenvalues, int dimension);

/// Measured relative error of the log normaliser: phi(A + cI) - c, whose terms and roundings are others, against phi(A), the
/// largest difference for three shifts c, divided by |phi(A)|. NaN where phi(A) = 0. It sees rounding, not a fault that both
/// share; the saddlepoint below is independent. Cost: three more series. Throws as binghamNormaliser does.
double binghamErrorEstimate(const Eigen::VectorXd& eigenvalues, int dimension);

/// Second-order saddlepoint approximation of phi (Kume and Wood 2005), k = 1.
/// Absolute error at most 0.10 in our checks; independent of the series, so it serves as its coarse check.
/// Throws as binghamNormaliser does.
double binghamSaddlepoint(const Eigen::VectorXd& eigenvalues, int dimension);

}  // namespace moescope
