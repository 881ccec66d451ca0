#include "core/model/capacity.h"

#include <cmath>

namespace moescope {

void limitCapacity(RouterOutput& output, double factor, std::int64_t experts) {
  if (factor <= 0.0 || !output.experts.defined()) return;
  const torch::NoGradGuard guard;
  const std::int64_t tokens = output.experts.size(0), chosen = output.experts.size(1);
  const std::int64_t capacity =
      static_cast<std::int64_t>(std::ceil(factor * static_cast<double>(tokens * chosen) / static_cast<double>(experts)));
  const torch::Tensor queue = output.experts.t().reshape({1, -1});  // all first choices, then all second ones
  const torch::Tensor taken =
      torch::zeros({experts, queue.size(1)}, queue.options()).scatter_(0, queue, 1).cumsum(1);  // along rows: fast on a GPU
  output.kept = taken.gather(0, queue).le(capacity).view({chosen, tokens}).t().contiguous();
}

torch::Tensor appliedGates(const RouterOutput& output, std::int64_t experts) {
  if (!output.experts.defined()) return output.gates;
  const torch::Tensor gates = output.kept.defined() ? output.gates * output.kept : output.gates;
  return torch::zeros({gates.size(0), experts}, gates.options()).scatter(1, output.experts, gates);
}

}  // namespace moescope
