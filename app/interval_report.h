#pragma once
// A mean with its interval, for tables, sentences and other programs.

#include <string>

#include "app/report_json.h"
#include "core/experiments/statistics.h"

namespace moescope {

/// "0.412 +- 0.031" for the pattern "%.3f"; the mean alone of one value, "not a number" of none.
inline std::string intervalText(const std::string& pattern, const Interval& interval) {
  return numberText(pattern, interval.mean) + (interval.count > 1 ? numberText(" +- " + pattern, interval.half) : "");
}

inline nlohmann::json intervalJson(const Interval& interval) {
  return {{"mean", number(interval.mean)}, {"half_interval", number(interval.half)}, {"seeds", interval.count}};
}

}  // namespace moescope
