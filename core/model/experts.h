#pragma once
// The experts of one MoE layer, and two equal ways of running them. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include "core/kernels/dispatch.h"
#include "core/routers/router.h"

namespace moescope {

/// N SwiGLU experts without bias: E(h) = W_down (silu(W_gate h) * (W_up h)).
struct StackedExperts {
  torch::Tensor in;    ///< N x width x 2m: W_gate and W_up, transposed, side by side
  torch::Tensor down;  ///< N x m x width: W_down, transposed
};

/// sum over the chosen experts of gate * E(token), T x width; without what `output.kept` drops.
/// `output.experts` undefined: every expert with a gate above 0 works on the token.
torch::Tensor runExperts(const torch::Tensor& tokens, const RouterOutput& output, const StackedExperts& weights,
                         Dispatch dispatch);

}  // namespace moescope
