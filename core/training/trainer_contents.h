#pragma once
// What a TrainerState holds. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <random>
#include <vector>

#include "core/training/live_analysis.h"
#include "core/training/optimiser.h"
#include "core/training/trainer_state.h"

namespace moescope {

/// Share of the assignments that the router intended for each expert, and of all of them what was dropped there. Chosen ones
/// count 1, where all work their gates count.
struct Loads {
  Eigen::VectorXd intended, dropped;  ///< N; intended sums to 1
};

/// Of one layer, gradients of the last step that the analysis shows; undefined before it.
struct LayerGradients {
  torch::Tensor rows, in;
};

struct TrainerState::Contents {
  Knobs knobs;
  TrainingTextPointer text;
  std::vector<torch::Tensor> tensors;  // of the model: parameters, then buffers, in the modules' order
  std::vector<std::int64_t> counters;  // of the routers that have one
  FlatAdamW::Moments moments;
  std::mt19937_64 dice;
  std::int64_t step = 0;
  double trainingLoss = 0.0;
  std::vector<Loads> load;
  std::vector<LayerStart> start;
  bool stepped = false;
  std::vector<LayerGradients> gradients;
};

}  // namespace moescope
