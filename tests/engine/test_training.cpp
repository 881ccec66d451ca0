// Training as a whole: one step against LibTorch, the optimiser and its schedule, losses, what may go wrong.

#include "core/kernels/torch.h"

#include <QTest>
#include <cmath>

#include "core/geometry/expert_analysis.h"
#include "core/reading/routing.h"
#include "core/training/trainer.h"
#include "core/metrics/load.h"
#include "core/model/experts.h"
#include "core/routers/router.h"
#include "core/training/optimiser.h"
#include "tests/support/expert_tests.h"
#include "tests/support/small_model.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::expertOf;
using testing::oneLayerKnobs;
using testing::makeRouter;
using testing::difference;

class TestTraining : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(3); }

  void all_but_the_router_starts_the_same_from_one_seed() {
    Knobs knobs = oneLayerKnobs("topk");
    knobs.layers = 2;
    Trainer first(knobs);
    for (const RouterChoice& choice : routerChoices()) {
      knobs.router = choice.name;
      Trainer other(knobs);
      for (int layer = 0; layer < 2; ++layer) {
        const AnalysisInput a = first.analysisInput(layer), b = other.analysisInput(layer);
        for (int e = 0; e < a.experts->count(); ++e) {
          const ExpertWeights one = expertOf(*a.experts, e), same = expertOf(*b.experts, e);
          QVERIFY2(one.gate == same.gate && one.down == same.down, choice.name.c_str());
        }
      }
    }
  }

  void a_step_of_our_kernels_equals_libtorch_s_operations() {
    for (const char* router : {"topk", "soft"}) {
      Knobs knobs = oneLayerKnobs(router);
      Trainer fused(knobs, Dispatch::Fused), plain(knobs, Dispatch::PlainLoop);
      for (int i = 0; i < 10; ++i) QVERIFY(std::abs(fused.step().loss - plain.step().loss) < 1e-3);
    }
  }

  void training_learns_and_is_repeatable() {
    for (const RouterChoice& choice : routerChoices()) {
      Trainer first(oneLayerKnobs(choice.name)), second(oneLayerKnobs(choice.name));
      const double before = first.heldOutLoss();
      for (int i = 0; i < 60; ++i) QCOMPARE(first.step().loss, second.step().loss);
      QVERIFY2(first.heldOutLoss() < before - 1.0, choice.name.c_str());
    }
  }

  void a_step_that_fails_moves_no_centroid() {
    Knobs knobs = oneLayerKnobs("online_kmeans");
    knobs.learningRate = 1000.0;
    Trainer trainer(knobs);
    bool failed = false;
    for (int i = 0; i < 200 && !failed; ++i) {
      const RowMatrix before = trainer.snapshot()->layers[0].routerDirections;
      try {
        trainer.step();
      } catch (const NonFiniteLoss&) {
        failed = true;
        QVERIFY(trainer.snapshot()->layers[0].routerDirections == before);
      }
    }
    const auto router = makeRouter(knobs);
    LayerSnapshot first, second;
    const RouterInput input{torch::randn({64, 32}), torch::zeros({64}, torch::kInt64)};
    router->describe(input, first);
    router->route(input);  // the first step's forward pass alone
    router->describe(input, second);
    QVERIFY(first.routerDirections == second.routerDirections);
  }

  void parameters_that_come_later_get_a_new_one_s_bias_correction() {
    const auto parameter = [] { return torch::zeros({2, 3}).requires_grad_(); };
    const torch::Tensor early = parameter(), late = parameter();
    FlatAdamW optimiser({early});
    const auto step = [&](const std::vector<torch::Tensor>& all) {
      optimiser.zeroGradients();
      torch::Tensor sum = torch::zeros({});
      for (const torch::Tensor& each : all) sum = sum + each.sum();
      sum.backward();
      optimiser.step({.learningRate = 0.1, .weightDecay = 0.0}, 1.0);
    };
    for (int i = 0; i < 50; ++i) step({early});
    const torch::Tensor before = early.detach().clone();
    optimiser.replaceParameters({early, late});
    step({early, late});
    // A gradient of 1 throughout moves Adam's parameter by the learning rate in every step, the first one too.
    QVERIFY(difference(late.detach(), torch::full({2, 3}, -0.1)) < 1e-5);
    QVERIFY(difference(early.detach() - before, torch::full({2, 3}, -0.1)) < 1e-5);
  }

  void adamw_follows_its_betas_and_decays_matrices_alone() {
    const torch::Tensor matrix = torch::full({1, 1}, 2.0).requires_grad_(), vector = torch::full({1}, 2.0).requires_grad_();
    FlatAdamW optimiser({matrix, vector});
    double value[2] = {2.0, 2.0}, first = 0.0, second = 0.0;
    for (int step = 1; step <= 3; ++step) {
      const double gradient = step;  // of both
      optimiser.zeroGradients();
      ((matrix.sum() + vector.sum()) * gradient).backward();
      optimiser.step({.learningRate = 0.1, .weightDecay = 0.3, .firstBeta = 0.5, .secondBeta = 0.8}, 1.0);
      first = 0.5 * first + 0.5 * gradient;
      second = 0.8 * second + 0.2 * gradient * gradient;
      const double move = 0.1 * first / (1.0 - std::pow(0.5, step)) / (std::sqrt(second / (1.0 - std::pow(0.8, step))) + 1e-8);
      value[0] = value[0] * (1.0 - 0.1 * 0.3) - move;
      value[1] -= move;
      QVERIFY(std::fabs(matrix.item<double>() - value[0]) < 1e-6);
      QVERIFY(std::fabs(vector.item<double>() - value[1]) < 1e-6);
    }
  }

  void a_schedule_warms_up_and_falls_to_a_tenth() {
    Knobs knobs;
    knobs.learningRate = 0.01;
    QCOMPARE(learningRateAt(knobs, 0), 0.01);
    knobs.warmUpSteps = 10;
    QCOMPARE(learningRateAt(knobs, 0), 0.001);
    QCOMPARE(learningRateAt(knobs, 9), 0.01);
    QCOMPARE(learningRateAt(knobs, 1000000), 0.01);
    knobs.schedule = "cosine";
    knobs.scheduleSteps = 110;
    QCOMPARE(learningRateAt(knobs, 4), 0.005);
    QCOMPARE(learningRateAt(knobs, 10), 0.01);
    QVERIFY(std::fabs(learningRateAt(knobs, 60) - 0.0055) < 1e-15);  // half way: the mean of 0.01 and 0.001
    QVERIFY(std::fabs(learningRateAt(knobs, 110) - 0.001) < 1e-15);
    QVERIFY(std::fabs(learningRateAt(knobs, 5000) - 0.001) < 1e-15);
    knobs.scheduleSteps = 3;  // shorter than the warm-up
    QVERIFY(std::fabs(learningRateAt(knobs, 11) - 0.001) < 1e-15);
  }

  void the_schedule_is_what_moves_the_weights() {
    const auto lossAfter = [](const std::function<void(Knobs&)>& change) {
      Knobs knobs = oneLayerKnobs("topk");
      change(knobs);
      Trainer trainer(knobs);
      double loss = 0.0;
      for (int i = 0; i < 6; ++i) loss = trainer.step().loss;
      return loss;
    };
    const double plain = lossAfter([](Knobs&) {});
    const auto fixed = [](Knobs& knobs) { knobs.learningRate *= 0.1; };
    const auto scheduled = [](Knobs& knobs) {
      knobs.schedule = "cosine", knobs.scheduleSteps = 1;
    };  // a tenth from its second step on
    QVERIFY(lossAfter(fixed) != plain);
    QVERIFY(std::fabs(lossAfter(scheduled) - plain) > 1e-4);
    QVERIFY(lossAfter([](Knobs& knobs) { knobs.weightDecay = 0.5; }) != plain);
    QVERIFY(lossAfter([](Knobs& knobs) { knobs.firstBeta = 0.5; }) != plain);
    QVERIFY(lossAfter([](Knobs& knobs) { knobs.secondBeta = 0.5; }) != plain);
  }

  void validation_loads_are_those_of_its_sequences() {
    Knobs knobs = oneLayerKnobs("topk");
    knobs.batch = 2;
    Trainer trainer(knobs);
    for (int i = 0; i < 20; ++i) trainer.step();
    const RowMatrix loads = trainer.validationLoads().at(0);
    const Probe& text = *trainer.text()->validation;
    const auto sequences = static_cast<Eigen::Index>(text.bytes.size()) / 32,
               domains = static_cast<Eigen::Index>(text.domainNames.size());
    QCOMPARE(loads.rows(), sequences / 2);
    QVERIFY(loads.rows() > 900);
    PromptRequest request;  // the first batch: the first sequences of the first two domains
    for (const Eigen::Index start : {Eigen::Index{0}, sequences / domains * 32})
      request.text.append(text.bytes.begin() + start, text.bytes.begin() + start + 32);
    const Eigen::VectorXd read = assignedLoad(trainer.read(request).snapshot->layers[0].trainedGates);
    QVERIFY((loads.row(0).transpose().cast<double>() - read).cwiseAbs().maxCoeff() < 1e-6);
  }

  void losses_of_tokens_average_to_the_held_out_loss() {
    Trainer trainer(oneLayerKnobs("topk"));
    for (int i = 0; i < 5; ++i) trainer.step();
    const Eigen::VectorXf losses = trainer.tokenLosses();
    QCOMPARE(losses.size(), static_cast<Eigen::Index>(trainer.snapshot()->probe->bytes.size()));
    double sum = 0.0;
    long known = 0;
    for (Eigen::Index t = 0; t < losses.size(); ++t) {
      const bool last = (t + 1) % trainer.knobs().context == 0;
      QCOMPARE(std::isnan(losses[t]), last);
      if (!last) sum += losses[t], ++known;
    }
    QVERIFY(std::fabs(sum / known - trainer.heldOutLoss()) < 1e-5);
  }

  void knobs_that_do_nothing_with_a_router_are_noted() {
    const auto notesOf = [](const char* router, bool coupled, double capacity) {
      Knobs knobs = oneLayerKnobs(router);
      knobs.couplingAware = coupled;
      knobs.capacityFactor = capacity;
      return Trainer(knobs).notes();
    };
    const std::size_t ofCorpus = notesOf("topk", false, 0.0).size();
    for (const char* router : {"topk", "soft", "relu", "expert_choice"}) QCOMPARE(notesOf(router, true, 0.0).size(), ofCorpus);
    for (const char* router : {"grmoe", "vmf", "online_kmeans", "hash"}) {
      const std::vector<std::string> notes = notesOf(router, true, 1.0);
      QCOMPARE(notes.size(), ofCorpus + 1);
      QVERIFY(notes.back().find("coupling-aware does nothing") != std::string::npos);
    }
    QVERIFY(notesOf("soft", false, 1.0).back().find("capacity does nothing") != std::string::npos);
  }

  void held_out_loss_through_a_lens_that_changes_nothing_is_the_held_out_loss() {
    Trainer trainer(oneLayerKnobs());
    for (int i = 0; i < 20; ++i) trainer.step();
    Lens lens;
    lens.gating.policy = GatingPolicy::TopK;
    lens.gating.k = trainer.knobs().topK;
    QVERIFY(std::abs(trainer.heldOutLoss(lens) - trainer.heldOutLoss()) < 1e-5);
    lens.concentration = 0.0f;
    QVERIFY(std::abs(trainer.heldOutLoss(lens) - trainer.heldOutLoss()) > 1e-4);
  }

  void a_loss_that_is_not_finite_is_thrown_with_its_step() {
    Knobs knobs = oneLayerKnobs("topk");
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
    Knobs knobs = oneLayerKnobs("topk");
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

MOESCOPE_TEST(TestTraining)
#include "test_training.moc"
