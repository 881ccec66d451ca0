// Linear routers: logit w_e . h. Top-k softmax chooses k experts a token, fully soft lets all work.

#include "core/routers/router.h"

namespace moescope {
namespace {

class LinearRouter : public Router {
 public:
  LinearRouter(const Knobs& knobs, int chosen) : chosen_(chosen) {
    weight_ = register_parameter("weight", torch::randn({knobs.experts, knobs.width}) / std::sqrt(knobs.width));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = torch::mm(input.tokens, weight_.t());
    output.probabilities = torch::softmax(output.logits, -1);
    if (chosen_ > 0)
      chooseTopK(output, chosen_);
    else
      output.gates = output.probabilities;
    return output;
  }

  void adopt(const Knobs& knobs) override {
    if (chosen_ > 0) chosen_ = knobs.topK;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(torch::mm(input.tokens, weight_.t()));
    layer.logPrior = Eigen::VectorXd::Zero(weight_.size(0));
    layer.routerDirections = toMatrix(weight_).rowwise().normalized();
  }

 private:
  int chosen_;  // 0: all
  torch::Tensor weight_;
};

}  // namespace

RouterDeclaration declareTopKRouter() {
  return {{"topk", "Top-k softmax", "Linear scores, softmax, the k largest experts work; no balancing"},
          [](const Knobs& knobs) { return std::make_shared<LinearRouter>(knobs, knobs.topK); }};
}

RouterDeclaration declareSoftRouter() {
  return {{"soft", "Fully soft", "Linear scores, softmax, every expert works on every token", false},
          [](const Knobs& knobs) { return std::make_shared<LinearRouter>(knobs, 0); }};
}

}  // namespace moescope
