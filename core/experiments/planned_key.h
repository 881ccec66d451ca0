#pragma once
// What tells one run's result from another's: a name for the file it is kept in.

#include <string>

#include "core/experiments/planned_run.h"

namespace moescope {

/// As a word for a command line that reads back as the same value: numbers to 17 digits.
std::string wordOf(const KnobDeclaration& knob, const Knobs& knobs);

/// For people the task, the router, every knob that is not at its default and the steps; then a hash of every knob but the
/// device, the text and the program, so that a result is never taken for one of other text, other defaults or another program.
/// `text`: contentHash() of the corpus; `program`: versions of whatever the numbers hang on.
std::string keyOf(const PlannedRun& run, const std::string& text, const std::string& program);

}  // namespace moescope
