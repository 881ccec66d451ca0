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
  const double even = std::log(static_cast<double>(experts));
  const double spread = -std::expm1(-range);
  if (experts < 2 || !(spread > 0.0)) return even;
  const double low = std::exp(-range), turn = experts * low * (range / spread - 1.0) / spread;
  const int below = std::clamp(static_cast<int>(std::floor(turn)), 1, experts - 1), above = std::min(below + 1, experts - 1);
  return std::max(0.0, std::min({even, twoLevelEntropy(experts, below, range), twoLevelEntropy(experts, above, range)}));
}

double entropyUpperBound(int experts, double gap) { return experts < 2 ? 0.0 : twoLevelEntropy(experts, 1, gap); }

double topKMassLowerBound(int experts, int k, double gap) {
  return k >= experts ? 1.0 : k / (k + (experts - k) * std::exp(-gap));
}

double gateFloor(int experts, double range) {
  const double small = std::exp(-range);
  return small / (small + (experts - 1));
}

}  // namespace moescope
