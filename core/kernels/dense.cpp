#include "core/kernels/dense.h"

#include <atomic>
#include <cmath>

#include "core/kernels/gpu_operations.h"

namespace moescope {
namespace {

constexpr double kNormEpsilon = 1e-6;
constexpr std::int64_t kPiece = 64;  // rows of one product: large enough for the kernel, small enough to share out

std::int64_t rowCount(const torch::Tensor& tensor) { return tensor.numel() / std::max<std::int64_t>(1, tensor.size(-1)); }

class HostProduct : public torch::autograd::Function<HostProduct> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& weight) {
    const torch::Tensor x = given.contiguous();
    torch::Tensor out = torch::empty({x.size(0), weight.size(1)}, x.options());
    const ConstHostMatrix w = constRowsOf(weight, 0, weight.size(0));
    inPieces(x.size(0), kPiece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().multiply(constRowsOf(x, from, to), false, w, rowsOf(out, from, to));
    });
    context->save_for_backward({x, weight});
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1];
    const torch::Tensor outGradient = upstream[0].contiguous();
    torch::Tensor xGradient, weightGradient;
    if (context->needs_input_grad(0)) {
      xGradient = torch::empty_like(x);
      const torch::Tensor turned = transposed(weight);
      const ConstHostMatrix w = constRowsOf(turned, 0, turned.size(0));
      inPieces(x.size(0), kPiece, [&](std::int64_t from, std::int64_t to) {
        hostKernels().multiply(constRowsOf(outGradient, from, to), false, w, rowsOf(xGradient, from, to));
      });
    }
    if (context->needs_input_grad(1)) {
      weightGradient = torch::empty_like(weight);
      const ConstHostMatrix g = constRowsOf(outGradient, 0, x.size(0));
      inPieces(weight.size(0), kPiece / 2, [&](std::int64_t from, std::int64_t to) {
        hostKernels().multiply(constColumnsOf(x, from, to), true, g, rowsOf(weightGradient, from, to));
      });
    }
    return {xGradient, weightGradient};
  }
};

class HostEmbedding : public torch::autograd::Function<HostEmbedding> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& embedding, const torch::Tensor& positions) {
    const torch::Tensor bytes = given.contiguous();
    const std::int64_t width = embedding.size(1), length = bytes.size(1);
    torch::Tensor out = torch::empty({bytes.numel(), width}, embedding.options());
    const std::int64_t* byte = bytes.data_ptr<std::int64_t>();
    const float *of = embedding.data_ptr<float>(), *at = positions.data_ptr<float>();
    float* to = out.data_ptr<float>();
    for (std::int64_t t = 0; t < bytes.numel(); ++t)
      for (std::int64_t c = 0; c < width; ++c) to[t * width + c] = of[byte[t] * width + c] + at[t % length * width + c];
    context->save_for_backward({bytes});
    context->saved_data["rows"] = embedding.size(0);
    context->saved_data["places"] = positions.size(0);
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const torch::Tensor bytes = context->get_saved_variables()[0], outGradient = upstream[0].contiguous();
    const std::int64_t width = outGradient.size(1), length = bytes.size(1);
    torch::Tensor embedding = torch::zeros({context->saved_data["rows"].toInt(), width}, outGradient.options());
    torch::Tensor positions = torch::zeros({context->saved_data["places"].toInt(), width}, outGradient.options());
    const std::int64_t* byte = bytes.data_ptr<std::int64_t>();
    const float* up = outGradient.data_ptr<float>();
    float *of = embedding.data_ptr<float>(), *at = positions.data_ptr<float>();
    for (std::int64_t t = 0; t < bytes.numel(); ++t)  // in one order: repeatable
      for (std::int64_t c = 0; c < width; ++c) {
        of[byte[t] * width + c] += up[t * width + c];
        at[t % length * width + c] += up[t * width + c];
      }
    return {torch::Tensor(), embedding, positions};
  }
};

