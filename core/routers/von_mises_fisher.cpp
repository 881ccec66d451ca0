// von Mises-Fisher gate, GrMoE's baseline of rank one (math specification, section 7).

#include "core/geometry/von_mises_fisher.h"
#include "core/kernels/gpu_operations.h"
#include "core/routers/router.h"

namespace moescope {
namespace {

constexpr double kKappaCap = 40.0;  // as the spectra of GrMoE

/// log 0F1(; d/2; kappa_e^2 / 4) with its closed-form derivative; in double, once per step: on the GPU where our
/// kernels are there, else on the host.
class LogZeroFOne : public torch::autograd::Function<LogZeroFOne> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& kappa, int64_t dimension) {
    if (const GpuKernels* kernels = kernelsFor(kappa)) {
      const Normalisers made = vonMisesFisherNormalisers(*kernels, kappa, dimension);
      context->save_for_backward({made.gradient});
      return made.value;
    }
    const torch::Tensor host = kappa.detach().to(torch::kCPU, torch::kFloat64).contiguous();
    torch::Tensor value = torch::empty_like(host), slope = torch::empty_like(host);
    for (int64_t e = 0; e < host.size(0); ++e) {
      const VonMisesFisherNormaliser n = vonMisesFisherNormaliser(host.data_ptr<double>()[e], static_cast<int>(dimension));
      value.data_ptr<double>()[e] = n.logValue;
      slope.data_ptr<double>()[e] = n.derivative;
    }
    context->save_for_backward({slope.to(kappa.options())});
    return value.to(kappa.options());
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    return {context->get_saved_variables()[0] * upstream[0], torch::Tensor()};
  }
};

/// Each expert is a von Mises-Fisher distribution around a mean direction: GrMoE's baseline of rank one.
class VonMisesFisherRouter : public Router {
 public:
  VonMisesFisherRouter(const Knobs& knobs, at::Generator& random)
      : experts_(knobs.experts), dimension_(knobs.width), chosen_(knobs.topK) {
    means_ = register_parameter("means", torch::randn({experts_, dimension_}, random) / std::sqrt(dimension_));
    concentrationLogits_ = register_parameter("concentration_logits", torch::full({experts_}, -1.0));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = tempered(scores(input) + offsets(), input);
    output.probabilities = probabilitiesOf(output.logits);
    chooseTopK(output, chosen_);
    return output;
  }

  /// The normaliser is in the prior: no spectra here, so both readings of the concentration scale the direction's part.
  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(scores(input));
    layer.logPrior = toMatrix(offsets().unsqueeze(0)).row(0).transpose().cast<double>();
    layer.routerDirections = toMatrix(means_).rowwise().normalized();
    layer.rule = topKRule(chosen_);
  }

  void adopt(const Knobs& knobs) override { chosen_ = knobs.topK; }
  torch::Tensor rows() const override { return means_; }

 private:
  torch::Tensor kappa() const { return kKappaCap * torch::sigmoid(concentrationLogits_); }
  torch::Tensor offsets() const { return -LogZeroFOne::apply(kappa(), dimension_) - std::log(experts_); }
  torch::Tensor scores(const RouterInput& input) const {
    return torch::mm(unitRows(input.tokens), unitRows(means_).t()) * kappa();
  }

  int experts_, dimension_, chosen_;
  torch::Tensor means_, concentrationLogits_;
};

}  // namespace

RouterDeclaration declareVonMisesFisherRouter() {
  return declare<VonMisesFisherRouter>(
      {"vmf",
       "von Mises-Fisher",
       "Gates are the posterior of von Mises-Fisher distributions around one direction each (rank 1)",
       true,
       {"top-k", "capacity", "centre-tokens"}});
}

}  // namespace moescope
