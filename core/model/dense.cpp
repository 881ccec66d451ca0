#include "core/model/dense.h"

namespace moescope {
namespace {

constexpr double kNormEpsilon = 1e-6;
constexpr std::int64_t kPiece = 64;  // rows of one product: large enough for the kernel, small enough to share out

std::int64_t rowCount(const torch::Tensor& tensor) { return tensor.numel() / std::max<std::int64_t>(1, tensor.size(-1)); }

class HostProduct : public torch::autograd::Function<HostProduct> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given, const torch::Tensor& weight) {
    const torch::Tensor x = given.contiguous();
    torch::Tensor out = torch::empty({x.size(0), weight.size(1)}, x.options());
    const ConstHostMatrix w = constRowsOf(weight, 0, weight.size(0));
    inPieces(x.size(0), kPiece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().multiply(constRowsOf(x, from, to), false, w, false, rowsOf(out, from, to));
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
      const ConstHostMatrix w = constRowsOf(weight, 0, weight.size(0));
      inPieces(x.size(0), kPiece, [&](std::int64_t from, std::int64_t to) {
        hostKernels().multiply(constRowsOf(outGradient, from, to), false, w, true, rowsOf(xGradient, from, to));
      });
    }
    if (context->needs_input_grad(1)) {
      weightGradient = torch::empty_like(weight);
      const ConstHostMatrix g = constRowsOf(outGradient, 0, x.size(0));
      inPieces(weight.size(0), kPiece / 2, [&](std::int64_t from, std::int64_t to) {
        hostKernels().multiply(constColumnsOf(x, from, to), true, g, false, rowsOf(weightGradient, from, to));
      });
    }
    return {xGradient, weightGradient};
  }
};

class HostNorm : public torch::autograd::Function<HostNorm> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given, const torch::Tensor& gain) {
    const torch::Tensor x = given.contiguous();
    torch::Tensor out = torch::empty_like(x), inverse = torch::empty({rowCount(x)}, x.options());
    inPieces(rowCount(x), 2 * kPiece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().rootMeanSquareNorm(constRowsOf(x, from, to), gain.data_ptr<float>(), static_cast<float>(kNormEpsilon),
                                       rowsOf(out, from, to), inverse.data_ptr<float>() + from);
    });
    context->save_for_backward({x, gain, inverse});
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &gain = saved[1], &inverse = saved[2];
    const torch::Tensor outGradient = upstream[0].contiguous();
    torch::Tensor xGradient = torch::empty_like(x);
    const std::int64_t rows = rowCount(x), piece = 2 * kPiece;
    torch::Tensor parts = torch::zeros({(rows + piece - 1) / piece, x.size(-1)}, x.options());  // summed in one order: repeatable
    inPieces(rows, piece, [&](std::int64_t from, std::int64_t to) {
      hostKernels().rootMeanSquareNormGradient(constRowsOf(x, from, to), gain.data_ptr<float>(), inverse.data_ptr<float>() + from,
                                               constRowsOf(outGradient, from, to), rowsOf(xGradient, from, to),
                                               parts.data_ptr<float>() + from / piece * x.size(-1));
    });
    return {xGradient, parts.sum(0)};
  }
};

}  // namespace

torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight, Dispatch dispatch) {
  return onHost(x, dispatch) ? HostProduct::apply(x, weight) : torch::mm(x, weight);
}

torch::Tensor rootMeanSquareNorm(const torch::Tensor& x, const torch::Tensor& gain, Dispatch dispatch) {
  if (onHost(x, dispatch)) return HostNorm::apply(x, gain);
  return x * (x.square().mean(-1, true) + kNormEpsilon).rsqrt() * gain;
}

bool onHost(const torch::Tensor& tensor, Dispatch dispatch) {
  return dispatch == Dispatch::Fused && tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32;
}

HostMatrix rowsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to) {
  const std::int64_t columns = tensor.size(-1);
  return {tensor.data_ptr<float>() + from * columns, to - from, columns, columns};
}

ConstHostMatrix constRowsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to) {
  const HostMatrix m = rowsOf(tensor, from, to);
  return {m.data, m.rows, m.columns, m.stride};
}

ConstHostMatrix constColumnsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to) {
  return {tensor.data_ptr<float>() + from, rowCount(tensor), to - from, tensor.size(-1)};
}

void inPieces(std::int64_t count, std::int64_t piece, const std::function<void(std::int64_t, std::int64_t)>& work) {
  at::parallel_for(0, (count + piece - 1) / piece, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t p = first; p < last; ++p) work(p * piece, std::min(count, (p + 1) * piece));
  });
}

}  // namespace moescope
