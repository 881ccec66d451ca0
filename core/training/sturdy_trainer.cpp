#include "core/training/sturdy_trainer.h"

#include <stdexcept>
#include <utility>

#include "core/words/words.h"

namespace moescope {

SturdyTrainer::SturdyTrainer(const Knobs& knobs, Say say, int threads) : say_(std::move(say)), threads_(threads) {
  make([&](bool cpu) {
    Knobs own = knobs;
    if (cpu) own.device = "cpu";
    return std::make_unique<Trainer>(own, Dispatch::Fused, threads_);
  });
}

SturdyTrainer::SturdyTrainer(const TrainerState& state, Say say, int threads) : say_(std::move(say)), threads_(threads) {
  make([&](bool cpu) { return std::make_unique<Trainer>(cpu ? *onCpu(state) : state, Dispatch::Fused, threads_); });
}

void SturdyTrainer::make(const std::function<std::unique_ptr<Trainer>(bool cpu)>& trainer) {
  try {
    trainer_ = trainer(false);
    return;
  } catch (const std::exception& error) {
    if (!isGpuFault(error)) throw;
    say_(translated("the GPU cannot be used (%1): trains on the CPU", firstLine(error)));
  }
  onCpu_ = true;
  trainer_ = trainer(true);
}

void SturdyTrainer::goOnWithoutGpu(const std::exception& error) {
  const std::string why = firstLine(error), step = std::to_string(trainer_->stepNumber());
  TrainerStatePointer state;
  try {
    state = trainer_->save();
  } catch (const std::exception&) {
    throw std::runtime_error(translated("the GPU failed after step %1 (%2), and the model was lost with it", step, why));
  }
  trainer_ = std::make_unique<Trainer>(*onCpu(*state), Dispatch::Fused, threads_);
  onCpu_ = true;
  say_(translated("the GPU failed after step %1 (%2): training goes on on the CPU", step, why));
}

}  // namespace moescope
