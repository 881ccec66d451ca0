#pragma once
// What stands on a time line, and what is read from it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/geometry/expert_analysis.h"
#include "core/knobs/knobs.h"
#include "core/reading/snapshot.h"
#include "core/timeline/step_series.h"
#include "core/timeline/tracks.h"

namespace moescope {

/// Knobs that are in force from the end of `step` on; the first of a generation are those that it was built with.
struct KnobChange {
  std::int64_t step = 0;
  Knobs knobs;
};

/// An analysis that could not be made.
struct AnalysisFailure {
  int layer = 0;
  std::int64_t step = 0;
  std::uint64_t generation = 0;
  std::string what;  ///< one line for a person
};

/// A snapshot with what was derived from it and those before it. Both null: there is none.
struct TimelineMoment {
  SnapshotPointer snapshot;
  std::shared_ptr<const SnapshotTracks> tracks;
};

/// A moment with a name.
struct Bookmark {
  std::string name;  ///< UTF-8, one line, not empty, no other one's
  std::uint64_t generation = 0;
  std::int64_t step = 0;

  bool operator==(const Bookmark&) const = default;
};

/// Where a branch left another generation: what it has up to `step` is that one's.
struct BranchPoint {
  std::uint64_t generation = 0;
  std::int64_t step = 0;
};

/// A generation's steps and knob changes until a moment, to go back to. Shares what it can with the time line.
struct TimelineMark {
  StepRecorder steps;
  std::vector<KnobChange> knobs;
};

/// The analyses of one layer up to a step.
struct LayerAnalyses {
  AnalysisPointer latest;                                         ///< null: none yet
  std::shared_ptr<const ComparedEmbeddings> compared;             ///< of `latest`; null where it has too few subspaces
  std::shared_ptr<const std::vector<AnalysisPointer>> history;    ///< oldest first, `latest` the last; never null
  std::shared_ptr<const AnalysisFailure> failure;                 ///< what came after `latest` and failed; null: nothing did
};

}  // namespace moescope
