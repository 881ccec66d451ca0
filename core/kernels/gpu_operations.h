#pragma once
// GpuKernels on LibTorch's tensors, with gradients where training needs them. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include "core/cuda/gpu_kernels.h"

namespace moescope {

/// The kernels for a float tensor on a GPU; null for one elsewhere, and where there are none. Tests hand in the twins instead.
const GpuKernels* kernelsFor(const torch::Tensor& tensor);

/// s[t, e] = sum over j of weights[e, j] * products[t, e r + j]^2, T x N. `products`: T x (N r); `weights`: N x r.
torch::Tensor weightedSquares(const GpuKernels& kernels, const torch::Tensor& products, const torch::Tensor& weights);

/// N values, and their gradient in the shape of what they are of.
struct Normalisers {
  torch::Tensor value, gradient;
};
/// log 1F1(1/2; d/2; Lambda_e) of each row of spectra, N x r.
Normalisers binghamNormalisers(const GpuKernels& kernels, const torch::Tensor& spectra, std::int64_t dimension);
/// log 0F1(; d/2; kappa_e^2 / 4) of kappa, N.
Normalisers vonMisesFisherNormalisers(const GpuKernels& kernels, const torch::Tensor& kappa, std::int64_t dimension);

/// Frames (N x d x r) with orthonormal columns of the same spans.
torch::Tensor orthonormalised(const GpuKernels& kernels, const torch::Tensor& frames);

}  // namespace moescope
