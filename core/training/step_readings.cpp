#include "core/training/step_readings.h"

#include <cmath>
#include <limits>

#include "core/metrics/gates.h"

namespace moescope {
namespace {

constexpr int kScalars = 3;  // before the loads of each layer

/// As measureRouting() has it: mean entropy and mean number of effective experts. On a CPU one pass of ours, else LibTorch's
/// operations.
torch::Tensor softness(const torch::Tensor& probabilities) {
  if (probabilities.is_cpu()) {
    const RoutingMeasures soft = measureRouting(toMatrix(probabilities));
    return torch::tensor({soft.meanEntropy, soft.effectiveExperts}, torch::kFloat64);
  }
  const torch::Tensor p = probabilities.detach();
  const torch::Tensor entropy =
      (p * p.clamp_min(std::numeric_limits<float>::min()).log()).sum(1).neg().clamp_min(0.0).to(torch::kFloat64);
  return torch::stack({entropy.mean(), entropy.exp().mean()});
}

/// Intended and dropped shares, 2 N.
torch::Tensor loadsOf(const RouterOutput& output) {
  const std::int64_t experts = output.logits.size(1);
  if (!output.experts.defined()) {
    const torch::Tensor gates = output.gates.detach().to(torch::kFloat64).sum(0);
    return torch::cat({gates / gates.sum(), torch::zeros_like(gates)});
  }
  const double all = static_cast<double>(output.experts.numel());
  const torch::Tensor intended = assignmentCounts(output.experts, experts) / all;
  if (!output.kept.defined()) return torch::cat({intended, torch::zeros_like(intended)});
  const torch::Tensor flat = output.experts.reshape({-1}), lost = output.kept.logical_not().reshape({-1}).to(torch::kFloat64);
  return torch::cat({intended, torch::zeros_like(intended).index_add_(0, flat, lost) / all});
}

}  // namespace

torch::Tensor readingsOf(const std::vector<LayerPass>& traces) {
  const torch::NoGradGuard guard;
  std::vector<torch::Tensor> parts;
  for (const LayerPass& trace : traces) {
    const RouterOutput& output = trace.output;
    parts.push_back(softness(output.probabilities));
    parts.push_back(output.auxiliaryLoss.defined() ? output.auxiliaryLoss.detach().to(torch::kFloat64).reshape({1})
                                                   : torch::zeros({1}, parts.back().options()));
    parts.push_back(loadsOf(output));
  }
  return torch::cat(parts);
}

std::vector<LayerReadings> readLayers(const std::vector<double>& numbers, int experts) {
  const std::size_t each = static_cast<std::size_t>(kScalars + 2 * experts);
  std::vector<LayerReadings> layers;
  for (std::size_t at = 0; at + each <= numbers.size(); at += each) {
    LayerReadings layer{numbers[at], numbers[at + 1], numbers[at + 2], {}, {}};
    layer.intended = Eigen::Map<const Eigen::VectorXd>(numbers.data() + at + kScalars, experts);
    layer.dropped = Eigen::Map<const Eigen::VectorXd>(numbers.data() + at + kScalars + experts, experts);
    layers.push_back(std::move(layer));
  }
  return layers;
}

}  // namespace moescope
