// Hash: a router where nothing is learned (math specification, section 7).

#include "core/routers/router.h"

namespace moescope {
namespace {

constexpr double kNotChosen = -30.0;  // a logit whose gate is 0 in float

/// Hash (Roller 2021): a seeded table from byte to expert; the further choices are the next experts. Equal gates.
class HashRouter : public Router {
 public:
  HashRouter(const Knobs& knobs, at::Generator& random) : experts_(knobs.experts), chosen_(knobs.topK) {
    table_ = register_buffer("table", torch::randperm(256, random, torch::kInt64).remainder(knobs.experts));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.experts = expertsOf(input);
    output.gates = torch::full(output.experts.sizes(), 1.0 / chosen_, input.tokens.options());
    output.logits = tempered(
        torch::full({input.tokens.size(0), experts_}, kNotChosen, input.tokens.options()).scatter_(1, output.experts, 0.0),
        input);
    output.probabilities = probabilitiesOf(output.logits);
    return output;
  }

  /// A table of bytes has no direction in the space of the tokens.
  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    const torch::Tensor routed =
        torch::zeros({input.tokens.size(0), experts_}, input.tokens.options()).scatter_(1, expertsOf(input), 1.0);
    layer.scores = toMatrix((1.0 - routed) * kNotChosen);
    layer.logPrior = Eigen::VectorXd::Zero(experts_);
    layer.rule.choice = TrainedRule::Choice::Fixed;
    layer.concentrationNote =
        "A hash table chooses, with equal gates: the concentration changes the probabilities and what other gating policies make of them, not the "
        "gates as trained.";
  }

  void adopt(const Knobs& knobs) override { chosen_ = knobs.topK; }
  std::string fault() const override {
    return ((table_ >= 0) & (table_ < experts_)).all().item<bool>() ? "" : "table: a value is the number of no expert";
  }

 private:
  torch::Tensor expertsOf(const RouterInput& input) const {
    const torch::Tensor first = table_.index_select(0, input.bytes);
    return (first.unsqueeze(1) + torch::arange(chosen_, first.options())).remainder(experts_);
  }

  int experts_, chosen_;
  torch::Tensor table_;
};

}  // namespace

RouterDeclaration declareHashRouter() {
  return declare<HashRouter>({"hash",
                              "Hash",
                              "A fixed seeded table from byte to experts, equal gates; nothing is learned",
                              true,
                              {"top-k", "capacity"}});
}

}  // namespace moescope
