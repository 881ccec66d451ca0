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

double entropyLowerBound(int experts, double range) {
  double least = std::log(static_cast<double>(experts));
  for (int m = 1; m < experts; ++m) least = std::min(least, twoLevelEntropy(experts, m, range));
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

}  // namespace moescope