class HostWeightedSquares : public torch::autograd::Function<HostWeightedSquares> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& givenWeights) {
    const torch::Tensor products = given.contiguous(), weights = givenWeights.contiguous();
    torch::Tensor out = torch::empty({products.size(0), weights.size(0)}, products.options());
    inPieces(products.size(0), 2 * kPiece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().weightedSquares(constRowsOf(products, from, to), weights.data_ptr<float>(), rowsOf(out, from, to));
    });
    context->save_for_backward({products, weights});
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &products = saved[0], &weights = saved[1], outGradient = upstream[0].contiguous();
    const std::int64_t rows = products.size(0), piece = 2 * kPiece;
    torch::Tensor gradient = torch::empty_like(products),
                  parts = torch::zeros({(rows + piece - 1) / piece, weights.numel()}, weights.options());
    inPieces(rows, piece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().weightedSquaresGradient(constRowsOf(products, from, to), weights.data_ptr<float>(),
                                            constRowsOf(outGradient, from, to), rowsOf(gradient, from, to),
                                            parts.data_ptr<float>() + from / piece * weights.numel());
    });
    return {gradient, parts.sum(0).view_as(weights)};
  }
};

/// Norm of x, or of x + more, which it gives as well: one pass over both.
class HostNorm : public torch::autograd::Function<HostNorm> {
 public:
  static torch::autograd::tensor_list forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                                              const std::optional<torch::Tensor>& added, const torch::Tensor& gain) {
    const torch::Tensor x = given.contiguous(), more = added ? added->contiguous() : torch::Tensor();
    const torch::Tensor sum = more.defined() ? torch::empty_like(x) : torch::Tensor();
    torch::Tensor out = torch::empty_like(x), inverse = torch::empty({rowCount(x)}, x.options());
    inPieces(rowCount(x), 2 * kPiece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().rootMeanSquareNorm(constRowsOf(x, from, to), more.defined() ? constRowsOf(more, from, to) : ConstHostMatrix{},
                                       sum.defined() ? rowsOf(sum, from, to) : HostMatrix{}, gain.data_ptr<float>(),
                                       static_cast<float>(kNormEpsilon), rowsOf(out, from, to), inverse.data_ptr<float>() + from);
    });
    context->set_materialize_grads(false);
    context->save_for_backward({sum.defined() ? sum : x, gain, inverse});
    if (sum.defined()) return {out, sum};
    return {out};
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &gain = saved[1], &inverse = saved[2];
    const torch::Tensor outGradient = upstream[0].defined() ? upstream[0].contiguous() : torch::zeros_like(x);
    const torch::Tensor sumGradient = upstream.size() > 1 && upstream[1].defined() ? upstream[1].contiguous() : torch::Tensor();
    torch::Tensor xGradient = torch::empty_like(x);
    const std::int64_t rows = rowCount(x), piece = 2 * kPiece;
    torch::Tensor parts = torch::zeros({(rows + piece - 1) / piece, x.size(-1)}, x.options());  // summed in one order: repeatable
    inPieces(rows, piece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().rootMeanSquareNormGradient(constRowsOf(x, from, to), gain.data_ptr<float>(), inverse.data_ptr<float>() + from,
                                               constRowsOf(outGradient, from, to),
                                               sumGradient.defined() ? constRowsOf(sumGradient, from, to) : ConstHostMatrix{},
                                               rowsOf(xGradient, from, to), parts.data_ptr<float>() + from / piece * x.size(-1));
    });
    return {xGradient, upstream.size() > 1 ? xGradient : torch::Tensor(), parts.sum(0)};
  }
};

/// Columns [from, from + width) of rows [first, first + rows): one head's share of one sequence.
HostMatrix partOf(const torch::Tensor& tensor, std::int64_t first, std::int64_t rows, std::int64_t from, std::int64_t width) {
  return {tensor.data_ptr<float>() + first * tensor.size(1) + from, rows, width, tensor.size(1)};
}

/// What the attention of head p % heads over sequence p / heads reads and writes.
struct Head {
  std::int64_t first, rows, column, width, modelWidth;
  Head(std::int64_t p, std::int64_t heads, std::int64_t sequences, const torch::Tensor& projected)
      : first(p / heads * (projected.size(0) / sequences)),
        rows(projected.size(0) / sequences),
        column(p % heads * (projected.size(1) / 3 / heads)),
        width(projected.size(1) / 3 / heads),
        modelWidth(projected.size(1) / 3) {}
  ConstHostMatrix read(const torch::Tensor& tensor, std::int64_t third = 0) const {
    return partOf(tensor, first, rows, third * modelWidth + column, width);
  }
  HostMatrix write(const torch::Tensor& tensor, std::int64_t third = 0) const {
    return partOf(tensor, first, rows, third * modelWidth + column, width);
  }
  float scale() const { return 1.0f / std::sqrt(static_cast<float>(width)); }
};

