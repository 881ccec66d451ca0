#include "core/training/optimiser.h"

#include <cmath>

#include "core/kernels/dense.h"

namespace moescope {
namespace {

constexpr double kEpsilon = 1e-8;
constexpr std::int64_t kRun = 1 << 15;  // values that a thread takes at a time

double biasCorrection(double beta, std::int64_t steps) { return 1.0 / (1.0 - std::pow(beta, static_cast<double>(steps))); }

}  // namespace

FlatAdamW::FlatAdamW(std::vector<torch::Tensor> parameters) : parameters_(std::move(parameters)) { flatten(); }

void FlatAdamW::flatten() {
  const torch::NoGradGuard guard;
  std::vector<torch::Tensor> values, decayed;
  for (const torch::Tensor& parameter : parameters_) {
    values.push_back(parameter.reshape({-1}));
    decayed.push_back(torch::full({parameter.numel()}, parameter.dim() > 1 ? 1.0 : 0.0, parameter.options()));
  }
  values_ = torch::cat(values);
  steps_.assign(parameters_.size(), 0);
  first_ = torch::zeros_like(values_);
  second_ = torch::zeros_like(values_);
  const bool onCpu = values_.is_cpu();
  decayed_ = onCpu ? torch::Tensor() : torch::cat(decayed);
  gradients_ = onCpu ? torch::Tensor() : torch::zeros_like(values_);
  std::int64_t start = 0;
  for (torch::Tensor& parameter : parameters_) {
    const std::int64_t size = parameter.numel();
    parameter.set_data(values_.narrow(0, start, size).view(parameter.sizes()));
    parameter.mutable_grad() = onCpu ? torch::Tensor() : gradients_.narrow(0, start, size).view(parameter.sizes());
    start += size;
  }
}

void FlatAdamW::zeroGradients() {
  if (gradients_.defined()) gradients_.zero_();
  else
    for (torch::Tensor& parameter : parameters_) parameter.mutable_grad() = torch::Tensor();
}

std::vector<FlatAdamW::Run> FlatAdamW::runs() const {
  static const std::vector<float> zeros(static_cast<std::size_t>(kRun), 0.0f);
  std::vector<Run> runs;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const torch::Tensor& parameter = parameters_[i];
    torch::Tensor& gradient = parameter.mutable_grad();
    if (gradient.defined() && !gradient.is_contiguous()) gradient = gradient.contiguous();
    for (std::int64_t from = 0; from < parameter.numel(); from += kRun)
      runs.push_back({start + from, gradient.defined() ? gradient.data_ptr<float>() + from : zeros.data(),
                      std::min(kRun, parameter.numel() - from), parameter.dim() > 1, steps_[i]});
    start += parameter.numel();
  }
  return runs;
}

torch::Tensor FlatAdamW::squaredGradientNorm() const {
  if (gradients_.defined()) return gradients_.square().sum().to(torch::kFloat64);
  const std::vector<Run> parts = runs();
  std::vector<double> sums(parts.size(), 0.0);  // added in one order: repeatable
  inPieces(static_cast<std::int64_t>(parts.size()), 1, [&](std::int64_t p, std::int64_t) {
    const Run& run = parts[static_cast<std::size_t>(p)];
    sums[static_cast<std::size_t>(p)] = hostKernels().squaredSum(run.gradient, run.count);
  });
  double total = 0.0;
  for (const double sum : sums) total += sum;
  return torch::full({}, total, torch::kFloat64);
}

void FlatAdamW::step(const AdamSettings& settings, double gradientScale) {
  const torch::NoGradGuard guard;
  for (std::int64_t& steps : steps_) ++steps;
  if (gradients_.defined()) return stepOnGpu(settings, gradientScale);
  AdamRates rates;
  rates.rate = static_cast<float>(settings.learningRate);
  rates.gradientScale = static_cast<float>(gradientScale);
  rates.first = static_cast<float>(settings.firstBeta);
  rates.second = static_cast<float>(settings.secondBeta);
  rates.epsilon = kEpsilon;
  const std::vector<Run> parts = runs();
  inPieces(static_cast<std::int64_t>(parts.size()), 1, [&](std::int64_t p, std::int64_t) {
    const Run& run = parts[static_cast<std::size_t>(p)];
    AdamRates own = rates;
    own.decay = run.decayed ? static_cast<float>(settings.weightDecay) : 0.0f;
    own.firstBias = static_cast<float>(biasCorrection(settings.firstBeta, run.steps));
    own.secondBias = static_cast<float>(biasCorrection(settings.secondBeta, run.steps));
    hostKernels().adam(values_.data_ptr<float>() + run.start, run.gradient, first_.data_ptr<float>() + run.start,
                       second_.data_ptr<float>() + run.start, run.count, own);
  });
}

/// Parameters of equal steps that lie side by side are updated as one: all of them, unless some came later.
void FlatAdamW::stepOnGpu(const AdamSettings& settings, double gradientScale) {
  const torch::Tensor gradient = gradients_ * gradientScale;
  first_.lerp_(gradient, 1.0 - settings.firstBeta);
  second_.mul_(settings.secondBeta).addcmul_(gradient, gradient, 1.0 - settings.secondBeta);
  std::int64_t start = 0;
  for (std::size_t i = 0; i < parameters_.size();) {
    const std::int64_t steps = steps_[i];
    std::int64_t size = 0;
    for (; i < parameters_.size() && steps_[i] == steps; ++i) size += parameters_[i].numel();
    const auto part = [&](const torch::Tensor& flat) { return flat.narrow(0, start, size); };
    const torch::Tensor scale = (part(second_) * biasCorrection(settings.secondBeta, steps)).sqrt_().add_(kEpsilon);
    part(values_).mul_(1.0 - settings.learningRate * settings.weightDecay * part(decayed_));
    part(values_).addcdiv_(part(first_), scale, -settings.learningRate * biasCorrection(settings.firstBeta, steps));
    start += size;
  }
}

FlatAdamW::Moments FlatAdamW::moments() const {
  const auto onHost = [](const torch::Tensor& moment) {
    return moment.to(torch::kCPU, moment.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
  };
  return {onHost(first_), onHost(second_), steps_};
}

void FlatAdamW::setMoments(const Moments& moments) {
  const torch::NoGradGuard guard;
  TORCH_CHECK(moments.first.sizes() == first_.sizes() && moments.steps.size() == steps_.size(), "moments of other parameters");
  first_.copy_(moments.first);
  second_.copy_(moments.second);
  steps_ = moments.steps;
}

void FlatAdamW::replaceParameters(const std::vector<torch::Tensor>& parameters) {
  struct Kept {
    torch::Tensor parameter, first, second;
    std::int64_t steps;
  };
  std::vector<Kept> old;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::int64_t size = parameters_[i].numel();
    old.push_back({parameters_[i], first_.narrow(0, start, size), second_.narrow(0, start, size), steps_[i]});
    start += size;
  }
  parameters_ = parameters;
  flatten();
  start = 0;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const torch::Tensor& parameter = parameters_[i];
    for (const Kept& kept : old) {
      if (!kept.parameter.is_same(parameter)) continue;
      steps_[i] = kept.steps;
      first_.narrow(0, start, parameter.numel()).copy_(kept.first);
      second_.narrow(0, start, parameter.numel()).copy_(kept.second);
    }
    start += parameter.numel();
  }
}

}  // namespace moescope
