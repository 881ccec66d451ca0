// Top-k softmax balanced through the loss or through the choice (math specification, section 7): noise, Switch's auxiliary
// loss, z-loss, and Sinkhorn.

#include "core/routers/linear.h"

namespace moescope {
namespace {

constexpr double kImportanceWeight = 0.01;  // of CV(importance)^2 (Shazeer 2017)
constexpr double kSwitchWeight = 0.01;      // Fedus 2021
constexpr double kLogSumWeight = 0.001;     // Zoph 2022
constexpr int kSinkhornRounds = 8;

/// Noisy top-k (Shazeer 2017): logit + normal noise of learned size while training, softmax over the chosen, and
/// w CV(sum of gates)^2 as auxiliary loss.
class NoisyTopKRouter : public LinearRouter {
 public:
  explicit NoisyTopKRouter(const Knobs& knobs) : LinearRouter(knobs) {
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
    output.auxiliaryLoss = kImportanceWeight * importance.var(/*unbiased=*/false) / importance.mean().square();
    return output;
  }

 private:
  torch::Tensor noise_;
};

/// Switch loss: w N sum_i f_i P_i with f the share of assignments and P the mean probability; w at perfect balance.
class SwitchRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    const int64_t experts = weight_.size(0);
    const torch::Tensor share = torch::bincount(output.experts.reshape({-1}), {}, experts).to(output.probabilities.options()) /
                                static_cast<double>(output.experts.numel());
    output.auxiliaryLoss = kSwitchWeight * static_cast<double>(experts) * (share * output.probabilities.mean(0)).sum();
  }
};

/// w mean_t (logsumexp of the logits)^2: keeps logits small.
class LogSumRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

 protected:
  void choose(RouterOutput& output) override {
    chooseTopK(output, chosen_);
    output.auxiliaryLoss = kLogSumWeight * output.logits.logsumexp(-1).square().mean();
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

template <typename Made>
RouterDeclaration declare(RouterChoice choice) {
  return {std::move(choice), [](const Knobs& knobs) { return std::make_shared<Made>(knobs); }};
}

}  // namespace

RouterDeclaration declareNoisyTopKRouter() {
  return declare<NoisyTopKRouter>({"noisy_topk", "Noisy top-k", "Top-k with learned noise while training and the importance loss CV^2, weight 0.01"});
}
RouterDeclaration declareSwitchRouter() {
  return declare<SwitchRouter>({"switch_aux", "Top-k + Switch loss", "Top-k with Switch's auxiliary loss N sum f P, weight 0.01"});
}
RouterDeclaration declareLogSumRouter() {
  return declare<LogSumRouter>({"z_loss", "Top-k + z-loss", "Top-k with the mean squared logsumexp of its logits as loss, weight 0.001"});
}
RouterDeclaration declareSinkhornRouter() {
  return declare<SinkhornRouter>({"sinkhorn", "Sinkhorn", "Choice by a plan of equal loads while training, plain top-k outside training"});
}

}  // namespace moescope
