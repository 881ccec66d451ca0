// Top-k with Switch's auxiliary loss (math specification, section 7).

#include "core/routers/linear.h"

namespace moescope {
namespace {

/// Switch loss: w N sum_i f_i P_i with f the share of assignments and P the mean probability; w at perfect balance.
class SwitchRouter : public WeightedRouter {
 public:
  SwitchRouter(const Knobs& knobs, at::Generator& random) : WeightedRouter(knobs, random, &Knobs::auxiliaryWeight) {}

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    output.auxiliaryLoss = lossWeight_ * switchLoss(output, output.logits.size(0));
  }
};

}  // namespace

RouterDeclaration declareSwitchRouter() {
  return declare<SwitchRouter>({"switch_aux", "Top-k + Switch loss", "Top-k with Switch's loss N sum f P (auxiliary weight)",
                                true, knobsOfRows({"auxiliary-weight"})});
}

}  // namespace moescope
