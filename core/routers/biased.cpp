// Balancing without a loss (Wang 2024; math specification, section 7): a bias per expert enters the choice, never the gate,
// and moves against the load after each step. The snapshot's scores are the gates' logits, without the bias.

#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr double kBiasRate = 1e-3;

enum class Move { Sign, Proportional };

class BiasedRouter : public LinearRouter {
 public:
  BiasedRouter(const Knobs& knobs, Move move) : LinearRouter(knobs), move_(move) {
    bias_ = register_buffer("bias", torch::zeros({knobs.experts}));
  }

  void afterStep(const RouterInput&, const RouterOutput& output) override {
    const int64_t experts = bias_.size(0);
    const torch::Tensor share = torch::bincount(output.experts.reshape({-1}), {}, experts).to(bias_.options()) /
                                static_cast<double>(output.experts.numel());
    const torch::Tensor missing = 1.0 - share * static_cast<double>(experts);  // 0 at the mean load, 1 for an idle expert
    bias_.add_(move_ == Move::Sign ? missing.sign() : missing, kBiasRate);
  }

 protected:
  void choose(RouterOutput& output) override { chooseTopK(output, chosen_, output.probabilities.detach() + bias_); }

  torch::Tensor bias_;

 private:
  Move move_;
};

/// DeepSeek-V3: affinity sigmoid(w . h); the logit is its logarithm, so that the probabilities are the affinities over
/// their sum.
class SigmoidRouter : public BiasedRouter {
 public:
  explicit SigmoidRouter(const Knobs& knobs) : BiasedRouter(knobs, Move::Sign) {}

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = torch::log_sigmoid(torch::mm(input.tokens, weight_.t()));
    output.probabilities = torch::softmax(output.logits, -1);
    chooseTopK(output, chosen_, output.logits.detach().exp() + bias_);
    return output;
  }

 protected:
  torch::Tensor scoreSlope(const RouterInput& input) const override { return torch::sigmoid(-torch::mm(input.tokens, weight_.t())); }

 public:
  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.scores = toMatrix(torch::log_sigmoid(torch::mm(input.tokens, weight_.t())));
  }
};

}  // namespace

RouterDeclaration declareSignBiasRouter() {
  return {{"loss_free", "Loss-free bias (sign)", "Top-k of gate + bias; the bias moves by 0.001 against the sign of the load's excess"},
          [](const Knobs& knobs) { return std::make_shared<BiasedRouter>(knobs, Move::Sign); }};
}
RouterDeclaration declareProportionalBiasRouter() {
  return {{"loss_free_proportional", "Loss-free bias (proportional)", "Top-k of gate + bias; the bias moves in proportion to the load's excess"},
          [](const Knobs& knobs) { return std::make_shared<BiasedRouter>(knobs, Move::Proportional); }};
}
RouterDeclaration declareSigmoidRouter() {
  return {{"deepseek", "Sigmoid with bias (DeepSeek-V3)", "Sigmoid affinities, a loss-free bias for the choice only"},
          [](const Knobs& knobs) { return std::make_shared<SigmoidRouter>(knobs); }};
}

}  // namespace moescope
