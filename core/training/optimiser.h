#pragma once
// AdamW over flat buffers. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <vector>

namespace moescope {

/// AdamW (Loshchilov and Hutter 2019; betas 0.9 and 0.95, epsilon 1e-8) with all parameters and moments in one buffer each,
/// of which the parameters become views. Gradients lie in one buffer too on a GPU, where a step is then a handful of
/// operations; on a CPU they are the tensors that backward() makes, so that none is cleared or added up first. Vectors (norm
/// gains) are not decayed.
class FlatAdamW {
 public:
  FlatAdamW(std::vector<torch::Tensor> parameters, double weightDecay);

  void zeroGradients();
  /// A double on the parameters' device: nothing is waited for.
  torch::Tensor squaredGradientNorm() const;
  /// `gradientScale` multiplies every gradient first (clipping).
  void step(double learningRate, double gradientScale);
  /// Parameters that were here keep their moments; new ones start with zero moments.
  void replaceParameters(const std::vector<torch::Tensor>& parameters);

 private:
  /// A run of one parameter's values on the host.
  struct Run {
    std::int64_t start;     ///< in the flat buffers
    const float* gradient;  ///< zeros where backward() made none
    std::int64_t count;
    bool decayed;
  };

  void flatten();
  std::vector<Run> runs() const;

  double weightDecay_;
  std::int64_t steps_ = 0;
  std::vector<torch::Tensor> parameters_;
  torch::Tensor values_, gradients_, first_, second_, decay_;
};

}  // namespace moescope
