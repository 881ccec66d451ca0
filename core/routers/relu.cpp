// ReLU routing (math specification, section 7).

#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr double kReluFirstPenalty = 1e-3, kReluGrowth = 1.2, kReluFloor = 1e-6;

/// ReMoE (Wang 2024): gates ReLU(w . h), as many experts as are positive; an L1 penalty, grown or shrunk by 1.2 a step, drives
/// the share of silent experts to 1 - k / N. The logit is log(gate + 1e-6), so that the probabilities are the gates over their
/// sum. At another concentration than 1 each token keeps its active experts and the sum of their gates, which goes to them by the
/// softmax of their tempered logits.
class ReluRouter : public LinearRouter {
 public:
  ReluRouter(const Knobs& knobs, at::Generator& random) : LinearRouter(knobs, random) {
    penalty_ = register_buffer("penalty", torch::full({1}, kReluFirstPenalty));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.gates = torch::relu(torch::mm(input.tokens, weight_.t()));
    output.logits = tempered((output.gates + kReluFloor).log(), input);
    output.probabilities = probabilitiesOf(output.logits);
    if (input.concentration != 1.0) output.gates = sharedOut(output.gates, output.logits);
    output.auxiliaryLoss = (penalty_ * output.gates.sum(1).mean()).squeeze();
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.scores = toMatrix((torch::relu(torch::mm(input.tokens, weight_.t())) + kReluFloor).log());
    layer.rule = {};
    layer.rule.choice = TrainedRule::Choice::Active;
    layer.concentrationNote =
        "ReLU gates know no concentration: beside 1 each token keeps its active experts and the sum of their gates, which the slider shares out "
        "among them, evenly at 0 and to the largest alone far to the right.";
  }

  void afterStep(const RouterInput&, const RouterOutput& output) override {
    const torch::Tensor silent = output.gates.eq(0).to(torch::kFloat64).mean();  // stays on the device
    const double wanted = 1.0 - static_cast<double>(chosen_) / static_cast<double>(weight_.size(0));
    const torch::Tensor notGrown = torch::where(silent > wanted, penalty_ / kReluGrowth, penalty_);
    penalty_.copy_(torch::where(silent < wanted, penalty_ * kReluGrowth, notGrown));
  }

 private:
  static torch::Tensor sharedOut(const torch::Tensor& gates, const torch::Tensor& logits) {
    const torch::Tensor active = gates.gt(0), sum = gates.sum(1, true);
    return torch::where(sum > 0, torch::softmax(logits.masked_fill(active.logical_not(), -INFINITY), -1) * sum, 0.0);
  }

  torch::Tensor penalty_;
};

}  // namespace

RouterDeclaration declareReluRouter() {
  return declare<ReluRouter>(
      {"relu",
       "ReLU (ReMoE)",
       "Gates ReLU(w.h), any number of experts a token; a penalty that adapts holds the mean number at top-k",
       false,
       {"top-k", "centre-tokens"}});
}

}  // namespace moescope
