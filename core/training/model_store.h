#pragma once
// Where states of models are kept that outlive the engine: a session on disk. Without LibTorch's headers.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/timeline/timeline.h"
#include "core/training/trainer_state.h"

namespace moescope {

/// Which state of a model it is.
struct StoredModel {
  std::uint64_t generation = 0;
  std::int64_t step = 0;
  double trainedSeconds = 0.0;  ///< that its steps took
};

class ModelStore {
 public:
  virtual ~ModelStore() = default;
  /// Called on the engine's thread between two steps: it must be quick (modelStateBytes() and writing belong on a thread of the
  /// store's own) and not throw; what cannot be kept the store counts and says. A state of a generation and step that is kept
  /// already takes its place. `state` never changes and shares no memory with the model.
  virtual void keep(const StoredModel& which, TrainerStatePointer state) = 0;
};

/// A stored model to go on with.
struct ModelToContinue {
  StoredModel which;  ///< generation: of the engine's time line; 0: of none there
  /// Reads the state; called on the engine's thread. Throws std::runtime_error with one line for a person.
  std::function<TrainerStatePointer()> load;
  /// What its generation had recorded when it came to that step; null: nothing is known. Needed only where it has later steps.
  std::shared_ptr<const TimelineMark> mark = {};
};

}  // namespace moescope
