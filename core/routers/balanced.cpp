// Top-k softmax balanced through the loss or through the choice (math specification, section 7): noise, Switch's auxiliary
// loss, z-loss, Sinkhorn and BASE.

#include "core/routers/balanced_assignment.h"
#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr int kSinkhornRounds = 8;

/// A linear router with a balancing loss, its weight a knob.
class WeightedRouter : public LinearRouter {
 public:
  WeightedRouter(const Knobs& knobs, double Knobs::*weight) : LinearRouter(knobs), knob_(weight), lossWeight_(knobs.*weight) {}

  void adopt(const Knobs& knobs) override {
    LinearRouter::adopt(knobs);
    lossWeight_ = knobs.*knob_;
  }

 private:
  double Knobs::*knob_;

 protected:
  double lossWeight_;
};

/// Noisy top-k (Shazeer 2017): logit + normal noise of learned size while training, softmax over the chosen, and
/// w CV(sum of gates)^2 as auxiliary loss.
class NoisyTopKRouter : public WeightedRouter {
 public:
  explicit NoisyTopKRouter(const Knobs& knobs) : WeightedRouter(knobs, &Knobs::auxiliaryWeight) {
    noise_ = register_parameter("noise", torch::zeros({knobs.experts, knobs.width}));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.logits = torch::mm(input.tokens, weight_.t());
    if (recording())
      output.logits = output.logits + torch::randn_like(output.logits) * torch::softplus(torch::mm(input.tokens, noise_.t()));
    output.probabilities = torch::softmax(output.logits, -1);
    chooseTopK(output, chosen_);
    const torch::Tensor importance = torch::zeros_like(output.probabilities).scatter_add(1, output.experts, output.gates).sum(0);
    output.auxiliaryLoss = lossWeight_ * importance.var(/*unbiased=*/false) / importance.mean().square();
    return output;
  }

 private:
  torch::Tensor noise_;
};

/// Switch loss: w N sum_i f_i P_i with f the share of assignments and P the mean probability; w at perfect balance.
class SwitchRouter : public WeightedRouter {
 public:
  explicit SwitchRouter(const Knobs& knobs) : WeightedRouter(knobs, &Knobs::auxiliaryWeight) {}

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    const int64_t experts = weight_.size(0);
    const torch::Tensor share = torch::bincount(output.experts.reshape({-1}), {}, experts).to(output.probabilities.options()) /
                                static_cast<double>(output.experts.numel());
    output.auxiliaryLoss = lossWeight_ * static_cast<double>(experts) * (share * output.probabilities.mean(0)).sum();
  }
};

/// w mean_t (logsumexp of the logits)^2: keeps logits small.
class LogSumRouter : public WeightedRouter {
 public:
  explicit LogSumRouter(const Knobs& knobs) : WeightedRouter(knobs, &Knobs::logSumWeight) {}

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    output.auxiliaryLoss = lossWeight_ * output.logits.logsumexp(-1).square().mean();
  }
};

/// In training the choice follows the transport plan of equal loads (Clark 2022), the gates the softmax; outside training
/// the choice is plain top-k, since balancing over a batch looks at later tokens.
class SinkhornRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

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

/// BASE (Lewis 2021): in training every expert gets the same number of tokens, by the assignment of the greatest total logit;
/// for k > 1 once more without the experts that a token has. The gates are the softmax of the chosen; outside training plain top-k.
class BaseRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

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

template <typename Made>
RouterDeclaration declare(RouterChoice choice) {
  return {std::move(choice), [](const Knobs& knobs) { return std::make_shared<Made>(knobs); }};
}

}  // namespace

RouterDeclaration declareNoisyTopKRouter() {
  return declare<NoisyTopKRouter>({"noisy_topk", "Noisy top-k", "Top-k with learned noise while training and the importance loss CV^2 (auxiliary weight)"});
}
RouterDeclaration declareSwitchRouter() {
  return declare<SwitchRouter>({"switch_aux", "Top-k + Switch loss", "Top-k with Switch's loss N sum f P (auxiliary weight)"});
}
RouterDeclaration declareLogSumRouter() {
  return declare<LogSumRouter>({"z_loss", "Top-k + z-loss", "Top-k with the mean squared logsumexp of its logits as loss (z-loss weight)"});
}
RouterDeclaration declareSinkhornRouter() {
  return declare<SinkhornRouter>({"sinkhorn", "Sinkhorn", "Choice by a plan of equal loads while training, plain top-k outside training"});
}

RouterDeclaration declareBaseRouter() {
  return declare<BaseRouter>({"base", "BASE", "Equal loads by a linear assignment while training, plain top-k outside training"});
}

}  // namespace moescope
