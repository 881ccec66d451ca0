#pragma once
// The bounds on a token's entropy, for CPU and GPU. Natural logarithms; the project's math specification, section 4 (E2, E3).

#include <cmath>

#include "core/metrics/both.h"

namespace moescope {

/// Entropy of m logits at `range` and N - m at zero, written with e^-range so that it never overflows.
MOESCOPE_BOTH double twoLevelEntropy(int experts, int m, double range) {
  const double low = std::exp(-range) * (experts - m);  // everything divided by e^range
  const double total = m + low;
  return std::log(total) + range * low / total;
}

/// E2: the least entropy that N logits can have when the largest and smallest differ by `range` >= 0. Tight.
///
/// With T the total, the two-level entropy is log T + c N / T - c, c = range e^-range / (1 - e^-range): it falls until T = c N
/// and rises after, so the least over whole m is at one of the two neighbours of that point.
MOESCOPE_BOTH double entropyLowerBound(int experts, double range) {
  if (experts < 2) return 0.0;
  const double small = std::exp(-range), gap = -std::expm1(-range);  // 1 - e^-range without cancellation
  if (gap == 0.0) return std::log(static_cast<double>(experts));
  if (small == 0.0) return 0.0;  // also for an infinite range
  const double c = range * small / gap;
  const int point = static_cast<int>(experts * (c - small) / gap);
  const int m = point < 1 ? 1 : point > experts - 1 ? experts - 1 : point;
  const double one = twoLevelEntropy(experts, m, range),
               other = twoLevelEntropy(experts, m + 1 < experts ? m + 1 : experts - 1, range);
  const double least = one < other ? one : other;
  return least > 0.0 ? least : 0.0;
}

/// E3: the greatest entropy that N logits can have when the two largest differ by `gap` >= 0. Tight.
MOESCOPE_BOTH double entropyUpperBound(int experts, double gap) { return experts < 2 ? 0.0 : twoLevelEntropy(experts, 1, gap); }

}  // namespace moescope
