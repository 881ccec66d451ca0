#pragma once
// Capacity with drops. Internal: includes LibTorch.

#include "core/routers/router.h"

namespace moescope {

/// Sets `output.kept`: each of `experts` experts takes its first ceil(factor * T k / N) assignments, the first choices of all
/// tokens before their second ones, tokens in the order of the batch (Lepikhin 2020, Fedus 2021). What is dropped adds nothing
/// to its token, and the gates of the rest are not renormalised. Does nothing for factor 0 or where all experts work.
void limitCapacity(RouterOutput& output, double factor, std::int64_t experts);

/// Gates that are applied, T x N: 0 where not chosen or dropped.
torch::Tensor appliedGates(const RouterOutput& output, std::int64_t experts);

}  // namespace moescope
