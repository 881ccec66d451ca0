#pragma once
// What all linear routers share: logit w_e . h and its description. Internal: includes LibTorch.

#include "core/routers/router.h"

namespace moescope {

class LinearRouter : public Router {
 public:
  LinearRouter(const Knobs& knobs, at::Generator& random) : chosen_(knobs.topK) {
    weight_ = register_parameter("weight", torch::randn({knobs.experts, knobs.width}, random) / std::sqrt(knobs.width));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = tempered(torch::mm(input.tokens, weight_.t()), input);
    output.probabilities = probabilitiesOf(output.logits);
    choose(output);
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(torch::mm(input.tokens, weight_.t()));
    layer.logPrior = Eigen::VectorXd::Zero(weight_.size(0));
    layer.routerDirections = toMatrix(weight_).rowwise().normalized();
    layer.rule = topKRule(chosen_);
  }

  void adopt(const Knobs& knobs) override { chosen_ = knobs.topK; }
  torch::Tensor rows() const override { return weight_; }

  void coupleGradient(const RouterInput& input, const RouterOutput& output) override {
    if (!output.logits.grad().defined() || !weight_.grad().defined()) return;
    weight_.mutable_grad().copy_(torch::mm((output.logits.grad() * workedOn(output) * scoreSlope(input)).t(), input.tokens));
  }
  bool couples() const override { return true; }

 protected:
  /// d logit / d (w . h), T x N or 1.
  virtual torch::Tensor scoreSlope(const RouterInput& input) const { return torch::ones({1, 1}, input.tokens.options()); }
  /// Fills experts, gates and auxiliaryLoss.
  virtual void choose(RouterOutput& output) { chooseTopK(output, chosen_); }
  bool recording() const { return is_training() && torch::GradMode::is_enabled(); }

  int chosen_;
  torch::Tensor weight_;
};

/// A linear router with a balancing loss, its weight a knob.
class WeightedRouter : public LinearRouter {
 public:
  WeightedRouter(const Knobs& knobs, at::Generator& random, double Knobs::*weight)
      : LinearRouter(knobs, random), knob_(weight), lossWeight_(knobs.*weight) {}

  void adopt(const Knobs& knobs) override {
    LinearRouter::adopt(knobs);
    lossWeight_ = knobs.*knob_;
  }

 private:
  double Knobs::*knob_;

 protected:
  double lossWeight_;
};

}  // namespace moescope
