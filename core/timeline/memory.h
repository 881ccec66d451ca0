#pragma once
// How much memory entries of the time line hold: their arrays, to within a few hundred bytes each.

#include "core/geometry/expert_analysis.h"
#include "core/reading/snapshot.h"
#include "core/timeline/tracks.h"

namespace moescope {

std::size_t bytesOf(const Snapshot& snapshot);       ///< without the probe, which all snapshots of a run share
std::size_t bytesOf(const SnapshotTracks& tracks);   ///< of a trail its last picture: the others are shared
std::size_t bytesOf(const ExpertAnalysis& analysis);
std::size_t bytesOf(const ComparedEmbeddings& compared);

}  // namespace moescope
