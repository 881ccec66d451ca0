// No routing: the layer is one dense network.

#include "core/routers/router.h"

namespace moescope {
namespace {

/// Every expert works on every token with gate 1/N: together one SwiGLU network of N times the hidden units, what a routed layer
/// of the same number of weights is compared with.
class DenseRouter : public Router {
 public:
  DenseRouter(const Knobs& knobs, at::Generator&) : experts_(knobs.experts) {}

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = torch::zeros({input.tokens.size(0), experts_}, input.tokens.options());
    output.probabilities = torch::full_like(output.logits, 1.0 / experts_);
    output.gates = output.probabilities;
    return output;
  }

  /// Nothing is routed, so that no expert has a direction.
  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = RowMatrix::Zero(input.tokens.size(0), experts_);
    layer.logPrior = Eigen::VectorXd::Zero(experts_);
    layer.rule.choice = TrainedRule::Choice::Fixed;
    layer.concentrationNote = "Nothing is routed: every expert has the same gate at every concentration.";
  }

 private:
  int experts_;
};

}  // namespace

RouterDeclaration declareDenseRouter() {
  return declare<DenseRouter>(
      {"dense",
       "Dense (no routing)",
       "Every expert on every token with gate 1/N: together one network of N times the hidden units; nothing is routed",
       false,
       {}});
}

}  // namespace moescope
