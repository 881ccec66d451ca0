#pragma once
// AdamW over flat buffers. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <cstdint>
#include <vector>

namespace moescope {

/// What a step of AdamW is told.
struct AdamSettings {
  double learningRate = 1e-3, weightDecay = 0.01, firstBeta = 0.9, secondBeta = 0.95;
};

/// AdamW (Loshchilov and Hutter 2019; epsilon 1e-8) with all parameters and moments in one buffer each,
/// of which the parameters become views. Gradients lie in one buffer too on a GPU, where a step is then a handful of
/// operations; on a CPU they are the tensors that backward() makes, so that none is cleared or added up first. Vectors (norm
/// gains) are not decayed. Each parameter counts its own steps, so that one that comes later gets the bias correction of a new
/// one.
class FlatAdamW {
 public:
  /// What it remembers from step to step, of the parameters in their order.
  struct Moments {
    torch::Tensor first, second;      ///< flat
    std::vector<std::int64_t> steps;  ///< that each parameter has taken
  };

  explicit FlatAdamW(std::vector<torch::Tensor> parameters);

  void zeroGradients();
  /// A double on the parameters' device: nothing is waited for.
  torch::Tensor squaredGradientNorm() const;
  /// `gradientScale` multiplies every gradient first (clipping).
  void step(const AdamSettings& settings, double gradientScale);
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
  void stepOnGpu(const AdamSettings& settings, double gradientScale);
  std::vector<Run> runs() const;

  std::vector<torch::Tensor> parameters_;
  std::vector<std::int64_t> steps_;  // of each parameter
  torch::Tensor values_, gradients_, first_, second_;
  torch::Tensor decayed_;  // on a GPU: 1 where weights decay, else 0
};

}  // namespace moescope
