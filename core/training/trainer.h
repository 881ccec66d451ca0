#pragma once
// The MoE language model and its optimiser, stepped by the caller: what the engine thread, `train` and `bench` run.

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "core/knobs/knobs.h"
#include "core/kernels/dispatch.h"
#include "core/timeline/step_metrics.h"
#include "core/reading/lens.h"
#include "core/reading/snapshot.h"
#include "core/geometry/expert_analysis.h"

namespace moescope {

class Trainer {
 public:
  /// Loads the corpus and builds the model, seeded. Throws std::runtime_error with one line for a person.
  explicit Trainer(const Knobs& knobs, Dispatch dispatch = Dispatch::Fused);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// One optimiser step. A loss or gradient that is not finite leaves the model as it was and throws NonFiniteLoss.
  StepMetrics step();
  /// The model on the probe tokens. Does not touch training.
  SnapshotPointer snapshot();
  /// What the analysis of one layer's experts needs, measured on the probe as routed in training. Does not touch training.
  AnalysisInput analysisInput(int layer);
  /// Mean cross-entropy on the probe in nats per byte, routed as in training.
  double heldOutLoss();
  /// The same with every layer's routing read through the lens (concentration,
  /// reading and gating policy) instead of the training rule.
  double heldOutLoss(const Lens& lens);
  /// Knobs that need no new model take effect at the next step. Throws std::invalid_argument when needsNewModel(...).
  void setKnobs(const Knobs& knobs);
  const Knobs& knobs() const;
  std::int64_t stepNumber() const;
  std::string device() const;         ///< "cpu" or "cuda"
  std::int64_t parameterCount() const;
  /// What a person should know about the corpus: text missing, files cut, another corpus in its place. May be empty.
  const std::vector<std::string>& notes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Leaves one core to the window: LibTorch's work of the calling thread uses the other ones, at least one.
void leaveOneCoreFree();

/// Training produced a loss or gradient that is not finite; what() names the step.
class NonFiniteLoss : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace moescope
