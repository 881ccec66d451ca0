#include "core/metrics/bounds.h"

#include <algorithm>
#include <cmath>

namespace moescope {

double topKMassLowerBound(int experts, int k, double gap) {
  return k >= experts ? 1.0 : k / (k + (experts - k) * std::exp(-gap));
}

double gateFloor(int experts, double range) {
  const double small = std::exp(-range);
  return small / (small + (experts - 1));
}

double binaryDivergence(double a, double b) {
  const double first = a > 0.0 ? a * std::log(a / b) : 0.0, second = a < 1.0 ? (1.0 - a) * std::log((1.0 - a) / (1.0 - b)) : 0.0;
  return std::max(0.0, first + second);
}

double idleExpertBound(int experts, const Eigen::VectorXf& ranges) {
  double logProduct = 0.0;
  for (const float range : ranges) logProduct += std::log1p(-gateFloor(experts, range));
  return experts * std::exp(logProduct);
}

double leastLoadBound(int experts, double divergence) {
  const double uniform = 1.0 / experts;
  if (experts < 2 || binaryDivergence(0.0, uniform) <= divergence) return experts < 2 ? 1.0 : 0.0;
  double low = 0.0, high = uniform;  // the divergence falls from low to high
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2.0;
    (binaryDivergence(middle, uniform) > divergence ? low : high) = middle;
  }
  return low;
}

}  // namespace moescope
