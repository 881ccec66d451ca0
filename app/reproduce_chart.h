#pragma once
// A table of claims as one picture, for slides.

#include <string>
#include <vector>

#include "core/experiments/statistics.h"

namespace moescope {

/// One row: a measured mean with its interval against the bound that decides, or a count of seeds.
struct ChartRow {
  std::string claim, verdict, measured;
  Interval interval;      ///< count 0: a row of words alone
  double bound = 0.0;     ///< of the claim's rule
  int collapsed = -1, runs = 0;  ///< collapsed seeds of runs; -1: not such a row
};

/// PNG, 1600 pixels wide, white, written atomically; needs no display. Throws std::runtime_error with the path.
void writeClaimsChart(const std::string& title, const std::vector<ChartRow>& rows, const std::string& path);

}  // namespace moescope
