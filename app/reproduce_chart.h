#pragma once
// A table of claims as one picture, for slides.

#include <string>
#include <vector>

#include "core/experiments/finding.h"

namespace moescope {

/// PNG, 1600 pixels wide, white, written atomically; needs no display. Throws std::runtime_error with the path.
void writeClaimsChart(const std::string& title, const std::vector<Finding>& findings, const std::string& path);

}  // namespace moescope
