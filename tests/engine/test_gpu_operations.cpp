// What a GPU runs in training, with its kernels' twins on the CPU: experts against the plain loop, scores and normalisers against
// LibTorch's operations, step readings against counting by hand.

#include "core/kernels/torch.h"

#include <QTest>

#include "core/geometry/bingham.h"
#include "core/kernels/dense.h"
#include "core/kernels/gpu_operations.h"
#include "core/model/capacity.h"
#include "core/model/gpu_experts.h"
#include "core/training/step_readings.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

double difference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

RouterOutput chosenRouting(int tokens, int experts, int chosen) {
  RouterOutput output;
  output.logits = torch::randn({tokens, experts});
  output.probabilities = torch::softmax(output.logits, -1);
  chooseTopK(output, chosen);
  return output;
}

struct Gradients {
  torch::Tensor value, tokens, gates, in, down;
};

template <typename Run>
Gradients gradientsOf(const Run& run, const RouterOutput& routing, const torch::Tensor& tokens, const StackedExperts& weights) {
  const auto leaf = [](const torch::Tensor& t) { return t.detach().clone().requires_grad_(); };
  const torch::Tensor x = leaf(tokens), in = leaf(weights.in), down = leaf(weights.down);
  RouterOutput output = routing;
  output.gates = leaf(routing.gates);
  const torch::Tensor value = run(x, output, StackedExperts{in, down});
  (value * torch::cos(torch::arange(value.numel()).view_as(value))).sum().backward();
  return {value.detach(), x.grad(), output.gates.grad(), in.grad(), down.grad()};
}

/// Largest difference of values and gradients between a GPU's way, with the twins, and the plain loop.
double apartFromPlainLoop(const RouterOutput& routing, const torch::Tensor& tokens, const StackedExperts& weights) {
  const auto gpu = [](const torch::Tensor& x, const RouterOutput& output, const StackedExperts& w) {
    return gpuExperts(gpuKernelTwins(), x, output, w);
  };
  const auto plain = [](const torch::Tensor& x, const RouterOutput& output, const StackedExperts& w) {
    return runExperts(x, output, w, Dispatch::PlainLoop);
  };
  const Gradients a = gradientsOf(gpu, routing, tokens, weights), b = gradientsOf(plain, routing, tokens, weights);
  return std::max({difference(a.value, b.value), difference(a.tokens, b.tokens), difference(a.gates, b.gates),
                   0.1 * difference(a.in, b.in), 0.1 * difference(a.down, b.down)});
}

}  // namespace

