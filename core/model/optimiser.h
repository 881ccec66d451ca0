#pragma once
// AdamW over one flat buffer. Internal: includes LibTorch.

#include <torch/torch.h>

#include <vector>

namespace moescope {

/// AdamW (Loshchilov and Hutter 2019; betas 0.9 and 0.95, epsilon 1e-8) with all parameters, gradients and moments in one
/// buffer each, so that a step is a handful of operations however many parameters there are. The parameters become views
/// of that buffer. Vectors (norm gains) are not decayed.
class FlatAdamW {
 public:
  FlatAdamW(std::vector<torch::Tensor> parameters, double weightDecay);

  void zeroGradients();
  double squaredGradientNorm() const;
  /// `gradientScale` multiplies every gradient first (clipping).
  void step(double learningRate, double gradientScale);
  /// Parameters that were here keep their moments; new ones start with zero moments.
  void replaceParameters(const std::vector<torch::Tensor>& parameters);

 private:
  void flatten();

  double weightDecay_;
  std::int64_t steps_ = 0;
  std::vector<torch::Tensor> parameters_;
  torch::Tensor values_, gradients_, first_, second_, decay_;
};

}  // namespace moescope
