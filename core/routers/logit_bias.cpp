// Loss-free balancing on logits, with a light balancing loss within each sequence.

#include "core/routers/biased.h"

namespace moescope {
namespace {

/// The bias is added to the logit, not to the gate, and moves by the sign of the load's excess. What it cannot see, a batch that
/// is balanced of sequences that are not, is left to Switch's loss within each sequence (DeepSeek-V3's complementary loss).
class LogitBiasRouter : public BiasedRouter {
 public:
  LogitBiasRouter(const Knobs& knobs, at::Generator& random)
      : BiasedRouter(knobs, random, Move::Sign), sequence_(knobs.context), lossWeight_(knobs.sequenceWeight) {}

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    BiasedRouter::describe(input, layer);
    layer.rule.rankedByLogit = true;
  }

  void adopt(const Knobs& knobs) override {
    BiasedRouter::adopt(knobs);
    lossWeight_ = knobs.sequenceWeight;
  }

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_, output.logits.detach() + bias_);
    output.auxiliaryLoss = lossWeight_ * switchLoss(output, sequence_);
  }

 private:
  std::int64_t sequence_;
  double lossWeight_;
};

}  // namespace

RouterDeclaration declareLogitBiasRouter() {
  return declare<LogitBiasRouter>(
      {"loss_free_logits", "Loss-free bias on logits",
       "Top-k of logit + bias, moved as in the loss-free bias; Switch's loss within each sequence (sequence weight)", true,
       knobsOfRows({"bias-rate", "sequence-weight"})});
}

}  // namespace moescope
