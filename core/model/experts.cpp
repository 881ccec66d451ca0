#include "core/model/experts.h"

#include "core/kernels/dense.h"
#include "core/kernels/gpu_operations.h"
#include "core/model/gpu_experts.h"

namespace moescope {
namespace {

/// SortedByExpert of tokens to experts, sorted by expert.
struct SortedByExpert {
  torch::Tensor rows;           ///< R, int64: token of each assignment
  torch::Tensor order;          ///< R, int64: its place in the flattened gates
  std::vector<int64_t> counts;  ///< N: assignments of each expert
};

SortedByExpert sortByExpert(const RouterOutput& output, int64_t experts) {
  SortedByExpert sorted;
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
        torch::zeros({context->saved_data["tokens"].toInt(), gathered.size(1)}, gathered.options())
            .index_add_(0, rows, gatheredGradient);
    return {tokenGradient,
            gateGradient,
            outerByExpert(gathered, bothGradient, counts),
            outerByExpert(active, resultGradient, counts),
            torch::Tensor(),
            torch::Tensor(),
            torch::Tensor()};
  }
};

/// Where every assignment lies once they are sorted by expert. On the host.
struct Plan {
  torch::Tensor rows;           ///< R, int64: token of each sorted assignment
  torch::Tensor order;          ///< R, int64: its place in the flattened gates
  torch::Tensor place;          ///< as the gates, int64: sorted position of each gate, -1 where it is not used
  std::vector<int64_t> starts;  ///< N + 1: first sorted position of each expert
};

Plan planOf(const RouterOutput& output, const torch::Tensor& gates, int64_t experts) {
  const int64_t tokens = gates.size(0), slots = gates.size(1);
  const torch::Tensor chosen = output.experts.defined() ? output.experts.contiguous() : torch::Tensor();
  const int64_t* expert = chosen.defined() ? chosen.data_ptr<int64_t>() : nullptr;
  const float* gate = gates.data_ptr<float>();
  const torch::Tensor fits = output.kept.defined() ? output.kept.contiguous() : torch::Tensor();
  const bool* kept = fits.defined() ? fits.data_ptr<bool>() : nullptr;
  const auto expertAt = [&](int64_t i) {
    if (kept && !kept[i]) return int64_t{-1};
    return expert ? expert[i] : gate[i] > 0.0f ? i % slots : -1;
  };
  Plan plan;
  plan.starts.assign(static_cast<std::size_t>(experts) + 1, 0);
  for (int64_t i = 0; i < tokens * slots; ++i)
    if (const int64_t e = expertAt(i); e >= 0) ++plan.starts[static_cast<std::size_t>(e) + 1];
  for (std::size_t e = 0; e < static_cast<std::size_t>(experts); ++e) plan.starts[e + 1] += plan.starts[e];
  plan.rows = torch::empty({plan.starts.back()}, torch::kInt64);
  plan.order = torch::empty({plan.starts.back()}, torch::kInt64);
  plan.place = torch::empty({tokens * slots}, torch::kInt64);
  std::vector<int64_t> next(plan.starts.begin(), plan.starts.end() - 1);
  int64_t *rows = plan.rows.data_ptr<int64_t>(), *order = plan.order.data_ptr<int64_t>(), *place = plan.place.data_ptr<int64_t>();
  for (int64_t i = 0; i < tokens * slots; ++i) {
    const int64_t e = expertAt(i);
    place[i] = e < 0 ? -1 : next[static_cast<std::size_t>(e)]++;
    if (e < 0) continue;
    rows[place[i]] = i / slots;
    order[place[i]] = i;
  }
  return plan;
}

/// A run of sorted assignments of one expert: what one thread takes at a time.
struct Piece {
  int64_t expert, from, to;
};

std::vector<Piece> piecesOf(const std::vector<int64_t>& starts) {
  constexpr int64_t rows = 96;
  std::vector<Piece> pieces;
  for (std::size_t e = 0; e + 1 < starts.size(); ++e)
    for (int64_t from = starts[e]; from < starts[e + 1]; from += rows)
      pieces.push_back({static_cast<int64_t>(e), from, std::min(from + rows, starts[e + 1])});
  return pieces;
}

void forEachPiece(const std::vector<Piece>& pieces, const std::function<void(const Piece&)>& work) {
  inPieces(static_cast<int64_t>(pieces.size()), 1, [&](int64_t p, int64_t) { work(pieces[static_cast<std::size_t>(p)]); });
}

/// out[t] = sum over the slots of token t of weight * sorted[place], all rows contiguous.
void gatherBack(const torch::Tensor& sorted, const float* weights, const torch::Tensor& place, torch::Tensor& out) {
  const int64_t tokens = out.size(0), width = out.size(1), slots = place.numel() / tokens;
  const int64_t* at = place.data_ptr<int64_t>();
  const float* in = sorted.data_ptr<float>();
  float* to = out.data_ptr<float>();
  inPieces(tokens, 64, [&](int64_t first, int64_t last) {
    std::fill(to + first * width, to + last * width, 0.0f);
    for (int64_t i = first * slots; i < last * slots; ++i) {
      if (at[i] < 0) continue;
      const float weight = weights ? weights[i] : 1.0f;
      for (int64_t c = 0; c < width; ++c) to[i / slots * width + c] += weight * in[at[i] * width + c];
    }
  });
}

ConstHostMatrix expertOf(const torch::Tensor& weights, int64_t e) {
  return constRowsOf(weights, e * weights.size(1), (e + 1) * weights.size(1));
}

/// The same computation on the host: a thread takes a run of rows of one expert through everything that is done to them, so
/// that they stay in its cache. No sum depends on the number of threads.
class FusedExperts : public torch::autograd::Function<FusedExperts> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& tokens, const torch::Tensor& gates,
                               const torch::Tensor& in, const torch::Tensor& down, const torch::Tensor& rows,
                               const torch::Tensor& order, const torch::Tensor& place, const std::vector<int64_t>& starts) {
    const int64_t count = rows.size(0), width = tokens.size(1), hidden = down.size(1);
    const torch::Tensor gathered = torch::empty({count, width}, tokens.options()),
                        both = torch::empty({count, 2 * hidden}, tokens.options());
    const torch::Tensor active = torch::empty({count, hidden}, tokens.options()),
                        result = torch::empty({count, width}, tokens.options());
    const int64_t* row = rows.data_ptr<int64_t>();
    const float* token = tokens.data_ptr<float>();
    float* gatheredRow = gathered.data_ptr<float>();
    forEachPiece(piecesOf(starts), [&](const Piece& piece) {
      for (int64_t r = piece.from; r < piece.to; ++r) std::copy_n(token + row[r] * width, width, gatheredRow + r * width);
      const auto& host = hostKernels();
      host.multiply(constRowsOf(gathered, piece.from, piece.to), false, expertOf(in, piece.expert),
                    rowsOf(both, piece.from, piece.to));
      host.swiglu(constRowsOf(both, piece.from, piece.to), rowsOf(active, piece.from, piece.to));
      host.multiply(constRowsOf(active, piece.from, piece.to), false, expertOf(down, piece.expert),
                    rowsOf(result, piece.from, piece.to));
    });
    torch::Tensor out = torch::empty_like(tokens);
    gatherBack(result, gates.data_ptr<float>(), place, out);
    context->save_for_backward({gathered, both, active, gates, in, down, rows, order, place});
    context->saved_data["starts"] = starts;
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &gathered = saved[0], &both = saved[1], &active = saved[2], &gates = saved[3];
    const torch::Tensor &in = saved[4], &down = saved[5], &rows = saved[6], &order = saved[7], &place = saved[8];
    const std::vector<int64_t> starts = context->saved_data["starts"].toIntVector();
    const int64_t width = gathered.size(1), hidden = active.size(1);
    const torch::Tensor incoming = upstream[0].contiguous();
    const torch::Tensor gateGradient = torch::zeros_like(gates), resultGradient = torch::empty_like(gathered);
    const torch::Tensor bothGradient = torch::empty_like(both), gatheredGradient = torch::empty_like(gathered);
    const torch::Tensor inTurned = transposed(in), downTurned = transposed(down);
    const int64_t *row = rows.data_ptr<int64_t>(), *slot = order.data_ptr<int64_t>();
    const float *incomings = incoming.data_ptr<float>(), *gateOf = gates.data_ptr<float>();
    float *resultGradients = resultGradient.data_ptr<float>(), *gateGradients = gateGradient.data_ptr<float>();
    forEachPiece(piecesOf(starts), [&](const Piece& piece) {
      const auto& host = hostKernels();
      const HostMatrix ofResult = rowsOf(resultGradient, piece.from, piece.to);
      for (int64_t r = piece.from; r < piece.to; ++r) std::copy_n(incomings + row[r] * width, width, resultGradients + r * width);
      thread_local std::vector<float> scratch;  // stays in this core's cache
      scratch.resize(static_cast<std::size_t>((piece.to - piece.from) * hidden));
      const HostMatrix ofActive{scratch.data(), piece.to - piece.from, hidden, hidden};
      host.multiply(ofResult, false, expertOf(downTurned, piece.expert), ofActive);
      // Not gated so far: the gate's gradient is the incoming one along the result, which is that of the active units along them.
      host.gateRows(constRowsOf(active, piece.from, piece.to), ofActive, ofResult, slot + piece.from, gateOf, gateGradients);
      host.swigluGradient(constRowsOf(both, piece.from, piece.to), ofActive, rowsOf(bothGradient, piece.from, piece.to));
      host.multiply(constRowsOf(bothGradient, piece.from, piece.to), false, expertOf(inTurned, piece.expert),
                    rowsOf(gatheredGradient, piece.from, piece.to));
    });
    torch::Tensor tokenGradient = torch::empty(incoming.sizes(), incoming.options());
    gatherBack(gatheredGradient, nullptr, place, tokenGradient);
    const torch::Tensor inGradient = torch::empty_like(in), downGradient = torch::empty_like(down);
    const int64_t pieces = 2 * in.size(0);  // halves: the busiest expert's rows are what the others wait for
    inPieces(2 * pieces, 1, [&](int64_t p, int64_t) {
      if (p < pieces) outerHalf(gathered, bothGradient, inGradient, starts, p);
      else outerHalf(active, resultGradient, downGradient, starts, p - pieces);
    });
    return {tokenGradient,   gateGradient,    inGradient,      downGradient,
            torch::Tensor(), torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }

 private:
  /// Half `piece` % 2 of the rows of left' right over the assignments of expert `piece` / 2, written to its slice of `gradient`.
  static void outerHalf(const torch::Tensor& left, const torch::Tensor& right, const torch::Tensor& gradient,
                        const std::vector<int64_t>& starts, int64_t piece) {
    const auto e = static_cast<std::size_t>(piece / 2);
    const int64_t rows = gradient.size(1), from = piece % 2 * (rows / 2), to = piece % 2 ? rows : rows / 2,
                  first = static_cast<int64_t>(e) * rows;
    if (from == to) return;
    const HostMatrix into = rowsOf(gradient, first + from, first + to);
    if (starts[e] == starts[e + 1]) {
      std::fill_n(into.data, into.rows * into.columns, 0.0f);
      return;
    }
    const ConstHostMatrix all = constRowsOf(left, starts[e], starts[e + 1]);
    hostKernels().multiply({all.data + from, all.rows, to - from, all.stride}, true, constRowsOf(right, starts[e], starts[e + 1]),
                           into);
  }
};

