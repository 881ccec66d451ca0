// Choice by an entropic transport plan (math specification, section 7).

#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr int kSinkhornRounds = 8;

/// In training the choice follows the transport plan of equal loads (Clark 2022), the gates the softmax; outside training
/// the choice is plain top-k, since balancing over a batch looks at later tokens.
class SinkhornRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.concentrationNote =
        "While training a plan of equal loads over the batch chooses; the probe, and every concentration here, has plain top-k, as this "
        "router has outside training.";
  }

 protected:
  void choose(RouterOutput& output) override {
    if (!recording()) return chooseTopK(output, chosen_);
    torch::Tensor plan = output.logits.detach();  // in logarithms, so that no sum underflows
    for (int round = 0; round < kSinkhornRounds; ++round) {
      plan = plan - plan.logsumexp(0, true);
      plan = plan - plan.logsumexp(1, true);
    }
    chooseTopK(output, chosen_, plan);
  }
};

}  // namespace

RouterDeclaration declareSinkhornRouter() {
  return declare<SinkhornRouter>({"sinkhorn", "Sinkhorn",
                                  "Choice by a plan of equal loads while training, plain top-k outside training", true,
                                  knobsOfRows()});
}

}  // namespace moescope
