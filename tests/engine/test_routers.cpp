// Routers in training: against closed forms, and their gradients against finite differences.

#include "core/kernels/torch.h"

#include <QTest>
#include <cmath>

#include "core/geometry/expert_analysis.h"
#include "core/reading/metric_table.h"
#include "core/reading/posterior_agreement.h"
#include "core/reading/routing.h"
#include "core/reading/routing_by_layer.h"
#include "core/timeline/tracks.h"
#include "core/training/trainer.h"
#include "core/routers/balanced_assignment.h"
#include "core/routers/router.h"
#include "core/training/optimiser.h"
#include "tests/support/small_model.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::oneLayerKnobs;
using testing::makeRouter;
using testing::difference;

class TestRouters : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(3); }

  void expert_choice_gives_every_expert_the_same_number_of_tokens() {
    Trainer trainer(oneLayerKnobs("expert_choice"));
    for (int i = 0; i < 5; ++i) trainer.step();
    const AnalysisInput input = trainer.analysisInput(0);
    const Eigen::VectorXi counts = (input.gates.array() > 0.0f).cast<int>().colwise().sum();
    QVERIFY(counts.maxCoeff() == counts.minCoeff() && counts[0] > 0);
  }

  void relu_routing_is_driven_to_k_experts_a_token() {
    Knobs knobs = oneLayerKnobs("relu");
    Trainer trainer(knobs);
    const auto active = [&] {
      return static_cast<double>((trainer.analysisInput(0).gates.array() > 0.0f).count()) / trainer.analysisInput(0).gates.rows();
    };
    for (int i = 0; i < 300; ++i) trainer.step();
    QVERIFY2(std::abs(active() - knobs.topK) < 0.5, qPrintable(QString::number(active())));
  }

  void every_router_s_gradient_agrees_with_finite_differences() {
    std::vector<Knobs> all;
    for (const RouterChoice& choice : routerChoices()) all.push_back(oneLayerKnobs(choice.name));
    all.push_back(oneLayerKnobs("grmoe"));
    all.back().posterior = true;
    all.back().posteriorWeight = 0.7;
    all.back().spectrumWeight = 0.3;
    all.back().diversityWeight = 0.9;
    for (Knobs& knobs : all) {
      knobs.topK = 4;  // all of them, so that no choice flips between the two sides of a difference
      const auto router = makeRouter(knobs);
      router->to(torch::kFloat64);
      if (knobs.posterior) {
        const torch::NoGradGuard guard;
        router->named_parameters()["network_out"].normal_(0.0, 0.3);
      }
      const torch::Tensor tokens = torch::randn({20, 32}, torch::kFloat64), bytes = torch::zeros({20}, torch::kInt64);
      const torch::Tensor weight = torch::randn({20, 4}, torch::kFloat64);
      if (router->parameters().empty()) continue;  // K-Means and hash learn nothing by gradients
      const auto objective = [&] {
        const RouterOutput output = router->route({tokens, bytes, seededGenerator(11)});  // the same noise on both sides
        torch::Tensor sum = (output.probabilities * weight).sum();
        if (output.auxiliaryLoss.defined()) sum = sum + output.auxiliaryLoss;
        return sum;
      };
      router->zero_grad();
      objective().backward();
      const std::string name = knobs.router;
      for (const torch::Tensor& parameter : router->parameters()) {
        if (!parameter.grad().defined()) continue;  // the network of a posterior that is off
        torch::Tensor flat = parameter.detach().view({-1});
        for (int64_t i = 0; i < flat.size(0); i += 1 + flat.size(0) / 7) {
          const double step = 1e-5, had = flat[i].item<double>();
          flat[i] = had + step;
          const double up = objective().item<double>();
          flat[i] = had - step;
          const double down = objective().item<double>();
          flat[i] = had;
          const double measured = (up - down) / (2 * step), claimed = parameter.grad().view({-1})[i].item<double>();
          QVERIFY2(std::abs(measured - claimed) < 1e-6 * std::max(1.0, std::abs(measured)), name.c_str());
        }
      }
    }
  }

  /// The worked example of the math specification, 3.8.
  void grmoe_gates_and_gradient_equal_the_worked_example() {
    Knobs knobs = oneLayerKnobs();
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
    const RouterInput input{torch::tensor({0.8, 0.4, 0.4, 0.2}, torch::kFloat64).view({1, 4}) * 1e6,
                            torch::zeros({1}, torch::kInt64)};
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

  void the_posterior_starts_as_the_prior_and_its_divergence_is_the_loss() {
    Knobs knobs = oneLayerKnobs();
    knobs.posterior = true;
    knobs.posteriorWeight = 1.0;
    knobs.balanceWeight = knobs.spectrumWeight = 0.0;
    const auto router = makeRouter(knobs);
    const torch::NoGradGuard guard;
    const RouterInput input{torch::randn({300, 32}), torch::zeros({300}, torch::kInt64)};
    const auto described = [&] {
      LayerSnapshot layer;
      layer.hidden = toMatrix(input.tokens);
      router->describe(input, layer);
      return layer;
    };
    const auto same = posteriorAgreement(described(), {});
    QVERIFY(same && same->agreement == 1.0 && same->meanDivergence < 1e-9);
    QVERIFY(std::abs(router->route(input).auxiliaryLoss.item<double>()) < 1e-6);
    router->named_parameters()["network_out"].normal_(0.0, 0.2);
    const LayerSnapshot layer = described();
    const auto moved = posteriorAgreement(layer, {});
    QVERIFY(moved->meanDivergence > 0.01 && moved->agreement < 1.0 && moved->agreement > 0.1);
    const RouterOutput output = router->route(input);
    QVERIFY(std::abs(output.auxiliaryLoss.item<double>() - moved->meanDivergence) < 1e-5);
    const RowMatrix q = routingProbabilities(logitsAt(layer, 1.0f, ConcentrationReading::Tempered), 1.0f);
    QVERIFY((q - toMatrix(output.probabilities)).cwiseAbs().maxCoeff() < 2e-6f);
    knobs.posterior = false;
    router->adopt(knobs);
    const RowMatrix p = routingProbabilities(logitsAt(layer, 1.0f, ConcentrationReading::Tempered, GateSource::Prior), 1.0f);
    QVERIFY((p - toMatrix(router->route(input).probabilities)).cwiseAbs().maxCoeff() < 2e-6f);
    QVERIFY(!posteriorAgreement(described(), {}));
  }

  void training_moves_the_posterior_away_from_the_prior() {
    Knobs knobs = oneLayerKnobs();
    knobs.posterior = true;
    Trainer trainer(knobs);
    const double before = trainer.heldOutLoss();
    for (int i = 0; i < 60; ++i) trainer.step();
    QVERIFY(trainer.heldOutLoss() < before - 1.0);
    const SnapshotPointer snapshot = trainer.snapshot();
    QVERIFY(posteriorAgreement(snapshot->layers[0], {})->meanDivergence > 1e-5);
    Lens lens;
    lens.gating.policy = GatingPolicy::TopK;
    QVERIFY(std::abs(trainer.heldOutLoss(lens) - trainer.heldOutLoss()) < 1e-5);  // the lens reads q as training applies it
  }

  void diversity_is_nothing_for_orthogonal_frames_and_one_for_equal_ones() {
    Knobs knobs = oneLayerKnobs();
    knobs.width = 16;
    knobs.balanceWeight = knobs.spectrumWeight = 0.0;
    knobs.diversityWeight = 1.0;
    const auto router = makeRouter(knobs);
    const torch::NoGradGuard guard;
    const RouterInput input{torch::randn({8, 16}), torch::zeros({8}, torch::kInt64)};
    router->named_parameters()["frames"].copy_(torch::eye(16).view({16, 4, 4}).permute({1, 0, 2}));
    QVERIFY(std::abs(router->route(input).auxiliaryLoss.item<double>()) < 1e-6);
    router->named_parameters()["frames"].copy_(torch::eye(16).narrow(1, 3, 4).expand({4, 16, 4}));
    QVERIFY(std::abs(router->route(input).auxiliaryLoss.item<double>() - 1.0) < 1e-6);
  }

  void base_assignment_is_balanced_and_the_best_of_all() {
    std::srand(5);
    for (int trial = 0; trial < 20; ++trial) {
      const RowMatrix scores = RowMatrix::Random(6, 3);
      const std::vector<int> found = balancedAssignment(scores, 1e-4);
      double total = 0.0, best = -1e9;
      std::vector<int> counts(3), order = {0, 0, 1, 1, 2, 2};
      for (int t = 0; t < 6; ++t) {
        total += scores(t, found[static_cast<std::size_t>(t)]);
        ++counts[static_cast<std::size_t>(found[static_cast<std::size_t>(t)])];
      }
      QVERIFY(counts == std::vector<int>({2, 2, 2}));
      do {
        double sum = 0.0;
        for (int t = 0; t < 6; ++t) sum += scores(t, order[static_cast<std::size_t>(t)]);
        best = std::max(best, sum);
      } while (std::next_permutation(order.begin(), order.end()));
      QVERIFY(total <= best + 1e-9 && total >= best - 6e-4 - 1e-6);
    }
  }

  void base_gives_equal_loads_in_training_whatever_tokens_prefer() {
    Knobs knobs = oneLayerKnobs("base");
    const auto router = makeRouter(knobs);
    const RouterInput input{torch::randn({64, 32}) + router->parameters()[0][2].detach() * 4.0,
                            torch::zeros({64}, torch::kInt64)};
    const RouterOutput output = router->route(input);
    for (int e = 0; e < 4; ++e) QCOMPARE(output.experts.eq(e).sum().item<int64_t>(), int64_t(32));
    QCOMPARE(output.experts.select(1, 0).eq(output.experts.select(1, 1)).sum().item<int64_t>(), int64_t(0));
    const torch::NoGradGuard guard;
    QVERIFY(router->route(input).experts.eq(2).sum().item<int64_t>() > 50);
  }

  void a_loss_free_bias_moves_the_choice_and_never_the_gate() {
    for (const char* name : {"loss_free", "loss_free_proportional", "loss_free_logits"}) {
      Knobs knobs = oneLayerKnobs(name);
      knobs.topK = 1;
      const auto router = makeRouter(knobs);
      const torch::NoGradGuard guard;
      const RouterInput input{torch::randn({64, 32}) * 0.01 + router->parameters()[0][2] * 0.3,
                              torch::zeros({64}, torch::kInt64)};
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
    Knobs knobs = oneLayerKnobs("sinkhorn");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    const RouterInput input{torch::randn({64, 32}) + router->parameters()[0][2].detach() * 4.0,
                            torch::zeros({64}, torch::kInt64)};
    QVERIFY(router->route(input).experts.eq(2).sum().item<int64_t>() < 30);
    const torch::NoGradGuard guard;
    QVERIFY(router->route(input).experts.eq(2).sum().item<int64_t>() > 50);
  }

  void switch_loss_of_equal_probabilities_is_its_weight() {
    const auto router = makeRouter(oneLayerKnobs("switch_aux"));
    const RouterInput input{torch::zeros({64, 32}), torch::zeros({64}, torch::kInt64)};
    QVERIFY(std::abs(router->route(input).auxiliaryLoss.item<double>() - 0.01) < 1e-7);
    Knobs heavier = oneLayerKnobs("switch_aux");
    heavier.auxiliaryWeight = 0.25;
    router->adopt(heavier);
    QVERIFY(std::abs(router->route(input).auxiliaryLoss.item<double>() - 0.25) < 1e-6);
  }

  void a_balancing_loss_within_sequences_sees_what_one_over_the_batch_does_not() {
    RouterOutput output;
    output.experts = torch::arange(32).floor_divide(8).view({32, 1});  // four sequences of 8 tokens, one expert each
    output.probabilities = torch::zeros({32, 4}).scatter_(1, output.experts, 1.0);
    QVERIFY(std::abs(switchLoss(output, 32).item<double>() - 1.0) < 1e-6);
    QVERIFY(std::abs(switchLoss(output, 8).item<double>() - 4.0) < 1e-6);
    QVERIFY(std::abs(switchLoss(output, 5).item<double>() - 1.0) < 1e-6);  // no whole number of sequences: one
    Knobs knobs = oneLayerKnobs("loss_free_logits");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    const RouterInput input{torch::randn({64, 32}), torch::zeros({64}, torch::kInt64)};  // two sequences of the context
    const RouterOutput routed = router->route(input);
    QVERIFY(std::abs(routed.auxiliaryLoss.item<double>() - 0.001 * switchLoss(routed, 32).item<double>()) < 1e-9);
    QVERIFY(std::abs(switchLoss(routed, 32).item<double>() - switchLoss(routed, 64).item<double>()) > 1e-4);
  }

  void k_means_centroids_start_on_tokens_and_follow_them() {
    Knobs knobs = oneLayerKnobs("online_kmeans");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    torch::Tensor tokens = torch::zeros({64, 32});
    for (int t = 0; t < 64; ++t) tokens[t][t / 16] = 5.0;  // four clusters, one axis each
    const RouterInput input{tokens, torch::zeros({64}, torch::kInt64)};
    const RouterOutput output = router->route(input);
    for (int t = 0; t < 64; ++t) QCOMPARE(output.experts[t][0].item<int64_t>(), int64_t(t / 16));
    for (int i = 0; i < 1000; ++i)
      router->afterStep({tokens.roll(1, 1), input.bytes}, output);  // the clusters turn to other axes
    LayerSnapshot layer;
    router->describe(input, layer);
    for (int e = 0; e < 4; ++e) QVERIFY(layer.routerDirections(e, e + 1) > 0.99f);
  }

  void snapshot_logits_at_concentration_one_are_the_router_s_own() {
    for (const RouterChoice& choice : routerChoices()) {
      const torch::NoGradGuard guard;  // noise and Sinkhorn are of training only
      const auto router = makeRouter(oneLayerKnobs(choice.name));
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
    Knobs knobs = oneLayerKnobs();
    knobs.learningRate = 0.03;
    Trainer trainer(knobs);
    for (int i = 0; i < 250; ++i) trainer.step();
    const LayerSnapshot layer = trainer.snapshot()->layers[0];
    for (const Eigen::MatrixXf& frame : layer.frames)
      QVERIFY((frame.transpose() * frame - Eigen::MatrixXf::Identity(4, 4)).norm() < 1e-5f);
    QVERIFY(layer.spectra.minCoeff() > 0.0);
    QVERIFY(layer.spectra.maxCoeff() < 40.0);
  }

  void centroids_start_where_they_are_told() {
    const RouterInput input{torch::randn({256, 32}) + 3.0, torch::zeros({256}, torch::kInt64), seededGenerator(5)};
    const auto started = [&](const char* start, bool unit) {
      Knobs knobs = oneLayerKnobs("online_kmeans");
      knobs.width = 32;
      knobs.centroidStart = start;
      knobs.unitCentroids = unit;
      knobs.centroidRate = 1e-6;  // they stay where they start
      const auto router = makeRouter(knobs);
      router->train();
      const RouterOutput output = router->route({input.tokens, input.bytes, seededGenerator(5)});
      const torch::NoGradGuard guard;
      router->afterStep(input, output);
      return router->rows().clone();
    };
    const auto isToken = [&](const torch::Tensor& row, const torch::Tensor& tokens) {
      return ((tokens - row).norm(2, 1).min().item<double>()) < 1e-3;
    };
    for (const char* start : {"tokens", "plusplus"}) {
      const torch::Tensor raw = started(start, false), unit = started(start, true);
      for (int e = 0; e < raw.size(0); ++e) {
        QVERIFY(isToken(raw[e], input.tokens));
        QVERIFY(isToken(unit[e], unitRows(input.tokens)));
      }
      QVERIFY(std::get<0>((torch::cdist(raw, raw) + torch::eye(raw.size(0)) * 1e3).min(1)).min().item<double>() >
              0.1);  // no token twice
    }
    const torch::Tensor noise = started("noise", false);
    QVERIFY(!isToken(noise[0], input.tokens));
    QVERIFY((noise.mean() - 3.0).abs().item<double>() < 0.3);
    QVERIFY(difference(started("plusplus", true), started("plusplus", true)) == 0.0);
  }

  void standardised_logits_keep_mean_and_width() {
    Knobs knobs = oneLayerKnobs("standardised");
    knobs.width = 32;
    const auto router = makeRouter(knobs);
    router->train();
    const torch::NoGradGuard guard;
    const torch::Tensor tokens = torch::randn({4096, 32}) * 4.0 + 2.0, bytes = torch::zeros({4096}, torch::kInt64);
    for (int i = 0; i < 1500; ++i) router->afterStep({tokens, bytes}, {});
    const torch::Tensor logits = router->route({tokens, bytes}).logits;
    QVERIFY(logits.mean(0).abs().max().item<double>() < 1e-3);
    QVERIFY((logits.var(0, false) - 1.0).abs().max().item<double>() < 1e-3);
  }

  void logits_standardised_by_token_forget_how_long_a_token_is() {
    const auto router = makeRouter(oneLayerKnobs("token_standardised"));
    const torch::NoGradGuard guard;
    const torch::Tensor tokens = torch::randn({64, 32}), bytes = torch::zeros({64}, torch::kInt64);
    const torch::Tensor logits = router->route({tokens, bytes}).logits;
    QVERIFY(logits.mean(1).abs().max().item<double>() < 1e-5);
    QVERIFY((logits.var(1, false) - 1.0).abs().max().item<double>() < 1e-4);
    QVERIFY(difference(router->route({tokens * 9.0, bytes}).logits, logits) < 1e-4);
  }

  void the_weight_of_their_balancing_loss_follows_the_drop_rate() {
    Knobs knobs = oneLayerKnobs("token_standardised");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    const torch::NoGradGuard guard;
    const RouterInput input{
        torch::zeros({64, 32}),
        torch::zeros({64}, torch::kInt64)};  // equal logits: Switch's loss is 1, so that the loss is the coefficient
    const auto coefficient = [&] { return router->route(input).auxiliaryLoss.item<double>(); };
    const auto after = [&](int steps, const RouterOutput& output) {
      for (int i = 0; i < steps; ++i) router->afterStep(input, output);
      return coefficient();
    };
    QVERIFY(std::abs(coefficient() - 0.01) < 1e-7);
    RouterOutput even, crowded, cut;
    even.experts = torch::arange(64).remainder(4).view({64, 1});
    crowded.experts = torch::zeros({64, 1}, torch::kInt64);
    cut.experts = even.experts;
    cut.kept = torch::arange(64).view({64, 1}) > 0;  // one of 64 dropped
    QVERIFY(std::abs(after(100, even) - 0.01 * std::pow(0.99, 100)) < 1e-6);
    QVERIFY(std::abs(after(3000, cut) - 0.2 / 64) < 1e-6);
    QVERIFY(std::abs(after(3000, crowded) - 0.01) < 1e-6);  // 0.2 of three quarters is more than the knob allows
  }

  void a_dense_layer_is_its_experts_mean_at_every_concentration() {
    Trainer trainer(oneLayerKnobs("dense"));
    const double before = trainer.heldOutLoss();
    for (int i = 0; i < 20; ++i) trainer.step();
    QVERIFY(trainer.heldOutLoss() < before);
    Lens lens;
    lens.concentration = 4.0f;
    QVERIFY(std::abs(trainer.heldOutLoss(lens) - trainer.heldOutLoss()) < 1e-6);
    QVERIFY((trainer.analysisInput(0).gates.array() == 0.25f).all());
  }

  void where_nothing_points_anywhere_no_similarity_of_routers_is_given() {
    for (const RouterChoice& choice : routerChoices()) {
      Trainer trainer(oneLayerKnobs(choice.name));
      const SnapshotPointer snapshot = trainer.snapshot();
      const Routing routing = evaluate(*snapshot, Lens{});
      const bool directed = choice.name != "dense" && choice.name != "hash";
      for (const Metric& metric : metricTable())
        if (metric.name == "router_similarity")
          QVERIFY2(std::isfinite(metric.value({*snapshot, routing})) == directed, choice.name.c_str());
      QVERIFY2(std::isfinite(routingByLayer(*snapshot, Lens{}).at(0).routerSimilarity) == directed, choice.name.c_str());
      const ExpertAnalysis analysis = analyse(trainer.analysisInput(0), AnalysisSettings{}, {});
      QVERIFY2(directed || (analysis.routerSimilarity.size() == 0 && analysis.coupling.weights.size() == 0), choice.name.c_str());
      const LayerTracks tracks = tracksOf(*snapshot, nullptr, nullptr, false, {true}).layers.at(0);
      QVERIFY2(tracks.experts.failure.empty() == directed && tracks.tokens.failure.empty(), choice.name.c_str());
    }
  }
};

MOESCOPE_TEST(TestRouters)
#include "test_routers.moc"
