#pragma once
// What every trainer does with the loss of a step. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <cstdint>
#include <vector>

#include "core/knobs/knobs.h"
#include "core/training/optimiser.h"
#include "core/model/moe_layer.h"

namespace moescope {

/// What routers draw their noise of a step from: the same at the same step of a seed.
at::Generator noiseOfStep(const Knobs& knobs, std::int64_t step);

/// The model's parameters without those that a router updates by itself.
std::vector<torch::Tensor> leftToOptimiser(const std::vector<torch::Tensor>& parameters, const std::vector<Router*>& routers);

/// What a step gives the host.
struct Descent {
  double loss = 0.0;             ///< without the auxiliary ones
  std::vector<double> readings;
};

/// Backward pass of `loss` plus the layers' auxiliary losses, coupling-aware row gradients where the knob says so, one AdamW step
/// as the knobs have it, with the gradient clipped to norm 1, and the routers' own updates. One router and one trace for each
/// layer. `readings` (doubles in one dimension, or undefined) come to the host with the loss, the only time in a step that it
/// waits for a GPU. A loss or gradient that is not finite leaves everything as it was: NonFiniteLoss naming step + 1.
Descent descend(const torch::Tensor& loss, const std::vector<LayerPass>& traces, const std::vector<Router*>& routers,
                FlatAdamW& optimiser, const Knobs& knobs, std::int64_t step, const torch::Tensor& readings = {});

}  // namespace moescope
