// Noisy top-k (math specification, section 7).

#include "core/routers/linear.h"

namespace moescope {
namespace {

/// Noisy top-k (Shazeer 2017): logit + normal noise of learned size while training, softmax over the chosen, and
/// w CV(sum of gates)^2 as auxiliary loss.
class NoisyTopKRouter : public WeightedRouter {
 public:
  NoisyTopKRouter(const Knobs& knobs, at::Generator& random) : WeightedRouter(knobs, random, &Knobs::auxiliaryWeight) {
    noise_ = register_parameter("noise", torch::zeros({knobs.experts, knobs.width}));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = torch::mm(input.tokens, weight_.t());
    if (recording() && input.noise) {
      const torch::Tensor noise =
          torch::randn(output.logits.sizes(), *input.noise, torch::kFloat32).to(output.logits.options(), /*non_blocking=*/true);
      output.logits = output.logits + noise * torch::softplus(torch::mm(input.tokens, noise_.t()));
    }
    output.logits = tempered(output.logits, input);
    output.probabilities = probabilitiesOf(output.logits);
    chooseTopK(output, chosen_);
    const torch::Tensor importance = torch::zeros_like(output.probabilities).scatter_add(1, output.experts, output.gates).sum(0);
    output.auxiliaryLoss = lossWeight_ * importance.var(/*unbiased=*/false) / importance.mean().square();
    return output;
  }

 private:
  torch::Tensor noise_;
};

}  // namespace

RouterDeclaration declareNoisyTopKRouter() {
  return declare<NoisyTopKRouter>({"noisy_topk", "Noisy top-k",
                                   "Top-k with learned noise while training and the importance loss CV^2 (auxiliary weight)",
                                   true, knobsOfRows({"auxiliary-weight"})});
}

}  // namespace moescope
