#pragma once
// The tables of a session file, version by version (docs/session.md).

#include <array>
#include <string>
#include <vector>

#include "core/session/database.h"
#include "core/timeline/step_metrics.h"

namespace moescope {

inline constexpr int kSessionVersion = 1;
inline constexpr int kSessionApplication = 0x4d6f4553;  ///< "MoES", SQLite's application_id

/// A value of each layer of a step, and its column.
struct LayerColumn {
  const char* name;  ///< as stepQuantities() has it
  std::vector<double> StepMetrics::*values;
};
inline constexpr std::array<LayerColumn, 6> kLayerColumns{{{"entropy_nats", &StepMetrics::entropy},
                                                           {"effective_experts", &StepMetrics::effectiveExperts},
                                                           {"load_cv", &StepMetrics::loadVariation},
                                                           {"max_vio", &StepMetrics::maxViolation},
                                                           {"dropped_share", &StepMetrics::dropped},
                                                           {"auxiliary_loss", &StepMetrics::auxiliaryLoss}}};
/// ", COLUMN, COLUMN": to be put behind others.
std::string layerColumnList();

/// Whether there is nothing yet in a database.
bool isEmpty(Database& database);
/// Makes the tables, in the transaction that is open.
void makeTables(Database& database);
/// Throws std::runtime_error, one line: a database of something else, of a newer version, or with other tables, triggers or views
/// than a session has.
void requireSession(Database& database);

}  // namespace moescope
