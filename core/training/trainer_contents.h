#pragma once
// What a TrainerState holds. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <random>
#include <string>
#include <vector>

#include "core/model/transformer.h"
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

/// What the model's tensors are called, in the modules' order (docs/model-state.md).
struct TensorNames {
  std::vector<std::string> all;        ///< parameters, then buffers
  std::vector<std::string> optimised;  ///< parameters that the optimiser has moments of
};

struct TrainerState::Contents {
  Knobs knobs;
  TrainingTextPointer text;
  std::string device;                  // that it was trained on, "cpu" or "cuda", and by how many threads
  int threads = 0;
  TensorNames names;
  std::vector<torch::Tensor> tensors;  // of the model, one for each of names.all
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

/// Parameters, then buffers.
std::vector<torch::Tensor> tensorsOf(TransformerImpl& model);
TensorNames namesOf(TransformerImpl& model);
std::vector<Router*> routersOf(TransformerImpl& model);

}  // namespace moescope
