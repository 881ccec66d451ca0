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
#include "core/reading/prompt.h"
#include "core/reading/snapshot.h"
#include "core/geometry/expert_analysis.h"
#include "core/training/trainer_state.h"

namespace moescope {

class Trainer {
 public:
  /// Loads the corpus and builds the model, seeded. `threads`: what its work uses, by our kernels and LibTorch alike, on
  /// whichever thread calls it; 0: what that thread has. Nothing is shared with other trainers: side by side they give what each
  /// gives alone. Throws std::runtime_error with one line for a person.
  explicit Trainer(const Knobs& knobs, Dispatch dispatch = Dispatch::Fused, int threads = 0);
  /// The same with text that was loaded before, for the same corpus, context and probe-tokens.
  Trainer(const Knobs& knobs, TrainingTextPointer text, Dispatch dispatch, int threads);
  /// Goes on exactly as the trainer that was saved would have.
  explicit Trainer(const TrainerState& state, Dispatch dispatch = Dispatch::Fused, int threads = 0);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// One optimiser step. A loss or gradient that is not finite leaves the model as it was and throws NonFiniteLoss.
  StepMetrics step();
  TrainerStatePointer save() const;
  /// The model on the probe tokens, which pass through it as one batch. Does not touch training.
  SnapshotPointer snapshot();
  /// What the analysis of one layer's experts needs, measured on the probe as routed in training. Does not touch training.
  AnalysisInput analysisInput(int layer);
  /// Mean cross-entropy on the probe in nats per byte, routed as in training.
  double heldOutLoss();
  /// The same with every layer's routing read through the lens (concentration, reading and gating policy); as trained at
  /// concentration 1 it is the same number.
  double heldOutLoss(const Lens& lens);
  /// Of every probe token, nats: the cross-entropy of the byte that follows it, routed as in training; NaN for the last token of
  /// a sequence, whose next byte is not there. The mean of the rest is heldOutLoss().
  Eigen::VectorXf tokenLosses();
  /// Hard loads (shares of the assignments) of each layer in batches as large as a training step's, over the validation text, its
  /// domains in turn: batches x N, routed as in training. Does not touch training.
  std::vector<RowMatrix> validationLoads();
  /// Text of one's own, read as the snapshot reads the probe. Does not touch training. Throws std::invalid_argument for a request
  /// out of range.
  PromptReading read(const PromptRequest& request);
  /// Another share of the cores, at least 1.
  void useThreads(int threads);
  /// Knobs that need no new model take effect at the next step. Throws std::invalid_argument when needsNewModel(...).
  void setKnobs(const Knobs& knobs);
  const Knobs& knobs() const;
  std::int64_t stepNumber() const;
  std::string device() const;         ///< "cpu" or "cuda"
  int threads() const;                ///< that its work uses on the calling thread
  TrainingTextPointer text() const;   ///< never null
  std::int64_t parameterCount() const;
  /// What a person should know about the corpus (text missing, files cut, another corpus in its place) and about knobs that do
  /// nothing with this router. May be empty.
  std::vector<std::string> notes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// All cores but one, which is left to the window; at least one.
int allCoresButOne();

/// Whether an exception says that memory, the machine's or the GPU's, was not enough.
bool isOutOfMemory(const std::exception& error);

/// Training produced a loss or gradient that is not finite; what() names the step.
class NonFiniteLoss : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace moescope
