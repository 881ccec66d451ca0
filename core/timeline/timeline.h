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
#include <vector>

#include "core/timeline/thinned_list.h"
#include "core/timeline/timeline_entries.h"
#include "core/timeline/timeline_follower.h"

namespace moescope {

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
  /// `generation`, which is new, goes on from another one's `step`: it begins with what that had when the mark was taken there,
  /// as far as it is held still. By the thread that writes steps.
  void branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark);

  /// From now on it is told of every entry.
  void follow(std::shared_ptr<TimelineFollower> follower);
  /// What the memory does not hold is read from there from now on, and throws as reading it does.
  void setArchive(std::shared_ptr<const MomentArchive> archive);
  /// Puts a moment of the archive back as it was and makes its generation the current one; no follower is told.
  void restore(const TimelineMoment& moment);

  // Reading. An unknown generation has nothing. Of memory and archive the nearer moment counts.

  std::shared_ptr<const TimelineMark> mark(std::uint64_t generation) const;
  /// The last step that a generation has anything of; -1: nothing.
  std::int64_t lastStep(std::uint64_t generation) const;
  std::uint64_t current() const;                    ///< 0 until the first snapshot
  std::vector<std::uint64_t> generations() const;   ///< that are held or archived, rising
  std::optional<BranchPoint> branchPoint(
      std::uint64_t generation) const;              ///< none: it began at step 0. The other one may be held no more
  TimelineMoment latest() const;                    ///< of the current generation
  /// The last snapshot at or before a step that is kept or archived; before the first one, the first.
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

  using Followers = std::vector<std::shared_ptr<TimelineFollower>>;

  Chapter& write(std::uint64_t generation);
  std::shared_ptr<const MomentArchive> archive() const;
  std::shared_ptr<const Followers> followers() const;
  const Chapter* find(std::uint64_t generation) const;
  void put(const TimelineMoment& moment, bool replaces);
  TimelineMoment heldAt(std::uint64_t generation, std::int64_t step) const;
  LayerAnalyses heldAnalyses(std::uint64_t generation, int layer, std::int64_t upToStep) const;
  void keepBudget();
  bool shed();
  bool thinLargest();
  bool forgetOldest();
  bool keepLastOfLargest();
  bool forgetLayer();

  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::shared_ptr<Chapter>> chapters_;
  std::shared_ptr<const Followers> followers_ = std::make_shared<const Followers>();
  std::shared_ptr<const MomentArchive> archive_;  // null: there is none
  std::uint64_t current_ = 0;
  std::size_t writes_ = 0;
};

}  // namespace moescope
