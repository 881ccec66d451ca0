#pragma once
// What a training step is told by: one row for each scalar. The training view, its JSON lines and exports come from this table.

#include <cstddef>
#include <string>
#include <vector>

#include "core/timeline/step_metrics.h"

namespace moescope {

struct StepQuantity {
  std::string name;   ///< key in JSON lines
  std::string label;  ///< for a person, with its unit
  std::string brief;  ///< where the label has no room
  std::string unit;   ///< "" for a plain number
  double (*read)(const StepMetrics&, std::size_t layer);  ///< not a number where the step has no such layer
  bool perLayer = true;        ///< otherwise one value a step, and `layer` is ignored
  bool zeroIsNone = false;     ///< exactly 0 says that there is no such thing
  bool onlySometimes = false;  ///< not a number says that this step did not measure it
};

const std::vector<StepQuantity>& stepQuantities();

/// Row of the table by name. Throws std::out_of_range with the name for one that it has not.
std::size_t stepQuantity(const std::string& name);

/// Whether a value says that there is none, rather than being one.
bool isNone(const StepQuantity& quantity, double value);

}  // namespace moescope
