// Expert choice: experts choose tokens (math specification, section 7).

#include "core/routers/linear.h"

namespace moescope {
namespace {

/// Expert choice (Zhou 2022): every expert takes its T k / N best tokens of the batch, so loads are equal and tokens get any
/// number of experts. Not causal: which tokens an expert takes depends on later ones, in training and on the probe alike.
class ExpertChoiceRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.rule = {};
    layer.rule.choice = TrainedRule::Choice::PerExpert;
    layer.rule.chosen = chosen_;
    layer.concentrationNote =
        "Experts choose tokens: at each concentration every expert takes its best tokens of the whole probe by the tempered probabilities, always "
        "the same number of them, so that no token is sure of an expert.";
  }

 protected:
  void choose(RouterOutput& output) override {
    const int64_t tokens = output.logits.size(0), experts = output.logits.size(1);
    const int64_t capacity = std::clamp<int64_t>((tokens * chosen_ + experts - 1) / experts, 1, tokens);
    const torch::Tensor taken = std::get<1>(output.probabilities.detach().topk(capacity, 0));
    output.gates = output.probabilities * torch::zeros_like(output.logits).scatter_(0, taken, 1.0);
  }
};

}  // namespace

RouterDeclaration declareExpertChoiceRouter() {
  return declare<ExpertChoiceRouter>({"expert_choice",
                                      "Expert choice",
                                      "Each expert takes its best tokens of the batch: equal loads, but not causal",
                                      false,
                                      {"top-k", "centre-tokens", "coupling-aware"}});
}

}  // namespace moescope
