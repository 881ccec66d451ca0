// Choice by a linear assignment (math specification, section 7).

#include "core/routers/balanced_assignment.h"
#include "core/routers/linear.h"

namespace moescope {
namespace {

/// BASE (Lewis 2021): in training every expert gets the same number of tokens, by the assignment of the greatest total logit;
/// for k > 1 once more without the experts that a token has. The gates are the softmax of the chosen; outside training plain
/// top-k.
class BaseRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.concentrationNote =
        "While training an assignment of equal loads over the batch chooses; the probe, and every concentration here, has plain top-k, as this "
        "router has outside training.";
  }

 protected:
  void choose(RouterOutput& output) override {
    if (!recording()) return chooseTopK(output, chosen_);
    RowMatrix scores = toMatrix(output.logits);
    const float range = scores.maxCoeff() - scores.minCoeff();
    torch::Tensor chosen = torch::empty({scores.rows(), chosen_}, torch::kInt64);
    for (int round = 0; round < chosen_; ++round) {
      const std::vector<int> expertOf = balancedAssignment(scores, kPrecision * std::max(range, 1e-6f));
      for (Eigen::Index t = 0; t < scores.rows(); ++t) {
        const int expert = expertOf[static_cast<std::size_t>(t)];
        chosen.data_ptr<int64_t>()[t * chosen_ + round] = expert;
        scores(t, expert) -= 2.0f * range + 1.0f;  // never twice, as long as there is another way
      }
    }
    output.experts = chosen.to(output.logits.device());
    gateChosen(output);
  }

 private:
  static constexpr float kPrecision = 1e-3f;  // of the logits' range, mean loss of a token against the best assignment
};

}  // namespace

RouterDeclaration declareBaseRouter() {
  return declare<BaseRouter>(
      {"base", "BASE", "Equal loads by a linear assignment while training, plain top-k outside training", true, knobsOfRows()});
}

}  // namespace moescope
