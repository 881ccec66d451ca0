#pragma once
// Models that training left behind, kept in memory to go back to.

#include <cstdint>
#include <memory>
#include <vector>

#include "core/timeline/snapshot_source.h"
#include "core/timeline/timeline.h"
#include "core/training/trainer_state.h"

namespace moescope {

/// A model with what the engine knows of it.
struct LeftModel {
  TrainerStatePointer state;
  std::uint64_t generation = 0;
  std::uint64_t label = 0;  ///< that the engine was given for it
  double heldOutLoss = 0.0, trainedSeconds = 0.0;
  std::shared_ptr<const TimelineMark> mark;  ///< of its generation
};

/// Within a budget of bytes, the oldest forgotten first. Text that states share counts once.
class KeptModels {
 public:
  explicit KeptModels(std::uint64_t budget) : budget_(budget) {}

  /// Returns its id, of at least 1 and new; 0: it alone is beyond the budget and was not kept.
  std::uint64_t put(LeftModel model);
  /// Whether the budget, empty, holds a model of so many parameters: its weights and two moments each, as floats.
  bool hasRoomFor(std::int64_t parameters) const { return static_cast<std::uint64_t>(parameters) * 3 * sizeof(float) < budget_; }
  /// It was gone back to and is left as it was: the last one of its label again, and the last to be forgotten.
  void leaveAgain(std::uint64_t id);
  /// A model could not even be saved.
  void miss() { ++forgotten_; }
  const LeftModel* find(std::uint64_t id) const;  ///< null: not kept, or no longer
  /// Id of the one that was put here last under this label; 0: none.
  std::uint64_t labelled(std::uint64_t label) const;
  std::vector<KeptModel> list() const;            ///< oldest first
  int forgotten() const { return forgotten_; }    ///< models that were put here and are no longer kept

 private:
  struct Entry {
    std::uint64_t id;
    LeftModel model;
  };
  std::uint64_t bytes() const;

  std::uint64_t budget_, lastId_ = 0;
  int forgotten_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace moescope
