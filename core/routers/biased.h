#pragma once
// Balancing without a loss (Wang 2024; math specification, section 7): a bias per expert enters the choice, never the gate,
// and moves against the load after each step. The snapshot's scores are the gates' logits, without the bias. Internal:
// includes LibTorch.

#include "core/routers/linear.h"

namespace moescope {

class BiasedRouter : public LinearRouter {
 public:
  enum class Move { Sign, Proportional };

  BiasedRouter(const Knobs& knobs, at::Generator& random, Move move)
      : LinearRouter(knobs, random), move_(move), rate_(knobs.biasRate) {
    bias_ = register_buffer("bias", torch::zeros({knobs.experts}));
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.rule.choiceBias = toMatrix(bias_.unsqueeze(0)).row(0).transpose();
  }

  void adopt(const Knobs& knobs) override {
    LinearRouter::adopt(knobs);
    rate_ = knobs.biasRate;
  }

  void afterStep(const RouterInput&, const RouterOutput& output) override {
    const int64_t experts = bias_.size(0);
    const torch::Tensor share = assignmentCounts(output.experts, experts).to(bias_.options()) /
                                static_cast<double>(output.experts.numel());
    const torch::Tensor missing = 1.0 - share * static_cast<double>(experts);  // 0 at the mean load, 1 for an idle expert
    bias_.add_(move_ == Move::Sign ? missing.sign() : missing, rate_);
  }

 protected:
  void choose(RouterOutput& output) override { chooseTopK(output, chosen_, output.probabilities.detach() + bias_); }

  torch::Tensor bias_;

 private:
  Move move_;
  double rate_;
};

}  // namespace moescope
