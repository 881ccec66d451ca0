#pragma once
// What `moescope reproduce` writes and prints.

#include <string>
#include <vector>

#include "app/reproduce_lab.h"
#include "core/experiments/finding.h"

namespace moescope {

/// Writes TABLE.json, TABLE.csv and TABLE.png into the output folder, each atomically, and prints the table (or the JSON).
void publish(const std::string& table, const std::vector<Finding>& findings, const Lab& lab, bool printJson);

}  // namespace moescope
