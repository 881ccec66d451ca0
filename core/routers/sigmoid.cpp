// DeepSeek-V3's router (math specification, section 7).

#include "core/routers/biased.h"

namespace moescope {
namespace {

/// DeepSeek-V3: affinity sigmoid(w . h); the logit is its logarithm, so that the probabilities are the affinities over
/// their sum.
class SigmoidRouter : public BiasedRouter {
 public:
  SigmoidRouter(const Knobs& knobs, at::Generator& random) : BiasedRouter(knobs, random, Move::Sign) {}

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = tempered(torch::log_sigmoid(torch::mm(input.tokens, weight_.t())), input);
    output.probabilities = probabilitiesOf(output.logits);
    chooseTopK(output, chosen_, output.logits.detach().exp() + bias_);
    return output;
  }

 protected:
  torch::Tensor scoreSlope(const RouterInput& input) const override {
    return torch::sigmoid(-torch::mm(input.tokens, weight_.t()));
  }

 public:
  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    BiasedRouter::describe(input, layer);
    layer.scores = toMatrix(torch::log_sigmoid(torch::mm(input.tokens, weight_.t())));
    layer.rule.rankedByAffinity = true;
  }
};

}  // namespace

RouterDeclaration declareSigmoidRouter() {
  return declare<SigmoidRouter>({"deepseek", "Sigmoid with bias (DeepSeek-V3)",
                                 "Sigmoid affinities, a loss-free bias for the choice only", true, knobsOfRows({"bias-rate"})});
}

}  // namespace moescope
