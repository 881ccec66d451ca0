// Routers that choose otherwise than by the k largest of a token: von Mises-Fisher gate, ReLU routing, expert choice (math
// specification, section 7).

#include "core/geometry/von_mises_fisher.h"
#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr double kKappaCap = 40.0;            // as the spectra of GrMoE
constexpr double kReluFirstPenalty = 1e-3, kReluGrowth = 1.2, kReluFloor = 1e-6;

/// log 0F1(; d/2; kappa_e^2 / 4) with its closed-form derivative; on the host, in double, once per step.
class LogZeroFOne : public torch::autograd::Function<LogZeroFOne> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& kappa, int64_t dimension) {
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
  explicit VonMisesFisherRouter(const Knobs& knobs) : experts_(knobs.experts), dimension_(knobs.width), chosen_(knobs.topK) {
    means_ = register_parameter("means", torch::randn({experts_, dimension_}) / std::sqrt(dimension_));
    concentrationLogits_ = register_parameter("concentration_logits", torch::full({experts_}, -1.0));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = scores(input) + offsets();
    output.probabilities = torch::softmax(output.logits, -1);
    chooseTopK(output, chosen_);
    return output;
  }

  /// The normaliser is in the prior: no spectra here, so both readings of the concentration scale the direction's part.
  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(scores(input));
    layer.logPrior = toMatrix(offsets().unsqueeze(0)).row(0).transpose().cast<double>();
    layer.routerDirections = toMatrix(means_).rowwise().normalized();
  }

  void adopt(const Knobs& knobs) override { chosen_ = knobs.topK; }
  torch::Tensor rows() const override { return means_; }

 private:
  torch::Tensor kappa() const { return kKappaCap * torch::sigmoid(concentrationLogits_); }
  torch::Tensor offsets() const { return -LogZeroFOne::apply(kappa(), dimension_) - std::log(experts_); }
  static torch::Tensor unit(const torch::Tensor& rows) { return rows / (rows.norm(2, -1, true) + 1e-6); }
  torch::Tensor scores(const RouterInput& input) const { return torch::mm(unit(input.tokens), unit(means_).t()) * kappa(); }

  int experts_, dimension_, chosen_;
  torch::Tensor means_, concentrationLogits_;
};

/// ReMoE (Wang 2024): gates ReLU(w . h), as many experts as are positive; an L1 penalty, grown or shrunk by 1.2 a step, drives the
/// share of silent experts to 1 - k / N. The logit is log(gate + 1e-6), so that the probabilities are the gates over their sum.
class ReluRouter : public LinearRouter {
 public:
  explicit ReluRouter(const Knobs& knobs) : LinearRouter(knobs) { penalty_ = register_buffer("penalty", torch::full({1}, kReluFirstPenalty)); }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.gates = torch::relu(torch::mm(input.tokens, weight_.t()));
    output.logits = (output.gates + kReluFloor).log();
    output.probabilities = torch::softmax(output.logits, -1);
    output.auxiliaryLoss = (penalty_ * output.gates.sum(1).mean()).squeeze();
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.scores = toMatrix((torch::relu(torch::mm(input.tokens, weight_.t())) + kReluFloor).log());
  }

  void afterStep(const RouterInput&, const RouterOutput& output) override {
    const double silent = output.gates.eq(0).to(torch::kFloat64).mean().item<double>();
    const double wanted = 1.0 - static_cast<double>(chosen_) / static_cast<double>(weight_.size(0));
    penalty_.mul_(silent < wanted ? kReluGrowth : silent > wanted ? 1.0 / kReluGrowth : 1.0);
  }

 private:
  torch::Tensor penalty_;
};

/// Expert choice (Zhou 2022): every expert takes its T k / N best tokens of the batch, so loads are equal and tokens get any number
/// of experts. Not causal: which tokens an expert takes depends on later ones, in training and on the probe alike.
class ExpertChoiceRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

 protected:
  void choose(RouterOutput& output) override {
    const int64_t tokens = output.logits.size(0), experts = output.logits.size(1);
    const int64_t capacity = std::clamp<int64_t>((tokens * chosen_ + experts - 1) / experts, 1, tokens);
    const torch::Tensor taken = std::get<1>(output.probabilities.detach().topk(capacity, 0));
    output.gates = output.probabilities * torch::zeros_like(output.logits).scatter_(0, taken, 1.0);
  }
};

}  // namespace

RouterDeclaration declareVonMisesFisherRouter() {
  return {{"vmf", "von Mises-Fisher", "Gates are the posterior of von Mises-Fisher distributions around one direction each (rank 1)"},
          [](const Knobs& knobs) { return std::make_shared<VonMisesFisherRouter>(knobs); }};
}
RouterDeclaration declareReluRouter() {
  return {{"relu", "ReLU (ReMoE)", "Gates ReLU(w.h), any number of experts a token; a penalty that adapts holds the mean number at top-k", false},
          [](const Knobs& knobs) { return std::make_shared<ReluRouter>(knobs); }};
}
RouterDeclaration declareExpertChoiceRouter() {
  return {{"expert_choice", "Expert choice", "Each expert takes its best tokens of the batch: equal loads, but not causal", false},
          [](const Knobs& knobs) { return std::make_shared<ExpertChoiceRouter>(knobs); }};
}

}  // namespace moescope
