#pragma once
// What the analysis of one layer needs, out of a trainer's tensors. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include "core/geometry/expert_analysis.h"
#include "core/model/moe_layer.h"

namespace moescope {

/// Router rows (undefined where the router has none) and the experts' input weights when this router started.
struct LayerStart {
  torch::Tensor rows, in;
};

LayerStart startOf(const Router& router, const StackedExperts& experts);

/// Of the traced tokens, as routed. `stepped`: gradients are of this router's last step. Called without gradient recording.
AnalysisInput analysisOf(const LayerPass& trace, const Router& router, const StackedExperts& experts, const LayerStart& start,
                         bool stepped);

}  // namespace moescope