class HostAttention : public torch::autograd::Function<HostAttention> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& projected, std::int64_t sequences,
                               std::int64_t heads) {
    torch::Tensor out = torch::empty({projected.size(0), projected.size(1) / 3}, projected.options());
    torch::Tensor normalisers = torch::empty({sequences * heads, projected.size(0) / sequences}, projected.options());
    inPieces(sequences * heads, 1, [&](std::int64_t p, std::int64_t) {
      const Head head(p, heads, sequences, projected);
      hostKernels().attention(head.read(projected, 0), head.read(projected, 1), head.read(projected, 2), head.scale(),
                              head.write(out), normalisers.data_ptr<float>() + p * head.rows);
    });
    context->save_for_backward({projected, normalisers});
    context->saved_data["sequences"] = sequences;
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &projected = saved[0], &normalisers = saved[1];
    const torch::Tensor outGradient = upstream[0].contiguous();
    const std::int64_t sequences = context->saved_data["sequences"].toInt(), heads = normalisers.size(0) / sequences;
    const torch::Tensor gradient = torch::empty_like(projected);
    inPieces(sequences * heads, 1, [&](std::int64_t p, std::int64_t) {
      const Head head(p, heads, sequences, projected);
      hostKernels().attentionGradient(head.read(projected, 0), head.read(projected, 1), head.read(projected, 2), head.scale(),
                                      normalisers.data_ptr<float>() + p * head.rows, head.read(outGradient),
                                      head.write(gradient, 0), head.write(gradient, 1), head.write(gradient, 2));
    });
    return {gradient, torch::Tensor(), torch::Tensor()};
  }
};

