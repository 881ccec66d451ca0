// The MoE model: routers against closed forms, gradients against finite differences, fast dispatch against the plain loop.

#include <torch/torch.h>

#include <QTest>
#include <cmath>

#include "core/engine/routing.h"
#include "core/engine/trainer.h"
#include "core/model/experts.h"
#include "core/routers/router.h"

using namespace moescope;

namespace {

Knobs smallKnobs(const std::string& router = "grmoe") {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.experts = 4;
  knobs.expertWidth = 32;
  knobs.layers = 1;
  knobs.context = 32;
  knobs.probeTokens = 256;
  return knobs;
}

std::shared_ptr<Router> makeRouter(const Knobs& knobs) {
  for (const RouterDeclaration& router : routerRegistry())
    if (router.choice.name == knobs.router) return router.make(knobs);
  return nullptr;
}

RouterOutput randomRouting(int tokens, int experts, int chosen) {
  RouterOutput output;
  output.probabilities = torch::softmax(torch::randn({tokens, experts}), -1);
  chooseTopK(output, chosen);
  return output;
}

struct Gradients {
  torch::Tensor value, tokens, gates, in, down;
};

Gradients gradientsOf(Dispatch dispatch, const RouterOutput& routing, const torch::Tensor& tokens, const ExpertWeights& weights) {
  const auto leaf = [](const torch::Tensor& t) { return t.detach().clone().requires_grad_(); };
  const torch::Tensor x = leaf(tokens), in = leaf(weights.in), down = leaf(weights.down);
  RouterOutput output = routing;
  output.gates = leaf(routing.gates);
  const torch::Tensor value = runExperts(x, output, {in, down}, dispatch);
  (value * torch::cos(torch::arange(value.numel()).view_as(value))).sum().backward();
  return {value.detach(), x.grad(), output.gates.grad(), in.grad(), down.grad()};
}

double difference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

class TestTraining : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(3); }

  void fast_dispatches_equal_the_plain_loop_and_its_gradients() {
    const ExpertWeights weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
    const torch::Tensor tokens = torch::randn({277, 16});
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::Grouped})
      for (int chosen : {1, 2, 5}) {
        const RouterOutput routing = randomRouting(277, 5, chosen);
        const Gradients fast = gradientsOf(dispatch, routing, tokens, weights);
        const Gradients plain = gradientsOf(Dispatch::PlainLoop, routing, tokens, weights);
        QVERIFY(plain.value.abs().max().item<double>() > 0.1);
        QVERIFY(difference(fast.value, plain.value) < 1e-5);
        QVERIFY(difference(fast.tokens, plain.tokens) < 1e-5);
        QVERIFY(difference(fast.gates, plain.gates) < 1e-5);
        QVERIFY(difference(fast.in, plain.in) < 2e-4);
        QVERIFY(difference(fast.down, plain.down) < 2e-4);
      }
  }

  void gates_of_all_experts_with_zeros_among_them_dispatch_alike() {
    const ExpertWeights weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
    RouterOutput routing;
    routing.gates = torch::relu(torch::randn({61, 5}));
    const torch::Tensor tokens = torch::randn({61, 16});
    const Gradients plain = gradientsOf(Dispatch::PlainLoop, routing, tokens, weights);
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::Grouped}) {
      const Gradients fast = gradientsOf(dispatch, routing, tokens, weights);
      QVERIFY(difference(fast.value, plain.value) < 1e-5);
      QVERIFY(difference(fast.tokens, plain.tokens) < 1e-5);
      QVERIFY(difference(fast.gates, plain.gates) < 1e-5);
    }
  }

  void an_expert_that_no_token_chose_gets_no_gradient() {
    const ExpertWeights weights{torch::randn({3, 8, 16}), torch::randn({3, 8, 8})};
    RouterOutput routing;
    routing.experts = torch::tensor({0, 2, 2, 0}, torch::kInt64).view({4, 1});
    routing.gates = torch::ones({4, 1});
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::Grouped}) {
      const Gradients fast = gradientsOf(dispatch, routing, torch::randn({4, 8}), weights);
      QCOMPARE(fast.in[1].abs().max().item<double>(), 0.0);
      QVERIFY(fast.in[0].abs().max().item<double>() > 0.0);
      QVERIFY(fast.down[2].abs().max().item<double>() > 0.0);
    }
  }

  void expert_choice_gives_every_expert_the_same_number_of_tokens() {
    Trainer trainer(smallKnobs("expert_choice"));
    for (int i = 0; i < 5; ++i) trainer.step();
    const AnalysisInput input = trainer.analysisInput(0);
    const Eigen::VectorXi counts = (input.gates.array() > 0.0f).cast<int>().colwise().sum();
    QVERIFY(counts.maxCoeff() == counts.minCoeff() && counts[0] > 0);
  }

  void relu_routing_is_driven_to_k_experts_a_token() {
    Knobs knobs = smallKnobs("relu");
    Trainer trainer(knobs);
    const auto active = [&] { return static_cast<double>((trainer.analysisInput(0).gates.array() > 0.0f).count()) / trainer.analysisInput(0).gates.rows(); };
    for (int i = 0; i < 300; ++i) trainer.step();
    QVERIFY2(std::abs(active() - knobs.topK) < 0.5, qPrintable(QString::number(active())));
  }

  void a_step_of_our_kernels_equals_libtorch_s_operations() {
    for (const char* router : {"topk", "soft"}) {
      Knobs knobs = smallKnobs(router);
      Trainer fused(knobs, Dispatch::Fused), plain(knobs, Dispatch::PlainLoop);
      for (int i = 0; i < 10; ++i) QVERIFY(std::abs(fused.step().loss - plain.step().loss) < 1e-3);
    }
  }

  void every_router_s_gradient_agrees_with_finite_differences() {
    for (const RouterChoice& choice : routerChoices()) {
      Knobs knobs = smallKnobs(choice.name);
      knobs.topK = 4;  // all of them, so that no choice flips between the two sides of a difference
      const auto router = makeRouter(knobs);
      router->to(torch::kFloat64);
      const torch::Tensor tokens = torch::randn({20, 32}, torch::kFloat64), bytes = torch::zeros({20}, torch::kInt64);
      const torch::Tensor weight = torch::randn({20, 4}, torch::kFloat64);
      if (router->parameters().empty()) continue;  // K-Means and hash learn nothing by gradients
      const auto objective = [&] {
        torch::manual_seed(11);  // the noise of noisy top-k is the same on both sides
        const RouterOutput output = router->route({tokens, bytes});
        torch::Tensor sum = (output.probabilities * weight).sum();
        if (output.auxiliaryLoss.defined()) sum = sum + output.auxiliaryLoss;
        return sum;
      };
      router->zero_grad();
      objective().backward();
      for (const torch::Tensor& parameter : router->parameters()) {
        torch::Tensor flat = parameter.detach().view({-1});
        for (int64_t i = 0; i < flat.size(0); i += 1 + flat.size(0) / 7) {
          const double step = 1e-5, had = flat[i].item<double>();
          flat[i] = had + step;
          const double up = objective().item<double>();
          flat[i] = had - step;
          const double down = objective().item<double>();
          flat[i] = had;
          const double measured = (up - down) / (2 * step), claimed = parameter.grad().view({-1})[i].item<double>();
          QVERIFY2(std::abs(measured - claimed) < 1e-6 * std::max(1.0, std::abs(measured)), choice.name.c_str());
        }
      }
    }
  }

  /// The worked example of the math specification, 3.8.
  void grmoe_gates_and_gradient_equal_the_worked_example() {
    Knobs knobs = smallKnobs();
    knobs.width = 4;
    knobs.experts = knobs.frameRank = knobs.topK = 2;
    const auto router = makeRouter(knobs);
    router->to(torch::kFloat64);
    const torch::Tensor lambda = torch::tensor({3.0, 1.0, 2.0, 2.0}, torch::kFloat64).view({2, 2});
    torch::Tensor spectrumLogits;
    {
      const torch::NoGradGuard guard;
      const torch::Tensor axes = torch::eye(4, torch::kFloat64);
      router->named_parameters()["frames"].copy_(torch::stack({axes.narrow(1, 0, 2), axes.narrow(1, 2, 2)}));
      spectrumLogits = router->named_parameters()["spectrum_logits"];
      spectrumLogits.copy_((lambda / (40.0 - lambda)).log());
    }
    // A long token, so that the epsilon of the unit length does not show.
    const RouterInput input{torch::tensor({0.8, 0.4, 0.4, 0.2}, torch::kFloat64).view({1, 4}) * 1e6, torch::zeros({1}, torch::kInt64)};
    const torch::Tensor gate = router->route(input).probabilities[0][0];
    QVERIFY(std::abs(gate.item<double>() - 0.8259735448) < 1e-9);
    gate.log().backward();
    const torch::Tensor slope = (spectrumLogits.grad() / (lambda * (1.0 - lambda / 40.0)))[0];
    QVERIFY(std::abs(slope[0].item<double>() - 0.0317077240) < 1e-9);
    QVERIFY(std::abs(slope[1].item<double>() + 0.0099279832) < 1e-9);
    LayerSnapshot layer;
    layer.hidden = toMatrix(input.tokens);
    router->describe(input, layer);
    const auto gateAt = [&](float concentration, ConcentrationReading reading) {
      return routingProbabilities(logitsAt(layer, concentration, reading), 1.0f)(0, 0);
    };
    QVERIFY(std::abs(gateAt(0.5f, ConcentrationReading::Tempered) - 0.6853950598f) < 1e-6f);
    QVERIFY(std::abs(gateAt(2.0f, ConcentrationReading::Tempered) - 0.9574954904f) < 1e-6f);
    QVERIFY(std::abs(gateAt(0.5f, ConcentrationReading::Bingham) - 0.6929506758f) < 1e-6f);
    QVERIFY(std::abs(gateAt(2.0f, ConcentrationReading::Bingham) - 0.9422500563f) < 1e-6f);
  }

  void a_loss_free_bias_moves_the_choice_and_never_the_gate() {
    for (const char* name : {"loss_free", "loss_free_proportional"}) {
      Knobs knobs = smallKnobs(name);
      knobs.topK = 1;
      const auto router = makeRouter(knobs);
      const torch::NoGradGuard guard;
      const RouterInput input{torch::randn({64, 32}) * 0.01 + router->parameters()[0][2] * 0.3, torch::zeros({64}, torch::kInt64)};
      const RouterOutput before = router->route(input);
      QCOMPARE(before.experts.eq(2).sum().item<int64_t>(), int64_t(64));  // every token to one expert
      for (int i = 0; i < 2000; ++i) router->afterStep(input, router->route(input));
      const RouterOutput after = router->route(input);
      QVERIFY2(after.experts.eq(2).sum().item<int64_t>() < 40, name);
      QVERIFY(difference(after.probabilities, before.probabilities) == 0.0);
      QVERIFY(difference(after.gates, after.probabilities.gather(1, after.experts)) == 0.0);
    }
  }

  void sinkhorn_spreads_tokens_that_all_prefer_one_expert() {
    Knobs knobs = smallKnobs("sinkhorn");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    const RouterInput input{torch::randn({64, 32}) + router->parameters()[0][2].detach() * 4.0, torch::zeros({64}, torch::kInt64)};
    QVERIFY(router->route(input).experts.eq(2).sum().item<int64_t>() < 30);
    const torch::NoGradGuard guard;
    QVERIFY(router->route(input).experts.eq(2).sum().item<int64_t>() > 50);
  }

  void switch_loss_of_equal_probabilities_is_its_weight() {
    const auto router = makeRouter(smallKnobs("switch_aux"));
    const RouterInput input{torch::zeros({64, 32}), torch::zeros({64}, torch::kInt64)};
    QVERIFY(std::abs(router->route(input).auxiliaryLoss.item<double>() - 0.01) < 1e-7);
  }

  void k_means_centroids_start_on_tokens_and_follow_them() {
    Knobs knobs = smallKnobs("online_kmeans");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    torch::Tensor tokens = torch::zeros({64, 32});
    for (int t = 0; t < 64; ++t) tokens[t][t / 16] = 5.0;  // four clusters, one axis each
    const RouterInput input{tokens, torch::zeros({64}, torch::kInt64)};
    const RouterOutput output = router->route(input);
    for (int t = 0; t < 64; ++t) QCOMPARE(output.experts[t][0].item<int64_t>(), int64_t(t / 16));
    for (int i = 0; i < 1000; ++i) router->afterStep({tokens.roll(1, 1), input.bytes}, output);  // the clusters turn to other axes
    LayerSnapshot layer;
    router->describe(input, layer);
    for (int e = 0; e < 4; ++e) QVERIFY(layer.routerDirections(e, e + 1) > 0.99f);
  }

  void snapshot_logits_at_concentration_one_are_the_router_s_own() {
    for (const RouterChoice& choice : routerChoices()) {
      const torch::NoGradGuard guard;  // noise and Sinkhorn are of training only
      const auto router = makeRouter(smallKnobs(choice.name));
      const RouterInput input{torch::randn({50, 32}), torch::randint(256, {50}, torch::kInt64)};
      const RowMatrix own = toMatrix(router->route(input).probabilities);
      LayerSnapshot layer;
      layer.hidden = toMatrix(input.tokens);
      router->describe(input, layer);
      const RowMatrix read = routingProbabilities(logitsAt(layer, 1.0f, ConcentrationReading::Tempered), 1.0f);
      QVERIFY2((own - read).cwiseAbs().maxCoeff() < 2e-6f, choice.name.c_str());
    }
  }

  void frames_stay_orthonormal_and_spectra_inside_the_cap() {
    Knobs knobs = smallKnobs();
    knobs.learningRate = 0.03;
    Trainer trainer(knobs);
    for (int i = 0; i < 250; ++i) trainer.step();
    const LayerSnapshot layer = trainer.snapshot()->layers[0];
    for (const Eigen::MatrixXf& frame : layer.frames)
      QVERIFY((frame.transpose() * frame - Eigen::MatrixXf::Identity(4, 4)).norm() < 1e-5f);
    QVERIFY(layer.spectra.minCoeff() > 0.0);
    QVERIFY(layer.spectra.maxCoeff() < 40.0);
  }

  void training_learns_and_is_repeatable() {
    for (const RouterChoice& choice : routerChoices()) {
      Trainer first(smallKnobs(choice.name)), second(smallKnobs(choice.name));
      const double before = first.heldOutLoss();
      for (int i = 0; i < 60; ++i) QCOMPARE(first.step().loss, second.step().loss);
      QVERIFY2(first.heldOutLoss() < before - 1.0, choice.name.c_str());
    }
  }

  void held_out_loss_through_a_lens_that_changes_nothing_is_the_held_out_loss() {
    Trainer trainer(smallKnobs());
    for (int i = 0; i < 20; ++i) trainer.step();
    Lens lens;
    lens.gating.policy = GatingPolicy::TopK;
    lens.gating.k = trainer.knobs().topK;
    QVERIFY(std::abs(trainer.heldOutLoss(lens) - trainer.heldOutLoss()) < 1e-5);
    lens.concentration = 0.0f;
    QVERIFY(std::abs(trainer.heldOutLoss(lens) - trainer.heldOutLoss()) > 1e-4);
  }

  void a_loss_that_is_not_finite_is_thrown_with_its_step() {
    Knobs knobs = smallKnobs("topk");
    knobs.learningRate = 1000.0;
    Trainer trainer(knobs);
    std::string message;
    for (int i = 0; i < 200 && message.empty(); ++i) {
      const RowMatrix hidden = trainer.snapshot()->layers[0].hidden;
      try {
        QVERIFY(std::isfinite(trainer.step().loss));
      } catch (const NonFiniteLoss& error) {
        message = error.what();
        const RowMatrix kept = trainer.snapshot()->layers[0].hidden;  // bit by bit, running mean included
        QVERIFY(std::equal(hidden.data(), hidden.data() + hidden.size(), kept.data(), [](float a, float b) {
          return a == b || (std::isnan(a) && std::isnan(b));
        }));
        QCOMPARE(trainer.stepNumber(), i);
        QVERIFY(message.find("step " + std::to_string(i + 1)) != std::string::npos);
      }
    }
    QVERIFY(!message.empty());
  }

  void switching_the_router_keeps_the_experts() {
    Knobs knobs = smallKnobs("topk");
    Trainer trainer(knobs);
    for (int i = 0; i < 40; ++i) trainer.step();
    const double trained = trainer.heldOutLoss();
    knobs.router = "grmoe";
    trainer.setKnobs(knobs);
    QCOMPARE(trainer.snapshot()->router, std::string("grmoe"));
    QVERIFY(trainer.heldOutLoss() < trained + 1.0);  // far below the 5.5 of an untrained model
    trainer.step();
    QCOMPARE(trainer.stepNumber(), 41);
  }
};

QTEST_APPLESS_MAIN(TestTraining)
#include "test_training.moc"
