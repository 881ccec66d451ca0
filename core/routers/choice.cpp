// How a router's logits become probabilities, k experts a token and their gates: on CPUs one pass over each token, elsewhere
// LibTorch's operations.

#include "core/kernels/dense.h"
#include "core/routers/router.h"

namespace moescope {
namespace {

bool onHost(const torch::Tensor& tensor) { return moescope::onHost(tensor, Dispatch::Fused); }

class HostSoftmax : public torch::autograd::Function<HostSoftmax> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given) {
    const torch::Tensor logits = given.contiguous();
    torch::Tensor probabilities = torch::empty_like(logits);
    hostKernels().softmax(constRowsOf(logits, 0, logits.size(0)), rowsOf(probabilities, 0, logits.size(0)));
    context->save_for_backward({probabilities});
    return probabilities;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const torch::Tensor probabilities = context->get_saved_variables()[0], up = upstream[0].contiguous();
    torch::Tensor gradient = torch::empty_like(probabilities);
    const int64_t rows = probabilities.size(0);
    hostKernels().softmaxGradient(constRowsOf(probabilities, 0, rows), constRowsOf(up, 0, rows), rowsOf(gradient, 0, rows));
    return {gradient};
  }
};

/// The k largest of each row, the largest first, of equal ones the earlier. k different columns also where values are not
/// numbers.
torch::Tensor largest(const torch::Tensor& given, int64_t k) {
  const torch::Tensor preference = given.contiguous();
  const int64_t rows = preference.size(0), columns = preference.size(1);
  TORCH_CHECK(k <= columns, "top-", k, " of ", columns, " experts");
  torch::Tensor chosen = torch::empty({rows, k}, torch::kInt64);
  const float* value = preference.data_ptr<float>();
  int64_t* best = chosen.data_ptr<int64_t>();
  for (int64_t row = 0; row < rows; ++row, value += columns, best += k) {
    for (int64_t e = 0; e < columns; ++e) {
      int64_t place = std::min(e, k);
      while (place > 0 && value[e] > value[best[place - 1]]) {
        if (place < k) best[place] = best[place - 1];
        --place;
      }
      if (place < k) best[place] = e;
    }
  }
  return chosen;
}

/// g_j = p_j / (sum of the chosen p), for k = 1 p itself.
class ChosenGates : public torch::autograd::Function<ChosenGates> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& experts) {
    const torch::Tensor probabilities = given.contiguous(), chosen = experts.contiguous();
    const int64_t rows = chosen.size(0), k = chosen.size(1), columns = probabilities.size(1);
    torch::Tensor gates = torch::empty({rows, k}, probabilities.options()), sums = torch::empty({rows}, probabilities.options());
    const float* p = probabilities.data_ptr<float>();
    const int64_t* e = chosen.data_ptr<int64_t>();
    float *gate = gates.data_ptr<float>(), *sumOf = sums.data_ptr<float>();
    for (int64_t row = 0; row < rows; ++row, p += columns, e += k, gate += k) {
      float sum = 0.0f;
      for (int64_t j = 0; j < k; ++j) sum += p[e[j]];
      if (k == 1) sum = 1.0f;
      for (int64_t j = 0; j < k; ++j) gate[j] = p[e[j]] / sum;
      sumOf[row] = sum;
    }
    context->save_for_backward({chosen, gates, sums});
    context->saved_data["columns"] = columns;
    return gates;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &chosen = saved[0], &gates = saved[1], &sums = saved[2], up = upstream[0].contiguous();
    const int64_t rows = chosen.size(0), k = chosen.size(1), columns = context->saved_data["columns"].toInt();
    torch::Tensor gradient = torch::zeros({rows, columns}, up.options());
    const float *u = up.data_ptr<float>(), *g = gates.data_ptr<float>(), *sum = sums.data_ptr<float>();
    const int64_t* e = chosen.data_ptr<int64_t>();
    float* to = gradient.data_ptr<float>();
    for (int64_t row = 0; row < rows; ++row, u += k, g += k, e += k, to += columns) {
      float mean = 0.0f;
      if (k > 1)
        for (int64_t j = 0; j < k; ++j) mean += u[j] * g[j];
      for (int64_t j = 0; j < k; ++j) to[e[j]] = (u[j] - mean) / sum[row];
    }
    return {gradient, torch::Tensor()};
  }
};

}  // namespace

torch::Tensor probabilitiesOf(const torch::Tensor& logits) {
  return onHost(logits) ? HostSoftmax::apply(logits) : torch::softmax(logits, -1);
}

void chooseTopK(RouterOutput& output, int k) { chooseTopK(output, k, output.probabilities.detach()); }

void chooseTopK(RouterOutput& output, int k, const torch::Tensor& preference) {
  output.experts = onHost(preference) ? largest(preference, k) : std::get<1>(preference.topk(k, -1));
  gateChosen(output);
}

torch::Tensor assignmentCounts(const torch::Tensor& experts, std::int64_t count) {
  const torch::Tensor flat = experts.reshape({-1});
  return torch::zeros({count}, flat.options().dtype(torch::kFloat64))
      .index_add_(0, flat, torch::ones(flat.sizes(), flat.options().dtype(torch::kFloat64)));
}

void gateChosen(RouterOutput& output) {
  if (onHost(output.probabilities)) {
    output.gates = ChosenGates::apply(output.probabilities, output.experts);
    return;
  }
  const torch::Tensor values = output.probabilities.gather(-1, output.experts);
  output.gates = output.experts.size(-1) >= 2 ? values / values.sum(-1, true) : values;
}

}  // namespace moescope
