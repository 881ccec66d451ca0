#pragma once
// Of how many tokens a measure is, where more are read than are drawn.

#include <cstdint>

#include "core/reading/metric_table.h"

namespace moescope {

/// Tokens of a sample that this measure of a routing is of; 0: it is of all the layer's tokens, or of none.
std::int64_t sampleOf(const Metric& metric, const Routing& routing);

}  // namespace moescope