torch::Tensor fusedExperts(const torch::Tensor& tokens, const RouterOutput& output, const StackedExperts& weights) {
  const torch::Tensor gates = output.gates.contiguous();
  const Plan plan = planOf(output, gates, weights.in.size(0));
  return FusedExperts::apply(tokens.contiguous(), gates, weights.in, weights.down, plan.rows, plan.order, plan.place,
                             plan.starts);
}

/// The same sum written as one plain loop over experts: the reference of tests and the baseline of the benchmark.
torch::Tensor plainLoop(const torch::Tensor& tokens, const RouterOutput& output, const StackedExperts& weights) {
  const int64_t hidden = weights.down.size(1);
  torch::Tensor sum = torch::zeros_like(tokens);
  for (int64_t e = 0; e < weights.in.size(0); ++e) {
    const torch::Tensor used =
        output.experts.defined() ? output.experts.eq(e).nonzero() : output.gates.select(1, e).gt(0).nonzero();
    if (used.size(0) == 0) continue;
    const torch::Tensor rows = used.select(1, 0);
    const torch::Tensor gate =
        output.experts.defined() ? output.gates.index({rows, used.select(1, 1)}) : output.gates.index({rows, e});
    const torch::Tensor both = torch::mm(tokens.index_select(0, rows), weights.in[e]);
    const torch::Tensor active = torch::silu(both.narrow(1, 0, hidden)) * both.narrow(1, hidden, hidden);
    sum = sum.index_add(0, rows, torch::mm(active, weights.down[e]) * gate.unsqueeze(1));
  }
  return sum;
}

}  // namespace

torch::Tensor runExperts(const torch::Tensor& tokens, const RouterOutput& routed, const StackedExperts& weights,
                         Dispatch dispatch) {
  if (onHost(tokens, dispatch)) return fusedExperts(tokens, routed, weights);
  RouterOutput output = routed;
  if (routed.kept.defined()) output.gates = routed.gates * routed.kept;  // computed, and then not counted
  if (dispatch == Dispatch::PlainLoop) return plainLoop(tokens, output, weights);
  if (const GpuKernels* kernels = dispatch == Dispatch::Fused ? kernelsFor(tokens) : nullptr)
    return gpuExperts(*kernels, tokens, output, weights);
  const SortedByExpert sorted = sortByExpert(output, weights.in.size(0));
  return GroupedExperts::apply(tokens, output.gates, weights.in, weights.down, sorted.rows, sorted.order, sorted.counts);
}

}  // namespace moescope
