#pragma once
// What a Trainer holds, for the files that train, read and save it. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <ATen/Parallel.h>

#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/model/transformer.h"
#include "core/training/descent.h"
#include "core/training/optimiser.h"
#include "core/training/trainer.h"
#include "core/training/trainer_contents.h"

namespace moescope {

inline torch::Tensor toBytes(const std::vector<std::uint8_t>& bytes) {
  return torch::from_blob(const_cast<std::uint8_t*>(bytes.data()), {static_cast<int64_t>(bytes.size())}, torch::kUInt8)
      .to(torch::kInt64);
}

struct Trainer::State {
  Knobs knobs;
  Dispatch dispatch = Dispatch::Fused;
  int threads = 0;
  torch::Device device = torch::kCPU;
  TrainingTextPointer text;
  torch::Tensor probeBytes;  // sequences x context
  Transformer model{nullptr};
  std::unique_ptr<FlatAdamW> optimiser;
  std::mt19937_64 dice;
  std::int64_t step = 0;
  double trainingLoss = std::numeric_limits<double>::quiet_NaN();
  std::vector<Loads> load;        // per layer, running mean over steps of what LayerReadings has
  std::vector<LayerStart> start;  // per layer
  bool stepped = false;           // gradients are of this router's last step
  std::vector<std::string> elsewhere;  // in what it goes on otherwise than the trainer that was saved

  State(const Knobs& wanted, TrainingTextPointer shared, Dispatch how, int budget);

  /// Of the calling thread alone. The first question makes LibTorch give the thread its own number.
  void useThreads() const {
    if (threads > 0 && at::get_num_threads() != threads) at::set_num_threads(threads);
  }

  void rememberStart() {
    start.clear();
    stepped = false;
    for (int layer = 0; layer < model->layers(); ++layer)
      start.push_back(startOf(model->layer(layer)->router(), model->layer(layer)->experts()));
  }

  std::vector<Router*> routers() { return routersOf(*model); }
  /// The router rows' and the experts' input weights', where the last step left one.
  std::pair<torch::Tensor, torch::Tensor> analysedOf(int layer) {
    return {model->layer(layer)->router().rows(), model->layer(layer)->experts().in};
  }
  std::vector<torch::Tensor> optimised() { return leftToOptimiser(model->parameters(), routers()); }

  torch::Tensor nextBatch() {
    const std::int64_t length = knobs.context + 1;
    torch::Tensor batch =
        torch::empty({knobs.batch, length}, torch::TensorOptions(torch::kInt64).pinned_memory(device.is_cuda()));
    for (int b = 0; b < knobs.batch; ++b) {
      const Domain& domain = text->training[dice() % text->training.size()];
      const std::size_t start = dice() % (domain.bytes.size() - static_cast<std::size_t>(length) + 1);
      std::copy_n(domain.bytes.begin() + static_cast<std::ptrdiff_t>(start), length, batch[b].data_ptr<std::int64_t>());
    }
    return batch.to(device, /*non_blocking=*/true);  // from pinned memory: the host goes on
  }

  StepMetrics measure(const Descent& done);
  double probeLoss(const RoutingOverride& override);
  double lossWithin(const torch::Tensor& logits, const torch::Tensor& bytes) const;
  RoutingOverride readThrough(const Lens& lens);
  std::string goOn(const std::string& text, const PromptRequest& request, const RoutingOverride& override);
  void restore(const TrainerState::Contents& kept);
  void compare(const TrainerState::Contents& kept);
};

}  // namespace moescope