class TestGpuOperations : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(3); }

  void experts_chosen_k_a_token_equal_the_plain_loop_and_its_gradients() {
    const StackedExperts weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
    for (const int chosen : {1, 2, 5})
      QVERIFY(apartFromPlainLoop(chosenRouting(277, 5, chosen), torch::randn({277, 16}), weights) < 2e-5);
    RouterOutput lonely = chosenRouting(70, 5, 1);
    lonely.experts = torch::full_like(lonely.experts, 3);  // four experts without a token
    QVERIFY(apartFromPlainLoop(lonely, torch::randn({70, 16}), weights) < 2e-5);
  }

  void experts_that_may_all_work_equal_the_plain_loop() {
    const StackedExperts weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
    RouterOutput routing;
    for (const double shift : {9.0, 0.0}) {  // all gates above 0, and about half
      routing.gates = torch::relu(torch::randn({97, 5}) + shift);
      QVERIFY(apartFromPlainLoop(routing, torch::randn({97, 16}), weights) < 1e-4);
    }
  }

  void where_no_expert_works_nothing_comes_out_or_back() {
    RouterOutput routing;
    routing.gates = torch::zeros({97, 5});
    const auto gpu = [](const torch::Tensor& x, const RouterOutput& output, const StackedExperts& w) {
      return gpuExperts(gpuKernelTwins(), x, output, w);
    };
    const Gradients none =
        gradientsOf(gpu, routing, torch::randn({97, 16}), {torch::randn({5, 16, 48}), torch::randn({5, 24, 16})});
    for (const torch::Tensor& zero : {none.value, none.tokens, none.gates, none.in, none.down})
      QCOMPARE(zero.abs().max().item<double>(), 0.0);
  }

  void a_dropped_assignment_counts_nowhere() {
    const StackedExperts weights{torch::randn({5, 16, 48}) / 4, torch::randn({5, 24, 16}) / 5};
    RouterOutput routing = chosenRouting(97, 5, 2);
    limitCapacity(routing, 0.6, 5);
    RouterOutput masked = routing;
    masked.gates = routing.gates * routing.kept;
    masked.kept = torch::Tensor();
    QVERIFY(apartFromPlainLoop(masked, torch::randn({97, 16}), weights) < 2e-5);
  }

  void weighted_squares_equal_libtorch_s_and_their_gradients() {
    const auto run = [](bool twins) {
      torch::manual_seed(8);
      const torch::Tensor products = torch::randn({31, 12}).requires_grad_(), weights = torch::rand({3, 4}).requires_grad_();
      const torch::Tensor out =
          twins ? weightedSquares(gpuKernelTwins(), products, weights) : weightedSquares(products, weights, Dispatch::PlainLoop);
      (out * torch::cos(torch::arange(out.numel()).view_as(out))).sum().backward();
      return std::vector<torch::Tensor>{out.detach(), products.grad(), weights.grad()};
    };
    const std::vector<torch::Tensor> a = run(true), b = run(false);
    for (std::size_t i = 0; i < a.size(); ++i) QVERIFY(difference(a[i], b[i]) < 1e-5);
  }

  void normalisers_keep_the_shape_of_what_they_are_of() {
    const torch::Tensor spectra = 40.0 * torch::rand({6, 4});
    const Normalisers made = binghamNormalisers(gpuKernelTwins(), spectra, 32);
    QVERIFY(made.gradient.sizes() == spectra.sizes());
    const Eigen::Vector4d row = Eigen::Map<const Eigen::Vector4f>(spectra[2].data_ptr<float>()).cast<double>();
    QVERIFY(std::abs(made.value[2].item<double>() - binghamNormaliser(row, 32).logValue) < 1e-5);
    const torch::Tensor frames = torch::randn({6, 20, 3}), q = orthonormalised(gpuKernelTwins(), frames);
    QVERIFY(difference(torch::bmm(q.transpose(1, 2), q), torch::eye(3).expand({6, 3, 3})) < 1e-6);
  }

  void readings_count_assignments_and_what_capacity_dropped() {
    LayerPass pass;
    pass.output.logits = torch::zeros({4, 3});
    pass.output.probabilities = torch::full({4, 3}, 1.0 / 3.0);
    pass.output.experts = torch::tensor({0, 1, 0, 2, 2, 0, 1, 0}, torch::kInt64).view({4, 2});
    pass.output.gates = torch::full({4, 2}, 0.5);
    pass.output.auxiliaryLoss = torch::full({}, 0.25);
    LayerPass dropping = pass, all;
    dropping.output.kept = torch::tensor({1, 1, 1, 1, 1, 1, 1, 0}).view({4, 2}).to(torch::kBool);
    all.output.logits = all.output.probabilities = torch::zeros({2, 3});
    all.output.gates = torch::tensor({1.0f, 0.0f, 1.0f, 2.0f, 0.0f, 0.0f}).view({2, 3});
    const torch::Tensor numbers = readingsOf({pass, dropping, all});
    const std::vector<LayerReadings> layers =
        readLayers({numbers.data_ptr<double>(), numbers.data_ptr<double>() + numbers.numel()}, 3);
    QCOMPARE(layers.size(), std::size_t{3});
    QVERIFY(std::abs(layers[0].entropy - std::log(3.0)) < 1e-6 && std::abs(layers[0].effectiveExperts - 3.0) < 1e-5);
    QCOMPARE(layers[0].auxiliaryLoss, 0.25);
    QCOMPARE(layers[2].auxiliaryLoss, 0.0);
    QVERIFY(layers[0].intended.isApprox(Eigen::Vector3d(0.5, 0.25, 0.25)) && layers[0].dropped.isZero());
    QVERIFY(layers[1].dropped.isApprox(Eigen::Vector3d(0.125, 0.0, 0.0)));
    QVERIFY(layers[2].intended.isApprox(Eigen::Vector3d(0.75, 0.0, 0.25)));
  }
};

MOESCOPE_TEST(TestGpuOperations)
#include "test_gpu_operations.moc"
