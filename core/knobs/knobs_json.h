#pragma once
// Knobs as JSON, by the names of their table.

#include <string>
#include <string_view>

#include "core/knobs/knobs.h"

namespace moescope {

/// One object, each knob by its name: numbers, words, and true or false.
std::string knobsJson(const Knobs& knobs);

/// Throws std::runtime_error, one line that begins with `place`, where a knob is missing, unknown, or out of its range.
Knobs readKnobsJson(std::string_view text, const std::string& place);

}  // namespace moescope
