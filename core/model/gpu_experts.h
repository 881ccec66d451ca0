#pragma once
// The experts on a GPU: nothing that the host waits for, and the same sums at every run. Internal: includes LibTorch.

#include "core/cuda/gpu_kernels.h"
#include "core/model/experts.h"

namespace moescope {

/// As runExperts(). Where every assignment goes is computed on the GPU; one product for all experts and side.
torch::Tensor gpuExperts(const GpuKernels& kernels, const torch::Tensor& tokens, const RouterOutput& output,
                         const StackedExperts& weights);

}  // namespace moescope
