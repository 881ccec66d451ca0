#include "core/geometry/von_mises_fisher.h"

#include <cmath>
#include <stdexcept>
#include <vector>

namespace moescope {

VonMisesFisherNormaliser vonMisesFisherNormaliser(double kappa, int dimension) {
  if (dimension < 2 || !(kappa >= 0.0 && kappa <= 1e4))
    throw std::invalid_argument("von Mises-Fisher: expected a dimension of at least 2 and a concentration from 0 to 10000");
  if (kappa == 0.0) return {};
  const double half = 0.5 * dimension, z = 0.25 * kappa * kappa;
  // term(m) = z^m / (m! (half)_m); neighbours' ratios are followed outwards from the largest one.
  const int peak = static_cast<int>(0.5 * (std::sqrt((half - 1.0) * (half - 1.0) + kappa * kappa) - (half - 1.0)));
  const int terms = peak + 20 + static_cast<int>(12.0 * std::sqrt(kappa + 1.0));
  double value = 1.0, first = peak;  // sums of term and m term, in units of the peak's term
  double term = 1.0;
  for (int m = peak; m > 0 && term > 1e-20; --m) {
    term *= m * (half + m - 1.0) / z;
    value += term;
    first += (m - 1) * term;
  }
  term = 1.0;
  for (int m = peak + 1; m < terms; ++m) {
    term *= z / (m * (half + m - 1.0));
    value += term;
    first += m * term;
  }
  int sign = 0;
  const double logPeak =
      peak * std::log(z) - ::lgamma_r(peak + 1.0, &sign) - (::lgamma_r(half + peak, &sign) - ::lgamma_r(half, &sign));
  return {logPeak + std::log(value), 2.0 * first / (value * kappa)};  // d log z^m / dkappa = 2 m / kappa
}

}  // namespace moescope
