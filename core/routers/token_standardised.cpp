// Top-k of logits that are standardised token by token, with a balancing loss that weighs as much as overload asks for.

#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr double kCoefficientKept = 0.99;  // per step
constexpr double kOfDropped = 0.2;         // coefficient for each share of assignments dropped

/// z_e = (l_e - mean of l) / deviation of l over the experts, l = W h: no token is more decided than another for the length of
/// its hidden state. Its balancing loss is Switch's, with a coefficient that follows the drop rate d of the steps before: a <-
/// 0.99 a + 0.01 min(0.2 d, auxiliary weight). Gate normalisation and adaptive coefficients of Wei 2024 (Skywork-MoE, arXiv
/// 2406.06563); where nothing is dropped, d is what a capacity factor of 1 would drop (our choice, as are start and constants).
class TokenStandardisedRouter : public LinearRouter {
 public:
  TokenStandardisedRouter(const Knobs& knobs, at::Generator& random) : LinearRouter(knobs, random), most_(knobs.auxiliaryWeight) {
    coefficient_ = register_buffer("coefficient", torch::full({1}, knobs.auxiliaryWeight));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = tempered(standardised(input.tokens).first, input);
    output.probabilities = probabilitiesOf(output.logits);
    choose(output);
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.scores = toMatrix(standardised(input.tokens).first);
  }

  void adopt(const Knobs& knobs) override {
    LinearRouter::adopt(knobs);
    most_ = knobs.auxiliaryWeight;
  }

  void afterStep(const RouterInput&, const RouterOutput& output) override {
    coefficient_.mul_(kCoefficientKept).add_((kOfDropped * dropped(output)).clamp_max(most_), 1.0 - kCoefficientKept);
  }

  /// The logits' gradient goes back through mean and deviation, which are of all experts, before a row keeps its own tokens
  /// alone.
  void coupleGradient(const RouterInput& input, const RouterOutput& output) override {
    if (!output.logits.grad().defined() || !weight_.grad().defined()) return;
    const auto [z, deviation] = standardised(input.tokens);
    const torch::Tensor up = output.logits.grad(), down = (up - up.mean(1, true) - z * (up * z).mean(1, true)) / deviation;
    weight_.mutable_grad().copy_(torch::mm((down * workedOn(output)).t(), input.tokens));
  }

  std::string fault() const override { return (coefficient_ >= 0).all().item<bool>() ? "" : "coefficient: is negative"; }

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    output.auxiliaryLoss = coefficient_.squeeze(0) * switchLoss(output, output.logits.size(0));
  }

 private:
  /// T x N and T x 1: the standardised logits, and the deviation that they were divided by.
  std::pair<torch::Tensor, torch::Tensor> standardised(const torch::Tensor& tokens) const {
    const torch::Tensor raw = torch::mm(tokens, weight_.t()), centred = raw - raw.mean(1, true);
    const torch::Tensor deviation = (centred.square().mean(1, true) + 1e-6).sqrt();
    return {centred / deviation, deviation};
  }

  torch::Tensor dropped(const RouterOutput& output) const {
    if (output.kept.defined()) return 1.0 - output.kept.to(coefficient_.options()).mean();
    const torch::Tensor counts = assignmentCounts(output.experts, weight_.size(0)).to(coefficient_.options());
    return (counts - counts.mean()).clamp_min(0).sum() / static_cast<double>(output.experts.numel());
  }

  torch::Tensor coefficient_;
  double most_;
};

}  // namespace

RouterDeclaration declareTokenStandardisedRouter() {
  return declare<TokenStandardisedRouter>(
      {"token_standardised", "Top-k standardised by token",
       "Top-k of logits standardised over the experts, token by token; Switch's loss weighs as much as experts are overloaded",
       true, knobsOfRows({"auxiliary-weight"})});
}

}  // namespace moescope
