// Top-k with the z-loss (math specification, section 7).

#include "core/routers/linear.h"

namespace moescope {
namespace {

/// w mean_t (logsumexp of the logits)^2: keeps logits small.
class LogSumRouter : public WeightedRouter {
 public:
  LogSumRouter(const Knobs& knobs, at::Generator& random) : WeightedRouter(knobs, random, &Knobs::logSumWeight) {}

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    output.auxiliaryLoss = lossWeight_ * output.logits.logsumexp(-1).square().mean();
  }
};

}  // namespace

RouterDeclaration declareLogSumRouter() {
  return declare<LogSumRouter>({"z_loss", "Top-k + z-loss",
                                "Top-k with the mean squared logsumexp of its logits as loss (z-loss weight)", true,
                                knobsOfRows({"z-loss-weight"})});
}

}  // namespace moescope
