#pragma once
// What a time line under the views shows of a run and its branches: lines over steps, what is held of them, and what changed
// when.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/knobs/knobs.h"
#include "core/timeline/timeline.h"

namespace moescope {

/// A model that training can go on from.
struct ModelMoment {
  std::uint64_t generation = 0;
  std::int64_t step = 0;

  bool operator==(const ModelMoment&) const = default;
};

/// Knobs that changed after a step.
struct KnobMark {
  std::int64_t step = 0;
  std::string words;   ///< "Balance weight 0.1 → 0.2"; several changes with commas between
  std::string router;  ///< the one that took over, for a person; empty: the router stayed
};

/// One generation, as far as it is a line of its own: a branch begins where it left the other one.
struct RunLine {
  std::uint64_t generation = 0;
  std::optional<BranchPoint> from;       ///< none: it begins at step 0, or the one that it left is held no more
  std::int64_t first = 0, last = 0;      ///< steps
  std::vector<std::int64_t> snapshots;   ///< steps whose pictures are held, rising
  std::vector<KnobMark> marks;           ///< rising
  std::vector<std::int64_t> models;      ///< steps whose models training can go on from
};

/// A generation and its relatives: those that it left, and that left it.
struct RunOverview {
  std::vector<RunLine> lines;  ///< rising generations; empty: nothing is held
  std::size_t shown = 0;       ///< which of them was asked for
  std::size_t leftOut = 0;     ///< further relatives, for which there is no room
  std::int64_t last = 0;       ///< greatest step of all lines

  static constexpr std::size_t kMostLines = 4;

  const RunLine* find(std::uint64_t generation) const;  ///< null: none
  /// The line that holds a step of the shown generation: its own, or of one that it left. Null: there are no lines.
  const RunLine* lineAt(std::int64_t step) const;
};

RunOverview overviewOf(const Timeline& timeline, std::uint64_t generation, const std::vector<ModelMoment>& models);

/// By the table of knobs, those that differ; empty: none does.
std::string changesInWords(const Knobs& before, const Knobs& after);
/// That were in force when a step of a generation had been taken; none: nothing is known of it.
std::optional<Knobs> knobsAt(const Timeline& timeline, std::uint64_t generation, std::int64_t step);
/// A router's name for a person.
std::string routerInWords(const std::string& router);

/// The last model at or before a step of a generation, its own or of one that it left.
std::optional<ModelMoment> modelBefore(const Timeline& timeline, const std::vector<ModelMoment>& models, std::uint64_t generation,
                                       std::int64_t step);

/// The picture that lies `offset` held ones after (before: negative) the one of `step`, no further than the first and the last.
/// -1: none is held.
std::int64_t heldStep(const std::vector<std::int64_t>& snapshots, std::int64_t step, std::int64_t offset);

}  // namespace moescope
