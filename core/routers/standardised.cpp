// Top-k of logits that are standardised: a router whose experts' logits cannot drift apart in mean or width.

#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr double kKept = 0.99;  // of the running mean and variance, per step

/// z_e = (w_e . h - m_e) / s_e, with a running mean m and deviation s of each expert's logits over training tokens.
class StandardisedRouter : public LinearRouter {
 public:
  StandardisedRouter(const Knobs& knobs, at::Generator& random) : LinearRouter(knobs, random) {
    mean_ = register_buffer("mean", torch::zeros({knobs.experts}));
    variance_ = register_buffer("variance", torch::ones({knobs.experts}));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = tempered(standardised(input.tokens), input);
    output.probabilities = probabilitiesOf(output.logits);
    choose(output);
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.scores = toMatrix(standardised(input.tokens));
  }

  void afterStep(const RouterInput& input, const RouterOutput&) override {
    const torch::Tensor raw = torch::mm(input.tokens.detach(), weight_.t());
    mean_.lerp_(raw.mean(0), 1.0 - kKept);
    variance_.lerp_((raw - mean_).square().mean(0), 1.0 - kKept);
  }

  std::string fault() const override { return (variance_ >= 0).all().item<bool>() ? "" : "variance: one is negative"; }

 protected:
  torch::Tensor scoreSlope(const RouterInput&) const override { return deviation().reciprocal().unsqueeze(0); }

 private:
  torch::Tensor deviation() const { return (variance_ + 1e-6).sqrt(); }
  torch::Tensor standardised(const torch::Tensor& tokens) const { return (torch::mm(tokens, weight_.t()) - mean_) / deviation(); }

  torch::Tensor mean_, variance_;
};

}  // namespace

RouterDeclaration declareStandardisedRouter() {
  return declare<StandardisedRouter>({"standardised", "Standardised top-k",
                                      "Top-k of logits less each expert's running mean, by its running deviation (rate 0.99)",
                                      true, knobsOfRows()});
}

}  // namespace moescope
