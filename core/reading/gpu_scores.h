#pragma once
// One layer's scores on the GPU, read at any concentration without sending them again.

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "core/cuda/gpu_kernels.h"
#include "core/metrics/row_matrix.h"

namespace moescope {

/// Sums over tokens: N, N and kEvaluateSums.
struct GpuMeasures {
  std::vector<double> load, appliedLoad, sums;
};

class GpuScores {
 public:
  /// Sends T x N scores. Throws std::runtime_error with one line when the GPU has no memory for them.
  GpuScores(const GpuKernels& kernels, const RowMatrix& scores);

  /// What the kernel measures on all tokens at `concentration` with `offset` (N): nothing as long as the tokens comes back.
  /// Throws std::runtime_error with one line when the GPU fails.
  GpuMeasures measure(const Eigen::RowVectorXf& offset, float concentration, const TokenRule& rule);
  /// The kernel's sums over tokens (EvaluateSum) at `concentration` with `offset` (N): nothing as long as the tokens comes back.
  std::vector<double> sums(const Eigen::RowVectorXf& offset, float concentration, const TokenRule& rule);

 private:
  const GpuKernels& kernels_;
  std::int64_t tokens_;
  int experts_;
  GpuMemory scores_, offset_, entropies_, loads_;  ///< T x N floats; N floats; 2 T floats; 2 N + kEvaluateSums doubles
};

/// Scores on the GPU where its kernels are used and there are so many that it is worth sending them; else null,
/// also when the GPU has no memory for them.
std::unique_ptr<GpuScores> scoresOnGpu(const RowMatrix& scores);

}  // namespace moescope
