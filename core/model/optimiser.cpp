#include "core/model/optimiser.h"

#include <cmath>

#include "core/model/host_kernels.h"

namespace moescope {
namespace {

constexpr double kFirst = 0.9, kSecond = 0.95, kEpsilon = 1e-8;

}  // namespace

FlatAdamW::FlatAdamW(std::vector<torch::Tensor> parameters, double weightDecay)
    : weightDecay_(weightDecay), parameters_(std::move(parameters)) {
  flatten();
}

void FlatAdamW::flatten() {
  const torch::NoGradGuard guard;
  std::vector<torch::Tensor> values, decays;
  for (const torch::Tensor& parameter : parameters_) {
    values.push_back(parameter.reshape({-1}));
    decays.push_back(torch::full({parameter.numel()}, parameter.dim() > 1 ? weightDecay_ : 0.0, parameter.options()));
  }
  values_ = torch::cat(values);
  decay_ = torch::cat(decays);
  gradients_ = torch::zeros_like(values_);
  first_ = torch::zeros_like(values_);
  second_ = torch::zeros_like(values_);
  std::int64_t start = 0;
  for (torch::Tensor& parameter : parameters_) {
    const std::int64_t size = parameter.numel();
    parameter.set_data(values_.narrow(0, start, size).view(parameter.sizes()));
    parameter.mutable_grad() = gradients_.narrow(0, start, size).view(parameter.sizes());
    start += size;
  }
}

void FlatAdamW::zeroGradients() { gradients_.zero_(); }

double FlatAdamW::squaredGradientNorm() const { return gradients_.square().sum().item<double>(); }

void FlatAdamW::step(double learningRate, double gradientScale) {
  const torch::NoGradGuard guard;
  ++steps_;
  const double firstBias = 1.0 / (1.0 - std::pow(kFirst, steps_)), secondBias = 1.0 / (1.0 - std::pow(kSecond, steps_));
  if (values_.is_cpu()) {
    AdamRates rates;
    rates.rate = static_cast<float>(learningRate);
    rates.gradientScale = static_cast<float>(gradientScale);
    rates.first = kFirst;
    rates.second = kSecond;
    rates.epsilon = kEpsilon;
    rates.firstBias = static_cast<float>(firstBias);
    rates.secondBias = static_cast<float>(secondBias);
    at::parallel_for(0, values_.numel(), 1 << 15, [&](std::int64_t from, std::int64_t to) {
      hostKernels().adam(values_.data_ptr<float>() + from, gradients_.data_ptr<float>() + from, first_.data_ptr<float>() + from,
                         second_.data_ptr<float>() + from, decay_.data_ptr<float>() + from, to - from, rates);
    });
    return;
  }
  const torch::Tensor gradient = gradients_ * gradientScale;
  first_.lerp_(gradient, 1.0 - kFirst);
  second_.mul_(kSecond).addcmul_(gradient, gradient, 1.0 - kSecond);
  values_.mul_(1.0 - learningRate * decay_).addcdiv_(first_, (second_ * secondBias).sqrt_().add_(kEpsilon), -learningRate * firstBias);
}

void FlatAdamW::replaceParameters(const std::vector<torch::Tensor>& parameters) {
  struct Moments {
    torch::Tensor parameter, first, second;
  };
  std::vector<Moments> old;
  std::int64_t start = 0;
  for (const torch::Tensor& parameter : parameters_) {
    const std::int64_t size = parameter.numel();
    old.push_back({parameter, first_.narrow(0, start, size), second_.narrow(0, start, size)});
    start += size;
  }
  parameters_ = parameters;
  flatten();
  start = 0;
  for (const torch::Tensor& parameter : parameters_) {
    for (const Moments& kept : old) {
      if (!kept.parameter.is_same(parameter)) continue;
      first_.narrow(0, start, parameter.numel()).copy_(kept.first);
      second_.narrow(0, start, parameter.numel()).copy_(kept.second);
    }
    start += parameter.numel();
  }
}

}  // namespace moescope
