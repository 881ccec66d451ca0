#pragma once
// Training that a GPU's fault does not end. Without LibTorch's headers.

#include <functional>
#include <memory>
#include <string>

#include "core/training/gpu_fault.h"
#include "core/training/trainer.h"

namespace moescope {

/// A trainer that goes on on the CPU once the GPU has too little memory, is lost or fails; what it says of that is one line.
class SturdyTrainer {
 public:
  using Say = std::function<void(const std::string&)>;

  /// `threads`: as Trainer's. Throws what Trainer throws on the CPU.
  SturdyTrainer(const Knobs& knobs, Say say, int threads = 0);
  SturdyTrainer(const TrainerState& state, Say say, int threads = 0);

  Trainer* operator->() { return trainer_.get(); }
  Trainer& operator*() { return *trainer_; }

  /// What `work` makes of the trainer. After a fault of the GPU it is done again on the CPU, from the state that the trainer was
  /// left in; throws std::runtime_error where that was lost with the GPU.
  template <typename Work>
  auto with(Work&& work) {
    try {
      return work(*trainer_);
    } catch (const std::exception& error) {
      if (onCpu_ || !isGpuFault(error)) throw;
      goOnWithoutGpu(error);
    }
    return work(*trainer_);
  }
  StepMetrics step() {
    return with([](Trainer& trainer) { return trainer.step(); });
  }
  double heldOutLoss() {
    return with([](Trainer& trainer) { return trainer.heldOutLoss(); });
  }

 private:
  void make(const std::function<std::unique_ptr<Trainer>(bool cpu)>& trainer);
  void goOnWithoutGpu(const std::exception& error);

  Say say_;
  int threads_;
  bool onCpu_ = false;  ///< since a fault
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace moescope
