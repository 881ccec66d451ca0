#pragma once
// Moments of a time line as the blobs of a session: safetensors, compressed. Field by field what core/reading, core/timeline and
// core/geometry call it (docs/session.md).

#include <memory>
#include <string>
#include <string_view>

#include "core/timeline/timeline_entries.h"

namespace moescope {

/// An analysis with what was drawn from it.
struct AnalysedMoment {
  AnalysisPointer analysis;
  std::shared_ptr<const ComparedEmbeddings> compared;  ///< null: too few subspaces
};

std::string probeBlob(const Probe& probe);
/// Without the probe, which all snapshots of a run share.
std::string momentBlob(const TimelineMoment& moment);
std::string analysisBlob(const AnalysedMoment& moment);

// Each throws std::runtime_error, one line that begins with `place`, for what is damaged or whose arrays do not belong together.
// `generation`: the number that it has in the session.
std::shared_ptr<const Probe> readProbe(std::string_view blob, const std::string& place);
TimelineMoment readMoment(std::string_view blob, std::shared_ptr<const Probe> probe, std::uint64_t generation,
                          const std::string& place);
AnalysedMoment readAnalysis(std::string_view blob, std::uint64_t generation, const std::string& place);

}  // namespace moescope
