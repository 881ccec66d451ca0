// Our own kernels, for every instruction set of this machine, against LibTorch's operations and their gradients.

#include <torch/csrc/autograd/autograd.h>

#include <QTest>
#include <cmath>
#include <array>
#include <vector>

#include "core/kernels/dense.h"
#include "core/routers/router.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

double difference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

HostMatrix writable(const torch::Tensor& t) { return rowsOf(t, 0, t.numel() / t.size(-1)); }
ConstHostMatrix allOf(const torch::Tensor& t) { return constRowsOf(t, 0, t.numel() / t.size(-1)); }

std::vector<const HostKernels*> kernels() {
  int count = 0;
  const HostKernels* const* all = allHostKernels(count);
  return {all, all + count};
}

}  // namespace

class TestDense : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(5); }

  void products_of_every_orientation() {
    for (const HostKernels* host : kernels())
      for (const auto& [m, n, k] :
           std::vector<std::array<int, 3>>{{1, 1, 1}, {3, 5, 7}, {64, 33, 128}, {97, 256, 64}, {25, 47, 300}}) {
        const torch::Tensor a = torch::randn({m, k}), b = torch::randn({k, n}), c = torch::empty({m, n});
        const torch::Tensor at = a.t().contiguous(), bt = b.t().contiguous(), expected = torch::mm(a, b);
        const auto check = [&] { return difference(c, expected) < 1e-4; };
        host->multiply(allOf(a), false, allOf(b), writable(c));
        QVERIFY2(check(), host->name);
        host->multiply(allOf(at), true, allOf(b), writable(c));
        QVERIFY2(check(), host->name);
        const torch::Tensor turned = torch::empty({n, k});
        host->transpose(allOf(b), writable(turned));
        QVERIFY2(torch::equal(turned, bt), host->name);
      }
  }

  void swiglu_and_its_gradient() {
    for (const HostKernels* host : kernels()) {
      const torch::Tensor both = (torch::randn({9, 46}) * 5).requires_grad_(), upstream = torch::randn({9, 23});
      const torch::Tensor expected = torch::silu(both.narrow(1, 0, 23)) * both.narrow(1, 23, 23);
      (expected * upstream).sum().backward();
      const torch::Tensor active = torch::empty({9, 23}), gradient = torch::empty({9, 46});
      host->swiglu(allOf(both), writable(active));
      host->swigluGradient(allOf(both), allOf(upstream), writable(gradient));
      QVERIFY2(difference(active, expected) < 1e-4, host->name);
      QVERIFY2(difference(gradient, both.grad()) < 1e-4, host->name);
    }
  }

  void norm_and_its_gradient() {
    const torch::Tensor x = torch::randn({7, 3, 19}).requires_grad_(), gain = torch::randn({19}).requires_grad_();
    const torch::Tensor upstream = torch::randn({7, 3, 19});
    std::vector<torch::Tensor> results[2];
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::PlainLoop}) {
      const torch::Tensor out = rootMeanSquareNorm(x, gain, dispatch);
      const auto gradients = torch::autograd::grad({out}, {x, gain}, {upstream});
      results[dispatch == Dispatch::Fused] = {out.detach(), gradients[0], gradients[1]};
    }
    for (int i = 0; i < 3; ++i) QVERIFY(difference(results[0][i], results[1][i]) < 1e-5);
  }

  void residual_and_its_norm() {
    const torch::Tensor x = torch::randn({21, 19}).requires_grad_(), more = torch::randn({21, 19}).requires_grad_(),
                        gain = torch::randn({19}).requires_grad_();
    const torch::Tensor upstream = torch::randn({21, 19}), upstreamOfSum = torch::randn({21, 19});
    std::vector<torch::Tensor> both[2], onlyNorm[2], onlySum[2];
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::PlainLoop}) {
      const int at = dispatch == Dispatch::Fused;
      const Residual made = addAndNorm(x, more, gain, dispatch);
      both[at] = torch::autograd::grad({made.norm, made.sum}, {x, more, gain}, {upstream, upstreamOfSum}, true);
      onlyNorm[at] = torch::autograd::grad({made.norm}, {x, more, gain}, {upstream}, true);
      onlySum[at] = torch::autograd::grad({made.sum}, {x, more}, {upstreamOfSum});
      both[at].insert(both[at].end(), {made.norm.detach(), made.sum.detach()});
    }
    for (std::size_t i = 0; i < 5; ++i) QVERIFY(difference(both[0][i], both[1][i]) < 1e-5);
    for (std::size_t i = 0; i < 3; ++i) QVERIFY(difference(onlyNorm[0][i], onlyNorm[1][i]) < 1e-5);
    for (std::size_t i = 0; i < 2; ++i) QVERIFY(difference(onlySum[0][i], onlySum[1][i]) < 1e-5);
  }

  void product_and_its_gradient() {
    const torch::Tensor x = torch::randn({131, 19}).requires_grad_(), w = torch::randn({19, 40}).requires_grad_(),
                        upstream = torch::randn({131, 40});
    std::vector<torch::Tensor> results[2];
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::PlainLoop}) {
      const torch::Tensor out = product(x, w, dispatch);
      const auto gradients = torch::autograd::grad({out}, {x, w}, {upstream});
      results[dispatch == Dispatch::Fused] = {out.detach(), gradients[0], gradients[1]};
    }
    for (int i = 0; i < 3; ++i) QVERIFY(difference(results[0][i], results[1][i]) < 1e-4);
  }

  void embedding_and_its_gradient() {
    const torch::Tensor table = torch::randn({9, 5}).requires_grad_(), positions = torch::randn({8, 5}).requires_grad_();
    const torch::Tensor bytes = torch::randint(0, 9, {3, 6}, torch::kInt64), upstream = torch::randn({18, 5});
    std::vector<torch::Tensor> results[2];
    for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::PlainLoop}) {
      const torch::Tensor out = embed(bytes, table, positions, dispatch);
      results[dispatch == Dispatch::Fused] = torch::autograd::grad({out}, {table, positions}, {upstream});
      results[dispatch == Dispatch::Fused].push_back(out.detach());
    }
    for (std::size_t i = 0; i < 3; ++i) QVERIFY(difference(results[0][i], results[1][i]) < 1e-5);
  }

  void weighted_squares_and_their_gradient() {
    for (const int rank : {1, 3, 8}) {
      const torch::Tensor products = torch::randn({150, 5 * rank}).requires_grad_(),
                          weights = torch::randn({5, rank}).requires_grad_(), upstream = torch::randn({150, 5});
      std::vector<torch::Tensor> results[2];
      for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::PlainLoop}) {
        const torch::Tensor out = weightedSquares(products, weights, dispatch);
        results[dispatch == Dispatch::Fused] = torch::autograd::grad({out}, {products, weights}, {upstream});
        results[dispatch == Dispatch::Fused].push_back(out.detach());
      }
      for (std::size_t i = 0; i < 3; ++i) QVERIFY(difference(results[0][i], results[1][i]) < 1e-4);
    }
  }

  void probabilities_and_their_gradient() {
    const torch::Tensor logits = (torch::randn({33, 7}) * 9).requires_grad_(), upstream = torch::randn({33, 7});
    const torch::Tensor expected = torch::softmax(logits, -1),
                        expectedGradient = torch::autograd::grad({expected}, {logits}, {upstream})[0];
    const torch::Tensor out = torch::empty({33, 7}), gradient = torch::empty({33, 7});
    for (const HostKernels* host : kernels()) {
      host->softmax(allOf(logits), writable(out));
      host->softmaxGradient(allOf(out), allOf(upstream), writable(gradient));
      QVERIFY2(difference(out, expected) < 1e-6, host->name);
      QVERIFY2(difference(gradient, expectedGradient) < 1e-6, host->name);
      const torch::Tensor odd = torch::tensor({{1.0f, 2.0f}, {std::nanf(""), 2.0f}, {INFINITY, 0.0f}, {1.0f, -INFINITY}}),
                          made = torch::empty({4, 2});
      host->softmax(allOf(odd), writable(made));
      QVERIFY2(torch::equal(made.isnan(), torch::tensor({{false, false}, {true, true}, {true, true}, {true, true}})), host->name);
    }
    const torch::Tensor own = probabilitiesOf(logits);
    QVERIFY(difference(own, torch::softmax(logits, -1)) < 1e-6);
    QVERIFY(difference(torch::autograd::grad({own}, {logits}, {upstream})[0], expectedGradient) < 1e-6);
  }

  void chosen_experts_and_the_gradient_of_their_gates() {
    for (const int k : {1, 2, 5, 8}) {
      const torch::Tensor logits = torch::randn({33, 8}).requires_grad_(), preference = torch::randn({33, 8}),
                          upstream = torch::randn({33, k});
      for (const bool own : {true, false}) {
        RouterOutput output;
        output.probabilities = torch::softmax(logits, -1);
        if (own) chooseTopK(output, k);
        else chooseTopK(output, k, preference);
        const torch::Tensor experts = std::get<1>((own ? output.probabilities : preference).topk(k, -1)),
                            values = output.probabilities.gather(1, experts);
        const torch::Tensor gates = k > 1 ? values / values.sum(1, true) : values;
        QVERIFY(torch::equal(output.experts, experts));
        QVERIFY(difference(output.gates, gates) < 1e-6);
        QVERIFY(difference(torch::autograd::grad({output.gates}, {logits}, {upstream}, true)[0],
                           torch::autograd::grad({gates}, {logits}, {upstream}, true)[0]) < 1e-6);
      }
    }
  }

  void choice_of_what_is_no_number_still_names_different_experts() {
    RouterOutput output;
    output.probabilities = torch::full({1, 4}, std::nan(""));
    chooseTopK(output, 3);
    QVERIFY(torch::equal(output.experts, torch::tensor({{0, 1, 2}}, torch::kInt64)));
  }

  void adam_is_the_same_on_every_vector_unit() {
    AdamRates rates;
    rates.rate = 0.01f;
    rates.gradientScale = 0.5f;
    rates.decay = 0.1f;
    rates.firstBias = 10.0f;
    rates.secondBias = 20.0f;
    const torch::Tensor value = torch::randn({1003}), gradient = torch::randn({1003});
    for (const HostKernels* host : kernels()) {
      torch::Tensor v = value.clone(), first = torch::zeros({1003}), second = torch::zeros({1003});
      host->adam(v.data_ptr<float>(), gradient.data_ptr<float>(), first.data_ptr<float>(), second.data_ptr<float>(), 1003, rates);
      // the first step with zero moments, written with tensors
      const torch::Tensor g = gradient * 0.5, f = 0.1 * g, s = 0.05 * g * g;
      const torch::Tensor expected = value * (1 - 0.01 * 0.1) - 0.01 * 10 * f / ((s * 20).sqrt() + 1e-8);
      QVERIFY2(difference(v, expected) < 1e-6, host->name);
      QVERIFY2(difference(first, f) < 1e-6, host->name);
      QVERIFY2(std::abs(host->squaredSum(gradient.data_ptr<float>(), 1003) /
                            gradient.to(torch::kFloat64).square().sum().item<double>() -
                        1.0) < 1e-6,
               host->name);
    }
  }

  void attention_and_its_gradient() {
    for (const int context : {1, 31, 32, 77}) {
      const torch::Tensor projected = (torch::randn({3 * context, 3 * 20}) * 2).requires_grad_(),
                          upstream = torch::randn({3 * context, 20});
      torch::Tensor results[2][2];
      for (const Dispatch dispatch : {Dispatch::Fused, Dispatch::PlainLoop}) {
        const torch::Tensor out = causalAttention(projected, 3, 4, dispatch);
        results[dispatch == Dispatch::Fused][0] = out.detach();
        results[dispatch == Dispatch::Fused][1] = torch::autograd::grad({out}, {projected}, {upstream})[0];
      }
      QVERIFY(results[0][1].abs().max().item<double>() > 0.1);
      for (int i = 0; i < 2; ++i)
        QVERIFY(difference(results[0][i], results[1][i]) < 1e-5 * results[0][i].abs().max().item<double>());
    }
  }

  void attention_is_the_same_on_every_vector_unit() {
    const torch::Tensor q = torch::randn({45, 8}), k = torch::randn({45, 8}), v = torch::randn({45, 8}),
                        up = torch::randn({45, 8});
    const torch::Tensor allowed = torch::ones({45, 45}).tril().to(torch::kBool);
    const torch::Tensor weights = torch::softmax((torch::mm(q, k.t()) * 0.3).masked_fill(allowed.logical_not(), -INFINITY), -1);
    for (const HostKernels* host : kernels()) {
      const torch::Tensor out = torch::empty({45, 8}), logs = torch::empty({45}), qg = torch::empty({45, 8}),
                          kg = torch::empty({45, 8}), vg = torch::empty({45, 8});
      host->attention(allOf(q), allOf(k), allOf(v), 0.3f, writable(out), logs.data_ptr<float>());
      QVERIFY2(difference(out, torch::mm(weights, v)) < 1e-5, host->name);
      host->attentionGradient(allOf(q), allOf(k), allOf(v), 0.3f, logs.data_ptr<float>(), allOf(up), writable(qg), writable(kg),
                              writable(vg));
      const torch::Tensor through = torch::mm(up, v.t()), inner = weights * (through - (weights * through).sum(1, true)) * 0.3;
      QVERIFY2(difference(vg, torch::mm(weights.t(), up)) < 1e-5, host->name);
      QVERIFY2(difference(qg, torch::mm(inner, k)) < 1e-5, host->name);
      QVERIFY2(difference(kg, torch::mm(inner.t(), q)) < 1e-5, host->name);
    }
  }

  void cross_entropy_and_its_gradient() {
    const torch::Tensor logits = (torch::randn({200, 37}) * 8).requires_grad_(),
                        targets = torch::randint(37, {200}, torch::kInt64);
    const torch::Tensor fast = meanCrossEntropy(logits, targets, Dispatch::Fused),
                        plain = meanCrossEntropy(logits, targets, Dispatch::PlainLoop);
    QVERIFY(plain.item<double>() > 1.0);
    QVERIFY(std::abs(fast.item<double>() / plain.item<double>() - 1.0) < 1e-6);
    QVERIFY(difference(torch::autograd::grad({fast * 3}, {logits})[0], torch::autograd::grad({plain * 3}, {logits})[0]) < 1e-7);
    const torch::NoGradGuard guard;
    QCOMPARE(meanCrossEntropy(logits, targets, Dispatch::Fused).item<double>(), fast.item<double>());
  }
};

MOESCOPE_TEST(TestDense)
#include "test_dense.moc"
