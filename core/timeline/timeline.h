#pragma once
// What a source has produced, in the order in which it happened. Entries are added and never change; within the budget older
// snapshots and analyses are thinned, and of many steps neighbours share a bucket (StepSeries). Only going back to a model of a
// generation that has gone on since takes away what followed.
//
// A generation is one model's life: a reset or a change of shape starts another one, and an older one may be gone back to and
// then grows on. The current one is that whose snapshot was appended last.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/geometry/expert_analysis.h"
#include "core/knobs/knobs.h"
#include "core/reading/snapshot.h"
#include "core/timeline/step_series.h"
#include "core/timeline/thinned_list.h"
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

/// Any thread may read. One thread writes steps, knob changes and snapshots, one analyses and their failures; they may differ.
/// One lock, held to swap pointers and to copy small things: what is computed from an entry is computed before it.
class Timeline {
 public:
  static constexpr std::size_t kBudget = 64u << 20;  ///< bytes
  static constexpr std::size_t kMostKept = 256;      ///< snapshots of a generation, and analyses of each of its layers
  static constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

  explicit Timeline(std::size_t budget = kBudget) : budget_(budget) {}

  // Writing. Each costs O(1), amortised, and the tracks of what is appended.

  /// Throws std::invalid_argument for a step that does not follow the generation's last one.
  void append(std::uint64_t generation, const StepMetrics& step);
  /// Of several changes at one step the last is kept; knobs that are in force already are no change.
  void append(std::uint64_t generation, const KnobChange& change);
  /// A snapshot of the same step as the last one takes its place. Makes its generation the current one. Throws
  /// std::invalid_argument for a step before the generation's last one.
  void append(const SnapshotPointer& snapshot);
  /// An analysis of the same layer and step as the last one (by other settings) takes its place.
  void append(const AnalysisPointer& analysis);
  void append(const AnalysisFailure& failure);
  /// `generation`, which is new, goes on from another one's `step`: it begins with what that had when the mark was taken there, as far as
  /// it is held still. By the thread that writes steps.
  void branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark);

  // Reading. An unknown generation has nothing.

  std::shared_ptr<const TimelineMark> mark(std::uint64_t generation) const;
  /// The last step that a generation has anything of; -1: nothing.
  std::int64_t lastStep(std::uint64_t generation) const;
  std::uint64_t current() const;                    ///< 0 until the first snapshot
  std::vector<std::uint64_t> generations() const;   ///< that are held, rising
  std::optional<BranchPoint> branchPoint(std::uint64_t generation) const;  ///< none: it began at step 0. The other one may be held no more
  TimelineMoment latest() const;                    ///< of the current generation
  /// The last snapshot at or before a step that is kept; before the first one, the first.
  TimelineMoment at(std::uint64_t generation, std::int64_t step) const;
  std::vector<std::int64_t> snapshotSteps(std::uint64_t generation) const;  ///< of all that are kept, rising
  /// Never null. The same pointer until another step comes.
  std::shared_ptr<const StepSeries> steps(std::uint64_t generation) const;
  std::vector<KnobChange> knobChanges(std::uint64_t generation) const;
  LayerAnalyses analyses(std::uint64_t generation, int layer, std::int64_t upToStep = kEnd) const;

  std::size_t budget() const { return budget_; }
  /// What is held, without the probe's text. Above the budget only where the newest entries alone are.
  std::size_t bytes() const;
  /// Snapshots and analyses that had to go for the budget, or for kMostKept, of generations that are held.
  std::size_t dropped() const;

 private:
  struct AnalysisEntry {
    AnalysisPointer analysis;
    std::shared_ptr<const ComparedEmbeddings> compared;
    std::size_t order = 0;  ///< in which entries of the generation came
  };
  struct FailureEntry {
    std::shared_ptr<const AnalysisFailure> failure;
    std::size_t order = 0;
  };
  struct Layer {
    ThinnedList<AnalysisEntry> analyses;
    ThinnedList<FailureEntry> failures;
    std::size_t order = 0;  ///< of the entry that came last
    mutable std::shared_ptr<const std::vector<AnalysisPointer>> history;  ///< made when it is asked for; null: not since a change
  };
  struct Chapter {
    StepRecorder steps;
    std::vector<KnobChange> knobs;
    ThinnedList<TimelineMoment> snapshots;
    std::map<int, Layer> layers;
    std::size_t entries = 0;  ///< that were appended
    std::size_t written = 0;  ///< when it was written last, by writes_
    std::optional<BranchPoint> origin;
    mutable std::shared_ptr<const StepSeries> series;  ///< as Layer::history
    std::size_t bytes() const;
  };

  Chapter& write(std::uint64_t generation);
  const Chapter* find(std::uint64_t generation) const;
  void keepBudget();
  bool shed();
  bool thinLargest();
  bool forgetOldest();
  bool keepLastOfLargest();
  bool forgetLayer();

  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::shared_ptr<Chapter>> chapters_;
  std::uint64_t current_ = 0;
  std::size_t writes_ = 0;
};

}  // namespace moescope
