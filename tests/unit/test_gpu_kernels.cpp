// The arithmetic of the kernels for GPUs, run on the CPU: against evaluate(), principal angles, the normalisers and plain sums.

#include <QTest>
#include <cmath>
#include <random>

#include "core/cuda/gpu_kernels.h"
#include "core/geometry/bingham.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/von_mises_fisher.h"
#include "core/reading/choosing.h"
#include "core/reading/routing.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

Snapshot snapshotOf(int tokens, int experts, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Snapshot snapshot;
  snapshot.layers.emplace_back();
  LayerSnapshot& layer = snapshot.layers[0];
  layer.scores = RowMatrix::NullaryExpr(tokens, experts, [&] { return 2.0f * normal(random); });
  layer.hidden = RowMatrix::Ones(tokens, 4);
  layer.logPrior = Eigen::VectorXd::NullaryExpr(experts, [&] { return 0.3 * normal(random); });
  return snapshot;
}

/// What the twin's evaluate() makes, in a Routing's shape.
struct TwinRouting {
  RowMatrix logits, probabilities, gates;
  Eigen::VectorXf entropy, appliedEntropy;
  Eigen::VectorXd load, appliedLoad, sums;
};

TokenRule ruleOf(const GatingRule& rule) {
  switch (rule.policy) {
    case GatingPolicy::TopK: return {TokenRule::TopK, rule.k};
    case GatingPolicy::TopP: return {TokenRule::TopP, 0, rule.mass};
    case GatingPolicy::Threshold: return {TokenRule::Threshold, 0, 0.0f, rule.threshold};
    default: return {};
  }
}

TwinRouting twinOf(const LayerSnapshot& layer, const Lens& lens) {
  const Eigen::Index tokens = layer.scores.rows(), experts = layer.scores.cols();
  TwinRouting made{RowMatrix(tokens, experts), RowMatrix(tokens, experts),    RowMatrix(tokens, experts),
                   Eigen::VectorXf(tokens),    Eigen::VectorXf(tokens),       Eigen::VectorXd(experts),
                   Eigen::VectorXd(experts),   Eigen::VectorXd(kEvaluateSums)};
  const Eigen::VectorXf offset = (lens.concentration * layer.logPrior).cast<float>();
  gpuKernelTwins().evaluate(
      {layer.scores.data(), offset.data(), tokens, static_cast<int>(experts), lens.concentration, ruleOf(lens.gating)},
      {made.logits.data(), made.probabilities.data(), made.gates.data(), made.entropy.data(), made.appliedEntropy.data(),
       made.load.data(), made.appliedLoad.data(), made.sums.data()});
  return made;
}

float apart(const RowMatrix& a, const RowMatrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

Eigen::MatrixXd randomBasis(int dimension, int rank, std::mt19937& random) {
  std::normal_distribution<double> normal;
  return orthonormalBasis(Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(random); }), 1e-12);
}

}  // namespace

