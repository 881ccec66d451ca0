#pragma once
// Whether what was read from a file is such as the views may draw: arrays of one moment have sizes that belong together, and
// numbers that stand for places lie within them.

#include <string>

#include "core/timeline/timeline_entries.h"

namespace moescope {

// Each throws std::runtime_error, "PLACE: WHAT: expected ...".
void requireWhole(const Probe& probe, const std::string& place);
void requireWhole(const Snapshot& snapshot, const std::string& place);
void requireWhole(const SnapshotTracks& tracks, const Snapshot& snapshot, const std::string& place);
void requireWhole(const ExpertAnalysis& analysis, const std::string& place);
/// `experts`: that the points may be of.
void requireWhole(const ComparedEmbeddings& compared, int experts, const std::string& place);

}  // namespace moescope
