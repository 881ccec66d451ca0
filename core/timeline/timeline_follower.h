#pragma once
// Who keeps what a time line forgets: a follower is told of every entry, an archive gives back what the memory's budget thinned
// out.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/timeline/timeline_entries.h"

namespace moescope {

/// Told of every entry once it stands on the time line, by the thread that put it there: steps, knob changes, snapshots and
/// branches come from one thread, analyses and their failures from another one. Must be quick, and throw nothing: training waits
/// for it.
class TimelineFollower {
 public:
  virtual ~TimelineFollower() = default;

  virtual void step(std::uint64_t generation, const StepMetrics& step) = 0;
  /// Of several changes at one step the last counts.
  virtual void knobs(std::uint64_t generation, const KnobChange& change) = 0;
  /// With its tracks. Takes the place of one of the same generation and step.
  virtual void snapshot(const TimelineMoment& moment) = 0;
  /// `compared`: drawn from it, turned onto the one before; null where it has too few subspaces. Takes the place of one of the
  /// same generation, layer and step.
  virtual void analysis(const AnalysisPointer& analysis, const std::shared_ptr<const ComparedEmbeddings>& compared) = 0;
  virtual void failure(const AnalysisFailure& failure) = 0;
  /// `generation`, which is new, goes on from another one's `step`; `mark`: the steps and knobs that it begins with.
  virtual void branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) = 0;
};

/// What a follower kept. Each function answers as Timeline's of the same name, and may be called from any thread; it may be a
/// little behind the time line. What cannot be read throws std::runtime_error with one line that names it.
class MomentArchive {
 public:
  virtual ~MomentArchive() = default;

  virtual std::vector<std::uint64_t> generations() const = 0;
  virtual std::int64_t lastStep(std::uint64_t generation) const = 0;
  virtual TimelineMoment at(std::uint64_t generation, std::int64_t step) const = 0;
  virtual std::vector<std::int64_t> snapshotSteps(std::uint64_t generation) const = 0;
  virtual std::shared_ptr<const StepSeries> steps(std::uint64_t generation) const = 0;
  virtual std::vector<KnobChange> knobChanges(std::uint64_t generation) const = 0;
  /// Of one that keeps no branches: none.
  virtual std::optional<BranchPoint> branchPoint(std::uint64_t /*generation*/) const { return std::nullopt; }
  virtual LayerAnalyses analyses(std::uint64_t generation, int layer, std::int64_t upToStep) const = 0;

  // Where to look, without reading what is there.
  virtual std::int64_t snapshotStepAt(std::uint64_t generation, std::int64_t step) const = 0;  ///< of at(); -1: none
  virtual std::int64_t analysisStepAt(std::uint64_t generation, int layer,
                                      std::int64_t upToStep) const = 0;  ///< of the latest or of what failed after it; -1: none
};

}  // namespace moescope
