#pragma once
// The von Mises-Fisher distribution on the sphere S^(d-1): density exp(kappa mu . x) / 0F1(; d/2; kappa^2 / 4) with respect to
// the uniform measure (Mardia and Jupp 2000).

namespace moescope {

struct VonMisesFisherNormaliser {
  double logValue = 0.0;    ///< log 0F1(; d/2; kappa^2 / 4), at least 0
  double derivative = 0.0;  ///< d/dkappa = E[mu . x] = I_(d/2)(kappa) / I_(d/2-1)(kappa), in [0, 1)
};

/// Series of positive terms, so that nothing cancels: relative error about 1e-13 for kappa up to 10000. Throws
/// std::invalid_argument for a dimension below 2 or kappa outside [0, 10000].
VonMisesFisherNormaliser vonMisesFisherNormaliser(double kappa, int dimension);

}  // namespace moescope