class HostCrossEntropy : public torch::autograd::Function<HostCrossEntropy> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& targets, bool wantGradient) {
    const torch::Tensor logits = given.contiguous();
    const std::int64_t rows = logits.size(0);
    const torch::Tensor gradient = wantGradient ? torch::empty_like(logits) : torch::Tensor();
    std::vector<double> parts(static_cast<std::size_t>((rows + kPiece - 1) / kPiece));  // summed in one order: repeatable
    inPieces(rows, kPiece, [&](std::int64_t from, std::int64_t to) {
      const HostMatrix into = wantGradient ? rowsOf(gradient, from, to) : HostMatrix{};
      parts[static_cast<std::size_t>(from / kPiece)] = hostKernels().crossEntropy(
          constRowsOf(logits, from, to), targets.data_ptr<std::int64_t>() + from, 1.0f / static_cast<float>(rows), into);
    });
    double sum = 0.0;
    for (const double part : parts) sum += part;
    context->save_for_backward({gradient});
    return torch::full({}, sum / static_cast<double>(rows), logits.options());
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const torch::Tensor gradient = context->get_saved_variables()[0];
    const float scale = upstream[0].item<float>();
    return {scale == 1.0f ? gradient : gradient * scale, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor causalAttention(const torch::Tensor& projected, std::int64_t sequences, std::int64_t heads, Dispatch dispatch) {
  if (onHost(projected, dispatch)) return HostAttention::apply(projected.contiguous(), sequences, heads);
  const std::int64_t width = projected.size(1) / 3;
  const std::vector<torch::Tensor> parts =
      projected.view({sequences, -1, 3, heads, width / heads}).permute({2, 0, 3, 1, 4}).unbind(0);
  const torch::Tensor mixed = at::scaled_dot_product_attention(parts[0], parts[1], parts[2], {}, 0.0, /*is_causal=*/true);
  return mixed.transpose(1, 2).reshape({-1, width});
}

torch::Tensor meanCrossEntropy(const torch::Tensor& logits, const torch::Tensor& targets, Dispatch dispatch) {
  if (!onHost(logits, dispatch)) return torch::cross_entropy_loss(logits, targets);
  return HostCrossEntropy::apply(logits, targets.contiguous(), logits.requires_grad() && at::GradMode::is_enabled());
}

torch::Tensor embed(const torch::Tensor& bytes, const torch::Tensor& embedding, const torch::Tensor& positions,
                    Dispatch dispatch) {
  if (onHost(embedding, dispatch)) return HostEmbedding::apply(bytes, embedding, positions);
  return (torch::embedding(embedding, bytes) + positions.narrow(0, 0, bytes.size(1))).view({-1, embedding.size(1)});
}

torch::Tensor weightedSquares(const torch::Tensor& products, const torch::Tensor& weights, Dispatch dispatch) {
  if (onHost(products, dispatch)) return HostWeightedSquares::apply(products, weights);
  if (const GpuKernels* kernels = dispatch == Dispatch::Fused ? kernelsFor(products) : nullptr)
    return weightedSquares(*kernels, products, weights);
  return (products.square() * weights.reshape({1, -1})).view({-1, weights.size(0), weights.size(1)}).sum(-1);
}

torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight, Dispatch dispatch) {
  return onHost(x, dispatch) ? HostProduct::apply(x, weight) : torch::mm(x, weight);
}

torch::Tensor rootMeanSquareNorm(const torch::Tensor& x, const torch::Tensor& gain, Dispatch dispatch) {
  if (onHost(x, dispatch)) return HostNorm::apply(x, std::nullopt, gain)[0];
  if (x.is_cuda()) return at::rms_norm(x, {x.size(-1)}, gain, kNormEpsilon);  // one kernel
  return x * (x.square().mean(-1, true) + kNormEpsilon).rsqrt() * gain;
}

Residual addAndNorm(const torch::Tensor& x, const torch::Tensor& more, const torch::Tensor& gain, Dispatch dispatch) {
  if (onHost(x, dispatch)) {
    const torch::autograd::tensor_list made = HostNorm::apply(x, std::optional(more), gain);
    return {made[1], made[0]};
  }
  const torch::Tensor sum = x + more;
  return {sum, rootMeanSquareNorm(sum, gain, dispatch)};
}

bool onHost(const torch::Tensor& tensor, Dispatch dispatch) {
  return dispatch == Dispatch::Fused && tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32;
}

HostMatrix rowsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to) {
  const std::int64_t columns = tensor.size(-1);
  return {tensor.data_ptr<float>() + from * columns, to - from, columns, columns};
}

ConstHostMatrix constRowsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to) { return rowsOf(tensor, from, to); }

torch::Tensor transposed(const torch::Tensor& matrices) {
  const std::int64_t rows = matrices.size(-2), columns = matrices.size(-1);
  const torch::Tensor out = torch::empty(matrices.transpose(-2, -1).sizes(), matrices.options());
  inPieces(matrices.numel() / (rows * columns), 1, [&](std::int64_t m, std::int64_t) {
    hostKernels().transpose(constRowsOf(matrices, m * rows, (m + 1) * rows), rowsOf(out, m * columns, (m + 1) * columns));
  });
  return out;
}

ConstHostMatrix constColumnsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to) {
  return {tensor.data_ptr<float>() + from, rowCount(tensor), to - from, tensor.size(-1)};
}

void inPieces(std::int64_t count, std::int64_t piece, const std::function<void(std::int64_t, std::int64_t)>& work) {
  const std::int64_t pieces = (count + piece - 1) / piece, workers = std::min<std::int64_t>(pieces, at::get_num_threads());
  std::vector<std::atomic<std::int64_t>> next(static_cast<std::size_t>(workers));
  for (std::int64_t w = 0; w < workers; ++w) next[static_cast<std::size_t>(w)] = w * pieces / workers;
  at::parallel_for(0, workers, 1, [&](std::int64_t first, std::int64_t) {
    for (std::int64_t turn = 0; turn < workers; ++turn) {  // its own run, then what is left of the others'
      const std::int64_t run = (first + turn) % workers, end = (run + 1) * pieces / workers;
      for (std::int64_t p = next[static_cast<std::size_t>(run)]++; p < end; p = next[static_cast<std::size_t>(run)]++)
        work(p * piece, std::min(count, (p + 1) * piece));
    }
  });
}

}  // namespace moescope
