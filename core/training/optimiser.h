#pragma once
// AdamW over flat buffers. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <cstdint>
#include <vector>

namespace moescope {

/// AdamW (Loshchilov and Hutter 2019; betas 0.9 and 0.95, epsilon 1e-8) with all parameters and moments in one buffer each,
/// of which the parameters become views. Gradients lie in one buffer too on a GPU, where a step is then a handful of
/// operations; on a CPU they are the tensors that backward() makes, so that none is cleared or added up first. Vectors (norm
/// gains) are not decayed. Each parameter counts its own steps, so that one that comes later gets the bias correction of a new one.
class FlatAdamW {
 public:
  /// What it remembers from step to step, of the parameters in their order.
  struct Moments {
    torch::Tensor first, second;      ///< flat
    std::vector<std::int64_t> steps;  ///< that each parameter has taken
  };

  FlatAdamW(std::vector<torch::Tensor> parameters, double weightDecay);

  void zeroGradients();
  /// A double on the parameters' device: nothing is waited for.
  torch::Tensor squaredGradientNorm() const;
  /// `gradientScale` multiplies every gradient first (clipping).
  void step(double learningRate, double gradientScale);
  /// Parameters that were here keep their moments and steps; new ones start with none.
  void replaceParameters(const std::vector<torch::Tensor>& parameters);
  Moments moments() const;  ///< a copy
  /// Of an optimiser with parameters of the same shapes in the same order.
  void setMoments(const Moments& moments);

 private:
  /// A run of one parameter's values on the host.
  struct Run {
    std::int64_t start;     ///< in the flat buffers
    const float* gradient;  ///< zeros where backward() made none
    std::int64_t count;
    bool decayed;
    std::int64_t steps;     ///< of its parameter
  };

  void flatten();
  void stepOnGpu(double learningRate, double gradientScale);
  std::vector<Run> runs() const;

  double weightDecay_;
  std::vector<torch::Tensor> parameters_;
  std::vector<std::int64_t> steps_;  // of each parameter
  torch::Tensor values_, gradients_, first_, second_, decay_;
};

}  // namespace moescope
