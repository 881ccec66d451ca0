#pragma once
// What a source's time line holds of the current generation.

#include "core/timeline/snapshot_source.h"

namespace moescope::testing {

inline StepSeries steps(const SnapshotSource& source) { return *source.timeline()->steps(source.timeline()->current()); }

inline std::int64_t lastStep(const SnapshotSource& source) {
  const StepSeries all = steps(source);
  return all.empty() ? 0 : all.bucket(all.buckets() - 1).last;
}

inline LayerAnalyses analyses(const SnapshotSource& source, int layer) {
  return source.timeline()->analyses(source.timeline()->current(), layer);
}

inline AnalysisPointer latest(const SnapshotSource& source, int layer) { return analyses(source, layer).latest; }

inline std::vector<AnalysisPointer> history(const SnapshotSource& source, int layer) { return *analyses(source, layer).history; }

}  // namespace moescope::testing
