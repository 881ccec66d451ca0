#include "core/metrics/bounds.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

/// Entropy of m logits at `range` and N - m at zero, written with e^-range so that it never overflows.
double twoLevelEntropy(int experts, int m, double range) {
  const double low = std::exp(-range) * (experts - m);  // everything divided by e^range
  const double total = m + low;
  return std::log(total) + range * low / total;
}

}  // namespace

/// With T the total, the two-level entropy is log T + c N / T - c, c = range e^-range / (1 - e^-range): it falls until T = c N
/// and rises after, so the least over whole m is at one of the two neighbours of that point.
double entropyLowerBound(int experts, double range) {
  if (experts < 2) return 0.0;
  const double small = std::exp(-range), gap = -std::expm1(-range);  // 1 - e^-range without cancellation
  if (gap == 0.0) return std::log(static_cast<double>(experts));
  if (small == 0.0) return 0.0;  // also for an infinite range
  // In w = m + (N - m) e^-range the entropy is log w + c (N/w - 1), c = range e^-range / (1 - e^-range): it falls until w = c N
  // and rises after it, so the least integer m is one of the two beside that point.
  const double c = range * small / gap;
  const int m = std::clamp(static_cast<int>(experts * (c - small) / gap), 1, experts - 1);
  const double least = std::min(twoLevelEntropy(experts, m, range), twoLevelEntropy(experts, std::min(m + 1, experts - 1), range));
  return std::max(0.0, least);
}

double entropyUpperBound(int experts, double gap) { return experts < 2 ? 0.0 : twoLevelEntropy(experts, 1, gap); }

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
