#include "core/reading/gpu_scores.h"

#include <stdexcept>

namespace moescope {
namespace {

constexpr Eigen::Index kWorthSending = 1 << 18;  // scores: below, a CPU has read them before the GPU has them

std::size_t bytesOf(std::int64_t count, std::size_t each) { return static_cast<std::size_t>(count) * each; }

}  // namespace

GpuScores::GpuScores(const GpuKernels& kernels, const RowMatrix& scores)
    : kernels_(kernels),
      tokens_(scores.rows()),
      experts_(static_cast<int>(scores.cols())),
      scores_(bytesOf(scores.size(), sizeof(float))),
      offset_(bytesOf(experts_, sizeof(float))),
      entropies_(bytesOf(2 * tokens_, sizeof(float))),
      loads_(bytesOf(2 * experts_ + kEvaluateSums, sizeof(double))) {
  scores_.upload(scores.data(), bytesOf(scores.size(), sizeof(float)));
}

std::vector<double> GpuScores::sums(const Eigen::RowVectorXf& offset, float concentration, const TokenRule& rule) {
  return measure(offset, concentration, rule).sums;
}

GpuMeasures GpuScores::measure(const Eigen::RowVectorXf& offset, float concentration, const TokenRule& rule) {
  offset_.upload(offset.data(), bytesOf(experts_, sizeof(float)));
  auto* entropies = static_cast<float*>(entropies_.data());
  auto* loads = static_cast<double*>(loads_.data());
  kernels_.evaluate({static_cast<const float*>(scores_.data()), static_cast<const float*>(offset_.data()), tokens_, experts_,
                     concentration, rule},
                    {nullptr, nullptr, nullptr, entropies, entropies + tokens_, loads, loads + experts_, loads + 2 * experts_});
  std::vector<double> all(static_cast<std::size_t>(2 * experts_ + kEvaluateSums));
  loads_.download(all.data(), bytesOf(2 * experts_ + kEvaluateSums, sizeof(double)));
  return {{all.begin(), all.begin() + experts_},
          {all.begin() + experts_, all.end() - kEvaluateSums},
          {all.end() - kEvaluateSums, all.end()}};
}

std::unique_ptr<GpuScores> scoresOnGpu(const RowMatrix& scores) {
  const GpuKernels* kernels = scores.size() >= kWorthSending ? gpuKernels() : nullptr;
  if (!kernels) return nullptr;
  try {
    return std::make_unique<GpuScores>(*kernels, scores);
  } catch (const std::runtime_error&) {
    return nullptr;  // no memory left there: the CPU reads them, to the same numbers
  }
}

}  // namespace moescope
