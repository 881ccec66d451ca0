#include "core/model/gpu_experts.h"

#include "core/kernels/gpu_operations.h"

namespace moescope {
namespace {

/// Where every assignment lies once they are sorted by expert, on the GPU: the host knows only how many there can be.
struct DevicePlan {
  torch::Tensor starts;  ///< N + 1, int64: first row of each expert
  torch::Tensor rows;    ///< T slots, int64: token of each row
  torch::Tensor order;   ///< T slots, int64: its place in the gates
  torch::Tensor place;   ///< T x slots, int64: row of each gate, -1 where it is not used
};

std::int64_t* integersOf(const torch::Tensor& tensor) { return tensor.data_ptr<std::int64_t>(); }
float* floatsOf(const torch::Tensor& tensor) { return tensor.data_ptr<float>(); }

DevicePlan planOf(const GpuKernels& kernels, const RouterOutput& output, const torch::Tensor& gates, std::int64_t experts) {
  const auto options = gates.options().dtype(torch::kInt64);
  const torch::Tensor chosen = output.experts.defined() ? output.experts.contiguous() : torch::Tensor();
  const DevicePlan plan{torch::empty({experts + 1}, options), torch::empty({gates.numel()}, options),
                        torch::empty({gates.numel()}, options), torch::empty(gates.sizes(), options)};
  kernels.sortAssignments({chosen.defined() ? integersOf(chosen) : nullptr, floatsOf(gates), gates.size(0),
                           static_cast<int>(gates.size(1)), static_cast<int>(experts)},
                          {integersOf(plan.starts), integersOf(plan.rows), integersOf(plan.order), integersOf(plan.place)});
  return plan;
}

class GpuExperts : public torch::autograd::Function<GpuExperts> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& tokens, const torch::Tensor& gates,
                               const torch::Tensor& in, const torch::Tensor& down, const DevicePlan& plan,
                               const GpuKernels* kernels) {
    const std::int64_t count = plan.rows.size(0);
    const int width = static_cast<int>(tokens.size(1)), hidden = static_cast<int>(down.size(1));
    const GroupedTask task{integersOf(plan.starts), static_cast<int>(in.size(0)), count};
    const torch::Tensor gathered = torch::empty({count, width}, tokens.options()),
                        both = torch::empty({count, 2 * hidden}, tokens.options());
    const torch::Tensor active = torch::empty({count, hidden}, tokens.options()),
                        result = torch::empty({count, width}, tokens.options()), out = torch::empty_like(tokens);
    kernels->gatherRows(task, floatsOf(tokens), integersOf(plan.rows), width, floatsOf(gathered));
    kernels->groupedProduct(task, floatsOf(gathered), floatsOf(in), false, width, 2 * hidden, floatsOf(both));
    kernels->swiglu(task, floatsOf(both), hidden, floatsOf(active));
    kernels->groupedProduct(task, floatsOf(active), floatsOf(down), false, hidden, width, floatsOf(result));
    kernels->combineRows(floatsOf(result), floatsOf(gates), integersOf(plan.place), tokens.size(0),
                         static_cast<int>(gates.size(1)), width, floatsOf(out));
    context->save_for_backward({gathered, both, active, result, gates, in, down, plan.starts, plan.rows, plan.order, plan.place});
    context->saved_data["kernels"] = reinterpret_cast<std::int64_t>(kernels);
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &gathered = saved[0], &both = saved[1], &active = saved[2], &result = saved[3], &gates = saved[4],
                        &in = saved[5], &down = saved[6];
    const torch::Tensor &starts = saved[7], &rows = saved[8], &order = saved[9], &place = saved[10],
                        incoming = upstream[0].contiguous();
    const GpuKernels& kernels = kernelsIn(*context);
    const int width = static_cast<int>(gathered.size(1)), hidden = static_cast<int>(down.size(1));
    const GroupedTask task{integersOf(starts), static_cast<int>(in.size(0)), rows.size(0)};
    const torch::Tensor gateGradient = torch::zeros_like(gates), resultGradient = torch::empty_like(result),
                        activeGradient = torch::empty_like(active);
    const torch::Tensor bothGradient = torch::empty_like(both), gatheredGradient = torch::empty_like(gathered),
                        tokenGradient = torch::empty_like(incoming);
    const torch::Tensor inGradient = torch::empty_like(in), downGradient = torch::empty_like(down);
    kernels.gateRows(task, floatsOf(incoming), floatsOf(result), floatsOf(gates), integersOf(rows), integersOf(order), width,
                     floatsOf(resultGradient), floatsOf(gateGradient));
    kernels.groupedProduct(task, floatsOf(resultGradient), floatsOf(down), true, width, hidden, floatsOf(activeGradient));
    kernels.swigluGradient(task, floatsOf(both), floatsOf(activeGradient), hidden, floatsOf(bothGradient));
    kernels.groupedProduct(task, floatsOf(bothGradient), floatsOf(in), true, 2 * hidden, width, floatsOf(gatheredGradient));
    kernels.groupedOuter(task, floatsOf(gathered), floatsOf(bothGradient), width, 2 * hidden, floatsOf(inGradient));
    kernels.groupedOuter(task, floatsOf(active), floatsOf(resultGradient), hidden, width, floatsOf(downGradient));
    kernels.combineRows(floatsOf(gatheredGradient), nullptr, integersOf(place), gates.size(0), static_cast<int>(gates.size(1)),
                        width, floatsOf(tokenGradient));
    return {tokenGradient, gateGradient, inGradient, downGradient, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor gpuExperts(const GpuKernels& kernels, const torch::Tensor& tokens, const RouterOutput& output,
                         const StackedExperts& weights) {
  const torch::Tensor gates = output.gates.contiguous();
  return GpuExperts::apply(tokens.contiguous(), gates, weights.in.contiguous(), weights.down.contiguous(),
                           planOf(kernels, output, gates, weights.in.size(0)), &kernels);
}

}  // namespace moescope