class TestGpuKernels : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void evaluate_equals_the_windows_own_for_every_policy() {
    for (const int experts : {2, 8, 37, 64}) {
      const Snapshot snapshot = snapshotOf(301, experts, 7);
      for (const GatingPolicy policy : {GatingPolicy::Soft, GatingPolicy::TopK, GatingPolicy::TopP, GatingPolicy::Threshold})
        for (const float concentration : {policy == GatingPolicy::Soft ? 0.0f : kJustAbove, 0.4f, 1.0f, 9.0f}) {
          Lens lens;
          lens.concentration = concentration;
          lens.gating.policy = policy;
          const Routing expected = evaluate(snapshot, lens);
          const TwinRouting found = twinOf(snapshot.layers[0], lens);
          const double tokens = 301.0;
          QVERIFY(apart(found.logits, expected.logits) < 1e-4f);
          QVERIFY(apart(found.probabilities, expected.probabilities) < 2e-6f);
          QVERIFY(apart(found.gates, expected.gates) < 1e-5f);
          QVERIFY((found.entropy - expected.probability.tokenEntropy).cwiseAbs().maxCoeff() < 1e-5f);
          QVERIFY((found.appliedEntropy - expected.applied.tokenEntropy).cwiseAbs().maxCoeff() < 1e-5f);
          QVERIFY((found.load / tokens - expected.probability.load).cwiseAbs().maxCoeff() < 1e-6);
          QVERIFY((found.appliedLoad / tokens - expected.applied.load).cwiseAbs().maxCoeff() < 1e-6);
          QVERIFY(std::abs(found.sums[kSumEntropy] / tokens - expected.probability.meanEntropy) < 1e-5);
          QVERIFY(std::abs(found.sums[kSumEffective] / tokens - expected.probability.effectiveExperts) < 1e-4);
          QVERIFY(std::abs(found.sums[kSumAppliedEffective] / tokens - expected.applied.effectiveExperts) < 1e-4);
          QVERIFY(std::abs(found.sums[kSumLower] / tokens - expected.entropyLower) < 1e-5);
          QVERIFY(std::abs(found.sums[kSumUpper] / tokens - expected.entropyUpper) < 1e-5);
        }
    }
  }

  void evaluate_keeps_the_first_of_equal_gates() {
    Snapshot snapshot = snapshotOf(1, 4, 1);
    snapshot.layers[0].scores << 1.0f, 2.0f, 1.0f, 1.0f;
    snapshot.layers[0].logPrior.setZero();
    Lens lens;
    lens.gating.policy = GatingPolicy::TopK;
    lens.gating.k = 2;
    const TwinRouting found = twinOf(snapshot.layers[0], lens);
    QVERIFY(found.gates(0, 0) > 0.0f && found.gates(0, 1) > 0.0f);
    QVERIFY(found.gates(0, 2) == 0.0f && found.gates(0, 3) == 0.0f);
    QVERIFY(std::abs(found.gates.sum() - 1.0f) < 1e-6f);
  }

  void pair_angles_equal_those_of_two_singular_value_decompositions_small_ones_too() {
    std::mt19937 random(3);
    for (const int rank : {1, 4, 16}) {
      const int dimension = 48;
      std::vector<Eigen::MatrixXd> bases;
      for (int i = 0; i < 4; ++i) bases.push_back(randomBasis(dimension, rank, random));
      for (const double size : {1e-3, 1e-7, 1e-11}) {  // nearly the first one
        Eigen::MatrixXd near = bases[0];
        near += size * randomBasis(dimension, rank, random);
        bases.push_back(orthonormalBasis(near, 1e-14));
      }
      bases.push_back(bases[0]);
      const int count = static_cast<int>(bases.size());
      Eigen::MatrixXd packed(dimension, rank * count);
      for (int i = 0; i < count; ++i) packed.middleCols(i * rank, rank) = bases[static_cast<std::size_t>(i)];
      Eigen::MatrixXd angles(rank, count * (count - 1) / 2);
      gpuKernelTwins().pairAngles(packed.data(), count, dimension, rank, angles.data());
      for (int i = 0, pair = 0; i < count; ++i)
        for (int j = i + 1; j < count; ++j, ++pair) {
          const Eigen::VectorXd expected =
              principalAngles(bases[static_cast<std::size_t>(i)], bases[static_cast<std::size_t>(j)]);
          const double difference = (angles.col(pair) - expected).cwiseAbs().maxCoeff();
          QVERIFY2(difference < 1e-13, qPrintable(QString("rank %1 pair %2 %3: %4").arg(rank).arg(i).arg(j).arg(difference)));
        }
    }
  }

  void grmoe_s_score_has_the_gradient_of_finite_differences() {
    constexpr int tokens = 5, experts = 3, rank = 4;
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    std::vector<float> products(tokens * experts * rank), weights(experts * rank), upstream(tokens * experts),
        out(upstream.size());
    for (std::vector<float>* values : {&products, &weights, &upstream})
      for (float& value : *values) value = normal(random);
    const auto objective = [&] {
      gpuKernelTwins().weightedSquares(products.data(), weights.data(), tokens, experts, rank, out.data());
      double sum = 0.0;
      for (std::size_t i = 0; i < out.size(); ++i) sum += static_cast<double>(out[i]) * upstream[i];
      return sum;
    };
    std::vector<float> productGradient(products.size()), weightGradient(weights.size());
    gpuKernelTwins().weightedSquaresGradient(products.data(), weights.data(), upstream.data(), tokens, experts, rank,
                                             productGradient.data(), weightGradient.data());
    for (const auto& [values, gradient] : {std::pair{&products, &productGradient}, std::pair{&weights, &weightGradient}})
      for (std::size_t i = 0; i < values->size(); ++i) {
        const float had = (*values)[i], step = 0.05f;
        (*values)[i] = had + step;
        const double up = objective();
        (*values)[i] = had - step;
        const double down = objective();
        (*values)[i] = had;
        QVERIFY(std::abs((up - down) / (2.0 * step) - (*gradient)[i]) < 2e-3);  // exact for a quadratic, but for floats
      }
  }

  void normalisers_equal_the_host_s_series_and_say_where_they_are_not_valid() {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> uniform(0.0f, 40.0f);
    for (const int dimension : {4, 32, 256}) {
      Eigen::Matrix<float, 6, 4, Eigen::RowMajor> spectra, gradient;
      Eigen::VectorXf value(6);
      for (float& entry : spectra.reshaped()) entry = uniform(random);
      spectra.row(5).setZero();
      gpuKernelTwins().binghamNormaliser(spectra.data(), 6, 4, dimension, value.data(), gradient.data());
      for (int e = 0; e < 6; ++e) {
        const BinghamNormaliser expected = binghamNormaliser(spectra.row(e).cast<double>().transpose(), dimension);
        QVERIFY(std::abs(value[e] - expected.logValue) < 2e-6 * std::max(1.0, expected.logValue));
        QVERIFY((gradient.row(e).cast<double>().transpose() - expected.gradient).cwiseAbs().maxCoeff() < 1e-6);
      }
      const Eigen::Vector4f kappa(0.0f, 1e-3f, 7.0f, 40.0f);
      Eigen::Vector4f logs, slopes;
      gpuKernelTwins().vonMisesFisherNormaliser(kappa.data(), 4, dimension, logs.data(), slopes.data());
      for (int e = 0; e < 4; ++e) {
        const VonMisesFisherNormaliser expected = vonMisesFisherNormaliser(kappa[e], dimension);
        QVERIFY(std::abs(logs[e] - expected.logValue) < 2e-6 * std::max(1.0, expected.logValue));
        QVERIFY(std::abs(slopes[e] - expected.derivative) < 1e-6);
      }
    }
    const float bad[2] = {1.0f, NAN}, tooFar[1] = {601.0f};
    float value = 0.0f, gradient[2] = {};
    gpuKernelTwins().binghamNormaliser(bad, 1, 2, 8, &value, gradient);
    QVERIFY(std::isnan(value) && std::isnan(gradient[0]));
    gpuKernelTwins().vonMisesFisherNormaliser(tooFar, 1, 8, &value, gradient);
    QVERIFY(std::isnan(value) && std::isnan(gradient[0]));
  }

  void orthonormalised_frames_are_the_q_of_a_qr_decomposition_with_a_positive_diagonal() {
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    RowMatrix frames(2 * 20, 5);
    for (float& entry : frames.reshaped()) entry = normal(random);
    frames.bottomRows(20).col(4) = frames.bottomRows(20).col(0) + 1e-3f * frames.bottomRows(20).col(4);  // nearly dependent
    const RowMatrix before = frames;
    gpuKernelTwins().orthonormalise(frames.data(), 2, 20, 5);
    for (int e = 0; e < 2; ++e) {
      const Eigen::MatrixXd q = frames.middleRows(20 * e, 20).cast<double>(),
                            r = q.transpose() * before.middleRows(20 * e, 20).cast<double>();
      QVERIFY((q.transpose() * q - Eigen::MatrixXd::Identity(5, 5)).cwiseAbs().maxCoeff() < 1e-6);
      QVERIFY(r.diagonal().minCoeff() > 0.0);
      for (int i = 0; i < 5; ++i)
        for (int j = 0; j < i; ++j) QVERIFY(std::abs(r(i, j)) < 1e-5);
      QVERIFY((q * r - before.middleRows(20 * e, 20).cast<double>()).cwiseAbs().maxCoeff() < 1e-5);
    }
  }

  void grouped_products_equal_one_product_for_each_expert() {
    constexpr int inner = 19, columns = 70, experts = 4;
    const std::vector<std::int64_t> starts = {0, 65, 65, 70, 131};  // more rows than a tile, none, a few
    RowMatrix in = RowMatrix::Random(140, inner), weights = RowMatrix::Random(experts * inner, columns),
              out = RowMatrix::Constant(140, columns, 7.0f);
    const GroupedTask task{starts.data(), experts, 140};
    gpuKernelTwins().groupedProduct(task, in.data(), weights.data(), false, inner, columns, out.data());
    RowMatrix turned(experts * columns, inner), again = RowMatrix::Constant(140, columns, 7.0f), outer(experts * inner, columns);
    for (int e = 0; e < experts; ++e) turned.middleRows(e * columns, columns) = weights.middleRows(e * inner, inner).transpose();
    gpuKernelTwins().groupedProduct(task, in.data(), turned.data(), true, inner, columns, again.data());
    gpuKernelTwins().groupedOuter(task, in.data(), out.data(), inner, columns, outer.data());
    for (int e = 0; e < experts; ++e) {
      const Eigen::Index first = starts[static_cast<std::size_t>(e)], rows = starts[static_cast<std::size_t>(e) + 1] - first;
      const RowMatrix expected = in.middleRows(first, rows) * weights.middleRows(e * inner, inner);
      if (rows > 0) QVERIFY(apart(out.middleRows(first, rows), expected) < 1e-5f);
      if (rows > 0) QVERIFY(apart(again.middleRows(first, rows), expected) < 1e-5f);
      const RowMatrix slopes = in.middleRows(first, rows).transpose() * out.middleRows(first, rows);
      QVERIFY(apart(outer.middleRows(e * inner, inner), slopes) < 1e-4f);
    }
    QVERIFY((out.bottomRows(9).array() == 7.0f).all());  // nobody's rows are left alone
  }

  void this_machine_says_whether_its_kernels_are_used() {
    QVERIFY(!gpuKernelReport().empty());
    QCOMPARE(gpuKernels() != nullptr, gpuKernelReport().rfind("used", 0) == 0);
  }
};

MOESCOPE_TEST(TestGpuKernels)
#include "test_gpu_kernels.moc"
