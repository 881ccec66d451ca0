#include "core/training/descent.h"

#include <algorithm>
#include <cmath>

#include "core/training/trainer.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kGradientNorm = 1.0;  // clipped to this

std::vector<torch::Tensor> ownedBy(const std::vector<Router*>& routers) {
  std::vector<torch::Tensor> own;
  for (Router* router : routers)
    for (const torch::Tensor& parameter : router->ownParameters()) own.push_back(parameter);
  return own;
}

void propagate(const torch::Tensor& loss, const std::vector<LayerPass>& traces, const std::vector<Router*>& routers,
               bool couplingAware) {
  torch::Tensor total = loss;
  for (const LayerPass& trace : traces)
    if (trace.output.auxiliaryLoss.defined()) total = total + trace.output.auxiliaryLoss;
  if (couplingAware)
    for (const LayerPass& trace : traces)
      if (trace.output.logits.requires_grad()) trace.output.logits.retain_grad();
  total.backward();
  if (!couplingAware) return;
  const torch::NoGradGuard guard;
  for (std::size_t layer = 0; layer < routers.size(); ++layer)
    routers[layer]->coupleGradient(traces[layer].input, traces[layer].output);
}

torch::Tensor squaredNormOf(const FlatAdamW& optimiser, const std::vector<torch::Tensor>& own) {
  torch::Tensor sum = optimiser.squaredGradientNorm();
  for (const torch::Tensor& parameter : own)
    if (parameter.grad().defined()) sum = sum + parameter.grad().square().sum().to(torch::kFloat64);
  return sum;
}

/// Loss, squared norm and readings, on the host. All that a step waits for.
std::vector<double> fetch(const torch::Tensor& loss, const torch::Tensor& squaredNorm, const torch::Tensor& readings) {
  std::vector<torch::Tensor> all = {loss.detach().to(torch::kFloat64).reshape({1}), squaredNorm.detach().reshape({1})};
  if (readings.defined()) all.push_back(readings);
  const torch::Tensor host = torch::cat(all).cpu();
  return {host.data_ptr<double>(), host.data_ptr<double>() + host.numel()};
}

}  // namespace

at::Generator noiseOfStep(const Knobs& knobs, std::int64_t step) {
  return seededGenerator(knobs.seed * 1000003 + static_cast<std::uint64_t>(step));
}

std::vector<torch::Tensor> leftToOptimiser(const std::vector<torch::Tensor>& parameters, const std::vector<Router*>& routers) {
  const std::vector<torch::Tensor> own = ownedBy(routers);
  std::vector<torch::Tensor> left;
  for (const torch::Tensor& parameter : parameters) {
    const bool owned = std::any_of(own.begin(), own.end(), [&](const torch::Tensor& other) { return other.is_same(parameter); });
    if (!owned) left.push_back(parameter);
  }
  return left;
}

Descent descend(const torch::Tensor& loss, const std::vector<LayerPass>& traces, const std::vector<Router*>& routers,
                FlatAdamW& optimiser, const Knobs& knobs, std::int64_t step, const torch::Tensor& readings) {
  const std::vector<torch::Tensor> own = ownedBy(routers);
  optimiser.zeroGradients();
  for (const torch::Tensor& parameter : own) parameter.mutable_grad() = torch::Tensor();
  propagate(loss, traces, routers, knobs.couplingAware);
  const std::vector<double> numbers = fetch(loss, squaredNormOf(optimiser, own), readings);
  const double value = numbers[0], squaredNorm = numbers[1];
  if (!std::isfinite(value) || !std::isfinite(squaredNorm))
    throw NonFiniteLoss(translated("the loss or its gradient is not finite at step %1", std::to_string(step + 1)));
  const double rate = learningRateAt(knobs, step);
  optimiser.step({rate, knobs.weightDecay, knobs.firstBeta, knobs.secondBeta},
                 std::min(1.0, kGradientNorm / (std::sqrt(squaredNorm) + 1e-12)));
  const torch::NoGradGuard guard;
  for (std::size_t layer = 0; layer < routers.size(); ++layer) {
    routers[layer]->updateOwn(rate);
    routers[layer]->afterStep(traces[layer].input, traces[layer].output);
  }
  return {value, {numbers.begin() + 2, numbers.end()}};
}

}  // namespace moescope
