#pragma once
// How many values of a large matrix are no numbers, in pieces that a wish to stop reaches.

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "core/geometry/stop_scope.h"

namespace moescope {

/// NaN and infinite entries of a plain matrix or vector of floats. Throws as stopIfWanted().
template <typename Values>
Eigen::Index countNotFinite(const Values& values) {
  constexpr Eigen::Index atOnce = Eigen::Index{1} << 20;
  Eigen::Index bad = 0;
  for (Eigen::Index from = 0; from < values.size(); from += atOnce) {
    stopIfWanted();
    const float* first = values.data() + from;
    bad += std::count_if(first, first + std::min(atOnce, values.size() - from), [](float x) { return !std::isfinite(x); });
  }
  return bad;
}

}  // namespace moescope
