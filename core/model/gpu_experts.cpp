#include "core/model/gpu_experts.h"

namespace moescope {
namespace {

/// Where every assignment lies once they are sorted by expert. `count` positions are taken into account, of which those from
/// starts[N] on are nobody's: the host does not know how many are used.
struct DevicePlan {
  torch::Tensor starts;  ///< N + 1, int64: first position of each expert
  torch::Tensor rows;    ///< count, int64: token of each position; 0 for those that are nobody's
  torch::Tensor place;   ///< T x slots, int64: position of each gate; 0 where it is not used
  torch::Tensor used;    ///< T x slots, bool; undefined: all
};

DevicePlan planOf(const RouterOutput& output, std::int64_t experts) {
  const std::int64_t tokens = output.gates.size(0);
  const auto whole = output.gates.options().dtype(torch::kInt64);
  DevicePlan plan;
  torch::Tensor works;  // N x T, int64: 1 where the expert works on the token. This way round: running sums go along a row.
  torch::Tensor chosen;
  if (output.experts.defined()) {
    chosen = output.experts.t();
    works = torch::zeros({experts, tokens}, whole).scatter_(0, chosen, 1);
  } else {
    plan.used = output.gates.detach().gt(0);
    works = plan.used.t().to(torch::kInt64);
  }
  const torch::Tensor running = works.cumsum(1);
  plan.starts = torch::cat({torch::zeros({1}, whole), running.select(1, tokens - 1).cumsum(0)});
  const torch::Tensor position = running + (plan.starts.narrow(0, 0, experts).unsqueeze(1) - 1);
  plan.place = (chosen.defined() ? position.gather(0, chosen) : position).t();
  const std::int64_t count = plan.place.numel();
  const torch::Tensor token = torch::arange(tokens, whole).unsqueeze(1).expand({tokens, plan.place.size(1)}).reshape({-1});
  torch::Tensor rows = torch::zeros({count + 1}, whole);  // the last one takes what is not used
  const torch::Tensor target = plan.used.defined() ? torch::where(plan.used, plan.place, count) : plan.place;
  plan.rows = rows.scatter_(0, target.reshape({-1}), token).narrow(0, 0, count);
  plan.place = (plan.used.defined() ? torch::where(plan.used, plan.place, 0) : plan.place).contiguous();
  return plan;
}

/// out[t] = sum over the token's slots of weight * sorted[place]; without weights each counts 1. No atomic sums: repeatable.
torch::Tensor gatherBack(const torch::Tensor& sorted, const torch::Tensor& weights, const torch::Tensor& place, const torch::Tensor& used) {
  torch::Tensor parts = sorted.index_select(0, place.reshape({-1})).view({place.size(0), place.size(1), sorted.size(1)});
  if (used.defined()) parts = parts.masked_fill_(used.logical_not().unsqueeze(2), 0.0);
  return weights.defined() ? torch::bmm(weights.unsqueeze(1), parts).squeeze(1) : parts.sum(1);
}

class GpuExperts : public torch::autograd::Function<GpuExperts> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& tokens, const torch::Tensor& gates, const torch::Tensor& in,
                               const torch::Tensor& down, const DevicePlan& plan, const GpuKernels* kernels) {
    const std::int64_t count = plan.rows.size(0), width = tokens.size(1), hidden = down.size(1);
    const GroupedTask task{plan.starts.data_ptr<std::int64_t>(), static_cast<int>(in.size(0)), count};
    const torch::Tensor gathered = tokens.index_select(0, plan.rows), both = torch::empty({count, 2 * hidden}, tokens.options());
    kernels->groupedProduct(task, gathered.data_ptr<float>(), in.data_ptr<float>(), false, static_cast<int>(width), static_cast<int>(2 * hidden), both.data_ptr<float>());
    const torch::Tensor active = torch::silu(both.narrow(1, 0, hidden)).mul_(both.narrow(1, hidden, hidden));
    const torch::Tensor result = torch::empty({count, width}, tokens.options());
    kernels->groupedProduct(task, active.data_ptr<float>(), down.data_ptr<float>(), false, static_cast<int>(hidden), static_cast<int>(width), result.data_ptr<float>());
    context->save_for_backward({gathered, both, active, result, gates, in, down, plan.starts, plan.rows, plan.place, plan.used});
    context->saved_data["kernels"] = reinterpret_cast<std::int64_t>(kernels);
    return gatherBack(result, gates, plan.place, plan.used);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &gathered = saved[0], &both = saved[1], &active = saved[2], &result = saved[3], &gates = saved[4], &in = saved[5], &down = saved[6];
    const torch::Tensor &starts = saved[7], &rows = saved[8], &place = saved[9], &used = saved[10];
    const auto& kernels = *reinterpret_cast<const GpuKernels*>(context->saved_data["kernels"].toInt());
    const std::int64_t count = rows.size(0), hidden = down.size(1);
    const int experts = static_cast<int>(in.size(0)), width = static_cast<int>(gathered.size(1)), units = static_cast<int>(hidden);
    const GroupedTask task{starts.data_ptr<std::int64_t>(), experts, count};

    const torch::Tensor incoming = upstream[0].index_select(0, rows);
    torch::Tensor gateGradient = (incoming * result).sum(1).index_select(0, place.reshape({-1})).view_as(gates);
    if (used.defined()) gateGradient = gateGradient.masked_fill_(used.logical_not(), 0.0);
    torch::Tensor gate = torch::zeros({count + 1}, gates.options());
    gate.scatter_add_(0, (used.defined() ? torch::where(used, place, count) : place).reshape({-1}), gates.reshape({-1}));
    const torch::Tensor resultGradient = incoming * gate.narrow(0, 0, count).unsqueeze(1);
    const torch::Tensor activeGradient = torch::empty_like(active), gatheredGradient = torch::empty_like(gathered), bothGradient = torch::empty_like(both);
    kernels.groupedProduct(task, resultGradient.data_ptr<float>(), down.data_ptr<float>(), true, width, units, activeGradient.data_ptr<float>());
    const torch::Tensor gateSide = both.narrow(1, 0, hidden), upSide = both.narrow(1, hidden, hidden);
    bothGradient.narrow(1, 0, hidden).copy_(torch::silu_backward(activeGradient * upSide, gateSide));
    torch::Tensor upGradient = bothGradient.narrow(1, hidden, hidden);
    torch::mul_out(upGradient, activeGradient, torch::silu(gateSide));
    kernels.groupedProduct(task, bothGradient.data_ptr<float>(), in.data_ptr<float>(), true, 2 * units, width, gatheredGradient.data_ptr<float>());
    const torch::Tensor inGradient = torch::empty_like(in), downGradient = torch::empty_like(down);
    kernels.groupedOuter(task, gathered.data_ptr<float>(), bothGradient.data_ptr<float>(), width, 2 * units, inGradient.data_ptr<float>());
    kernels.groupedOuter(task, active.data_ptr<float>(), resultGradient.data_ptr<float>(), units, width, downGradient.data_ptr<float>());
    return {gatherBack(gatheredGradient, {}, place, used), gateGradient, inGradient, downGradient, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor gpuExperts(const GpuKernels& kernels, const torch::Tensor& tokens, const RouterOutput& output, const StackedExperts& weights) {
  return GpuExperts::apply(tokens.contiguous(), output.gates.contiguous(), weights.in.contiguous(), weights.down.contiguous(), planOf(output, weights.in.size(0)), &kernels);
}

}  // namespace moescope
