// How tokens reach their experts: fast dispatch against the plain loop, capacity, shared experts.

#include "core/kernels/torch.h"

#include <QTest>
#include <cmath>

#include "core/geometry/expert_analysis.h"
#include "core/reading/metric_table.h"
#include "core/reading/routing.h"
#include "core/training/trainer.h"
#include "core/model/capacity.h"
#include "core/model/experts.h"
#include "core/routers/router.h"
#include "tests/support/small_model.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::oneLayerKnobs;
using testing::difference;

namespace {

RouterOutput randomRouting(int tokens, int experts, int chosen) {
  RouterOutput output;
  output.probabilities = torch::softmax(torch::randn({tokens, experts}), -1);
  chooseTopK(output, chosen);
  return output;
}

struct Gradients {
  torch::Tensor value, tokens, gates, in, down;
};

Gradients gradientsOf(Dispatch dispatch, const RouterOutput& routing, const torch::Tensor& tokens,
                      const StackedExperts& weights) {
  const auto leaf = [](const torch::Tensor& t) { return t.detach().clone().requires_grad_(); };
  const torch::Tensor x = leaf(tokens), in = leaf(weights.in), down = leaf(weights.down);
  RouterOutput output = routing;
  output.gates = leaf(routing.gates);
  const torch::Tensor value = runExperts(x, output, {in, down}, dispatch);
  (value * torch::cos(torch::arange(value.numel()).view_as(value))).sum().backward();
  return {value.detach(), x.grad(), output.gates.grad(), in.grad(), down.grad()};
}

}  // namespace

class TestDispatch : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(3); }

  void fast_dispatches_equal_the_plain_loop_and_its_gradients() {
    const StackedExperts weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
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

  void capacity_keeps_first_choices_before_second_ones_in_the_order_of_the_batch() {
    RouterOutput output;
    output.experts =
        torch::tensor({0, 1, 0, 2, 2, 0, 1, 0}, torch::kInt64).view({4, 2});  // first choices 0 0 2 1, second 1 2 0 0
    output.gates = torch::full({4, 2}, 0.5);
    limitCapacity(output, 1.0, 3);  // ceil(4 * 2 / 3) = 3 assignments an expert; expert 0 is chosen four times
    QVERIFY(output.kept.equal(torch::tensor({1, 1, 1, 1, 1, 1, 1, 0}).view({4, 2}).to(torch::kBool)));
    limitCapacity(output, 0.3, 3);  // one each
    QVERIFY(output.kept.equal(torch::tensor({1, 0, 0, 0, 1, 0, 1, 0}).view({4, 2}).to(torch::kBool)));
    QVERIFY(difference(appliedGates(output, 3),
                       torch::tensor({0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.5, 0.0}).view({4, 3})) == 0.0);
  }

  void dropped_assignments_count_nowhere_in_any_dispatch() {
    const StackedExperts weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
    const torch::Tensor tokens = torch::randn({97, 16});
    RouterOutput routing = randomRouting(97, 5, 2), masked = routing;
    limitCapacity(routing, 0.6, 5);
    QVERIFY(routing.kept.logical_not().sum().item<int64_t>() > 20);
    const torch::Tensor mask = routing.kept.to(torch::kFloat32);
    masked.gates = masked.gates * mask;  // nothing is dropped here: the gates are 0
    const Gradients expected = gradientsOf(Dispatch::PlainLoop, masked, tokens, weights);
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::Grouped, Dispatch::PlainLoop}) {
      const Gradients found = gradientsOf(dispatch, routing, tokens, weights);
      QVERIFY(difference(found.value, expected.value) < 1e-5);
      QVERIFY(difference(found.tokens, expected.tokens) < 1e-5);
      QVERIFY(difference(found.gates, expected.gates * mask) < 1e-5);
      QVERIFY(difference(found.in, expected.in) < 2e-4);
    }
  }

  void capacity_limits_loads_in_training_and_is_reported() {
    Knobs knobs = oneLayerKnobs("topk");
    knobs.capacityFactor = 1.0;
    Trainer trainer(knobs);
    StepMetrics last;
    for (int i = 0; i < 30; ++i) last = trainer.step();
    QVERIFY(last.dropped[0] > 0.0 && last.dropped[0] < 0.75);
    const LayerSnapshot layer = trainer.snapshot()->layers[0];
    QVERIFY((layer.trainingLoad - layer.trainingDropped).maxCoeff() <=
            0.25 + 1e-9);  // a quarter of the assignments for each of four
    QVERIFY(std::abs(layer.trainingLoad.sum() - 1.0) < 1e-9);
    QVERIFY(layer.trainingDropped.minCoeff() >= 0.0);
    const AnalysisInput probe = trainer.analysisInput(0);
    const Eigen::VectorXi taken = (probe.gates.array() > 0.0f).cast<int>().colwise().sum();
    QVERIFY(taken.maxCoeff() <= (probe.gates.rows() * knobs.topK + 3) / 4);
    knobs.capacityFactor = 64.0;
    Trainer wide(knobs), free(oneLayerKnobs("topk"));
    for (int i = 0; i < 5; ++i) QCOMPARE(wide.step().loss, free.step().loss);
  }

  void a_shared_expert_is_added_to_every_token_and_to_no_load() {
    Knobs knobs = oneLayerKnobs("topk");
    knobs.sharedExpertWidth = 48;
    Trainer with(knobs), without(oneLayerKnobs("topk"));
    QCOMPARE(with.parameterCount() - without.parameterCount(), std::int64_t{3 * 32 * 48});
    QVERIFY(std::abs(with.heldOutLoss() - without.heldOutLoss()) > 1e-4);
    const double before = with.heldOutLoss();
    for (int i = 0; i < 60; ++i) with.step();
    QVERIFY(with.heldOutLoss() < before - 1.0);
    QCOMPARE(with.snapshot()->layers[0].trainingLoad.size(), Eigen::Index{4});
    const AnalysisInput input = with.analysisInput(0);
    QCOMPARE(input.experts->count(), 4);
    QVERIFY((input.gates.rowwise().sum().array() - 1.0f).abs().maxCoeff() < 1e-5f);
  }

  void gates_of_all_experts_with_zeros_among_them_dispatch_alike() {
    const StackedExperts weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
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
    const StackedExperts weights{torch::randn({3, 8, 16}), torch::randn({3, 8, 8})};
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
};

MOESCOPE_TEST(TestDispatch)
#include "test_dispatch.moc"
