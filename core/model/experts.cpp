#include "core/model/experts.h"

namespace moescope {
namespace {

/// Assignments of tokens to experts, sorted by expert.
struct Assignments {
  torch::Tensor rows;           ///< R, int64: token of each assignment
  torch::Tensor order;          ///< R, int64: its place in the flattened gates
  std::vector<int64_t> counts;  ///< N: assignments of each expert
};

Assignments sortByExpert(const RouterOutput& output, int64_t experts) {
  Assignments sorted;
  torch::Tensor expertOf;
  if (output.experts.defined()) {
    const int64_t chosen = output.experts.size(1);
    std::tie(expertOf, sorted.order) = output.experts.reshape({-1}).sort(/*stable=*/true, 0, false);
    sorted.rows = sorted.order.floor_divide(chosen);
  } else {
    const torch::Tensor used = output.gates.detach().t().nonzero();  // by expert, then token
    expertOf = used.select(1, 0).contiguous();
    sorted.rows = used.select(1, 1).contiguous();
    sorted.order = sorted.rows * experts + expertOf;
  }
  const torch::Tensor counts = torch::bincount(expertOf, {}, experts).to(torch::kCPU);
  sorted.counts.assign(counts.data_ptr<int64_t>(), counts.data_ptr<int64_t>() + experts);
  return sorted;
}

/// out[slice of e] = in[slice of e] @ weights[e] for every expert.
torch::Tensor multiplyByExpert(const torch::Tensor& in, const torch::Tensor& weights, const std::vector<int64_t>& counts) {
  torch::Tensor out = torch::empty({in.size(0), weights.size(2)}, in.options());
  int64_t start = 0;
  for (std::size_t e = 0; e < counts.size(); start += counts[e], ++e) {
    if (counts[e] == 0) continue;
    torch::Tensor slice = out.narrow(0, start, counts[e]);
    at::mm_out(slice, in.narrow(0, start, counts[e]), weights[static_cast<int64_t>(e)]);
  }
  return out;
}

/// out[e] = left[slice of e]' @ right[slice of e]: gradients of the weights.
torch::Tensor outerByExpert(const torch::Tensor& left, const torch::Tensor& right, const std::vector<int64_t>& counts) {
  torch::Tensor out = torch::zeros({static_cast<int64_t>(counts.size()), left.size(1), right.size(1)}, left.options());
  int64_t start = 0;
  for (std::size_t e = 0; e < counts.size(); start += counts[e], ++e) {
    if (counts[e] == 0) continue;
    torch::Tensor slice = out[static_cast<int64_t>(e)];
    at::mm_out(slice, left.narrow(0, start, counts[e]).t(), right.narrow(0, start, counts[e]));
  }
  return out;
}

/// The grouped computation with a hand-written gradient: one gather, one product per expert and side, one scatter.
class GroupedExperts : public torch::autograd::Function<GroupedExperts> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& tokens, const torch::Tensor& gates,
                               const torch::Tensor& in, const torch::Tensor& down, const torch::Tensor& rows,
                               const torch::Tensor& order, const std::vector<int64_t>& counts) {
    const torch::Tensor gathered = tokens.index_select(0, rows);
    const torch::Tensor both = multiplyByExpert(gathered, in, counts);
    const int64_t hidden = down.size(1);
    const torch::Tensor active = torch::silu(both.narrow(1, 0, hidden)).mul_(both.narrow(1, hidden, hidden));
    const torch::Tensor result = multiplyByExpert(active, down, counts);
    const torch::Tensor gate = gates.reshape({-1}).index_select(0, order).unsqueeze(1);
    context->save_for_backward({gathered, both, active, result, gate, in, down, rows, order});
    context->saved_data["counts"] = counts;
    context->saved_data["tokens"] = tokens.size(0);
    context->saved_data["gates"] = gates.sizes().vec();
    return torch::zeros_like(tokens).index_add_(0, rows, result * gate);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &gathered = saved[0], &both = saved[1], &active = saved[2], &result = saved[3], &gate = saved[4];
    const torch::Tensor &in = saved[5], &down = saved[6], &rows = saved[7], &order = saved[8];
    const std::vector<int64_t> counts = context->saved_data["counts"].toIntVector();
    const int64_t hidden = down.size(1);

    const torch::Tensor incoming = upstream[0].index_select(0, rows);
    const torch::Tensor gateGradient = torch::zeros(context->saved_data["gates"].toIntVector(), incoming.options());
    gateGradient.view({-1}).index_copy_(0, order, (incoming * result).sum(1));
    const torch::Tensor resultGradient = incoming * gate;
    const torch::Tensor activeGradient = multiplyByExpert(resultGradient, down.transpose(1, 2), counts);
    const torch::Tensor gateSide = both.narrow(1, 0, hidden), upSide = both.narrow(1, hidden, hidden);
    torch::Tensor bothGradient = torch::empty_like(both);
    bothGradient.narrow(1, 0, hidden).copy_(torch::silu_backward(activeGradient * upSide, gateSide));
    torch::Tensor upGradient = bothGradient.narrow(1, hidden, hidden);
    torch::mul_out(upGradient, activeGradient, torch::silu(gateSide));
    const torch::Tensor gatheredGradient = multiplyByExpert(bothGradient, in.transpose(1, 2), counts);
    const torch::Tensor tokenGradient =
        torch::zeros({context->saved_data["tokens"].toInt(), gathered.size(1)}, gathered.options()).index_add_(0, rows, gatheredGradient);
    return {tokenGradient, gateGradient, outerByExpert(gathered, bothGradient, counts), outerByExpert(active, resultGradient, counts),
            torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }
};

/// The same sum written as one plain loop over experts: the reference of tests and the baseline of the benchmark.
torch::Tensor plainLoop(const torch::Tensor& tokens, const RouterOutput& output, const ExpertWeights& weights) {
  const int64_t hidden = weights.down.size(1);
  torch::Tensor sum = torch::zeros_like(tokens);
  for (int64_t e = 0; e < weights.in.size(0); ++e) {
    const torch::Tensor used = output.experts.defined() ? output.experts.eq(e).nonzero() : output.gates.select(1, e).gt(0).nonzero();
    if (used.size(0) == 0) continue;
    const torch::Tensor rows = used.select(1, 0);
    const torch::Tensor gate = output.experts.defined() ? output.gates.index({rows, used.select(1, 1)}) : output.gates.index({rows, e});
    const torch::Tensor both = torch::mm(tokens.index_select(0, rows), weights.in[e]);
    const torch::Tensor active = torch::silu(both.narrow(1, 0, hidden)) * both.narrow(1, hidden, hidden);
    sum = sum.index_add(0, rows, torch::mm(active, weights.down[e]) * gate.unsqueeze(1));
  }
  return sum;
}

}  // namespace

torch::Tensor runExperts(const torch::Tensor& tokens, const RouterOutput& output, const ExpertWeights& weights, Dispatch dispatch) {
  if (dispatch == Dispatch::PlainLoop) return plainLoop(tokens, output, weights);
  const Assignments sorted = sortByExpert(output, weights.in.size(0));
  return GroupedExperts::apply(tokens, output.gates, weights.in, weights.down, sorted.rows, sorted.order, sorted.counts);
}

}  // namespace moescope
