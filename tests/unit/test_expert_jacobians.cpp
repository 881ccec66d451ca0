// Jacobians taken expert by expert, in passes, against the definition with all of them at once.

#include <QTest>
#include <Eigen/SVD>
#include <random>

#include "core/geometry/expert_jacobians.h"
#include "core/geometry/jacobian_spectrum.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr int kExperts = 5, kWidth = 12, kUnits = 9, kTokens = 7;

ExpertWeights randomExpert(std::mt19937& dice) {
  std::normal_distribution<float> normal;
  const auto matrix = [&](int rows, int columns) {
    return RowMatrix(RowMatrix::NullaryExpr(rows, columns, [&] { return normal(dice); }));
  };
  return {matrix(kUnits, kWidth), matrix(kUnits, kWidth), matrix(kWidth, kUnits), {}, {}, {}, {}};
}

/// dE/dh of a SwiGLU expert in double precision, unit by unit.
Eigen::MatrixXd plainJacobian(const ExpertWeights& expert, const Eigen::VectorXd& hidden) {
  Eigen::MatrixXd jacobian = Eigen::MatrixXd::Zero(kWidth, kWidth);
  for (int i = 0; i < kUnits; ++i) {
    const Eigen::RowVectorXd gate = expert.gate.row(i).cast<double>(), up = expert.up.row(i).cast<double>();
    const double a = gate * hidden, u = up * hidden, s = 1.0 / (1.0 + std::exp(-a));
    jacobian += expert.down.col(i).cast<double>() * (s * (1.0 + a * (1.0 - s)) * u * gate + a * s * up);
  }
  return jacobian;
}

/// The same +1 and -1 that ExpertJacobians draws for seed 1; the identity for no probes.
Eigen::MatrixXd directionsOf(int probes) {
  if (probes == 0) return Eigen::MatrixXd::Identity(kWidth, kWidth);
  std::mt19937 random(1);
  return Eigen::MatrixXd::NullaryExpr(kWidth, probes, [&] { return random() & 1 ? 1.0 : -1.0; });
}

double cosine(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) { return a.cwiseProduct(b).sum() / (a.norm() * b.norm()); }

}  // namespace

class TestExpertJacobians : public QObject {
  Q_OBJECT
  std::vector<ExpertWeights> experts_;
  RowMatrix tokens_;

  /// Product of expert e's Jacobian at token t with the directions.
  Eigen::MatrixXd product(int e, int t, const Eigen::MatrixXd& directions) const {
    return plainJacobian(experts_[static_cast<std::size_t>(e)], tokens_.row(t).transpose().cast<double>()) * directions;
  }

 private Q_SLOTS:
  void initTestCase() {
    std::mt19937 dice(3);
    std::normal_distribution<float> normal;
    for (int e = 0; e < kExperts; ++e) experts_.push_back(randomExpert(dice));
    tokens_ = RowMatrix::NullaryExpr(kTokens, kWidth, [&] { return normal(dice); });
  }

  void one_expert_at_a_time_equals_the_definition_data() {
    QTest::addColumn<int>("probes");
    QTest::addColumn<int>("atOnce");
    QTest::newRow("exact, one pass") << 0 << kTokens;
    QTest::newRow("probes, one pass") << 40 << kTokens;
    QTest::newRow("probes, four passes of two tokens and one") << 40 << 2;
  }
  void one_expert_at_a_time_equals_the_definition() {
    QFETCH(int, probes);
    QFETCH(int, atOnce);
    const std::uint64_t bytes = std::uint64_t{4} * kExperts * kWidth * static_cast<std::uint64_t>(probes ? probes : kWidth) *
                                static_cast<std::uint64_t>(atOnce + 2);
    const JacobianPlan plan = planJacobians(kExperts, kWidth, kTokens, probes, bytes);
    QCOMPARE(plan.tokensAtOnce, atOnce);
    QCOMPARE(plan.passes, (kTokens + atOnce - 1) / atOnce);
    QCOMPARE(plan.bytes(), bytes);
    ExpertJacobians jacobians(plan, tokens_);
    for (int pass = 0; pass < plan.passes; ++pass) {
      jacobians.beginPass(pass);
      for (int e = kExperts - 1; e >= 0; --e)
        jacobians.take(e, experts_[static_cast<std::size_t>(e)], e == 1 ? RowMatrix() : RowMatrix(tokens_.topRows(e + 1)));
      jacobians.endPass();
    }
    const JacobianAlignment ours = jacobians.alignment();
    const Eigen::MatrixXd own = jacobians.ofOwnTokens(), directions = directionsOf(probes);
    const auto summed = [&](int e, int tokens) {
      Eigen::MatrixXd sum = product(e, 0, directions);
      for (int t = 1; t < tokens; ++t) sum += product(e, t, directions);
      return sum;
    };
    for (int a = 0; a < kExperts; ++a)
      for (int b = 0; b < kExperts; ++b) {
        double mean = 0.0;
        for (int t = 0; t < kTokens; ++t) mean += cosine(product(a, t, directions), product(b, t, directions)) / kTokens;
        QVERIFY(std::abs(ours.mean(a, b) - mean) < 1e-5);
        QVERIFY(std::abs(ours.ofAverages(a, b) - cosine(summed(a, kTokens), summed(b, kTokens))) < 1e-5);
        if (a == 1 || b == 1) QVERIFY(std::isnan(own(a, b)));  // has no tokens of its own
        else QVERIFY(std::abs(own(a, b) - cosine(summed(a, a + 1), summed(b, b + 1))) < 1e-5);
      }
    QCOMPARE(ours.nullDeviation, independentDeviation(kWidth, probes));
  }

  void what_does_not_fit_is_taken_by_probes_then_in_passes_then_not_at_all() {
    QCOMPARE(planJacobians(64, 256, 64, 0, std::uint64_t{4} << 30).probes, 0);
    const JacobianPlan probed = planJacobians(64, 2048, 64, 0, std::uint64_t{4} << 30);
    QCOMPARE(probed.probes, kFewestProbes);
    QCOMPARE(probed.passes, 1);
    const JacobianPlan several = planJacobians(257, 7168, 64, 0, std::uint64_t{4} << 30);
    QCOMPARE(several.probes, kFewestProbes);
    QVERIFY(several.passes > 1 && several.passes * several.tokensAtOnce >= 64 && several.bytes() <= std::uint64_t{4} << 30);
    QCOMPARE(planJacobians(64, 2048, 64, 0, 0).tokensAtOnce, 0);
  }

  void spectrum_is_that_of_the_singular_values() {
    ExpertWeights still = experts_[0];
    still.down.setZero();  // its Jacobian is 0 and counts for nothing
    const LayerSpectra spectra = layerSpectra(ExpertsInMemory({experts_[0], experts_[1], still}), tokens_, {});
    const JacobianSpectrum& spectrum = spectra.all;
    QCOMPARE(spectrum.jacobians, 2 * kTokens);
    Eigen::VectorXd decay = Eigen::VectorXd::Zero(kWidth);
    double rank = 0.0, leading = 0.0, largest = 0.0;
    for (int e = 0; e < 2; ++e)
      for (int t = 0; t < kTokens; ++t) {
        const Eigen::VectorXd values = Eigen::JacobiSVD<Eigen::MatrixXd>(product(e, t, directionsOf(0))).singularValues(),
                              shares = values.cwiseAbs2() / values.squaredNorm();
        double entropy = 0.0;
        for (const double share : shares) entropy -= share > 0.0 ? share * std::log(share) : 0.0;
        decay += values / values[0] / (2 * kTokens);
        rank += std::exp(entropy) / (2 * kTokens);
        leading += shares[0] / (2 * kTokens);
        largest += values[0] / (2 * kTokens);
      }
    QVERIFY(std::abs(spectrum.effectiveRank - rank) < 1e-3 && std::abs(spectrum.leadingShare - leading) < 1e-5 &&
            std::abs(spectrum.leading / largest - 1.0) < 1e-5);
    QVERIFY((spectrum.decay - decay).cwiseAbs().maxCoeff() < 1e-3);
    QVERIFY(std::isnan(spectra.experts[2].effectiveRank) && spectra.experts[2].jacobians == 0 &&
            spectra.layer.jacobians == 0);  // no gates are known
    for (const double JacobianSpectrum::*number :
         {&JacobianSpectrum::leading, &JacobianSpectrum::effectiveRank, &JacobianSpectrum::leadingShare})
      QVERIFY(std::abs((spectra.experts[0].*number + spectra.experts[1].*number) / 2 / (spectrum.*number) - 1.0) <
              1e-12);  // as many of each
    QVERIFY(((spectra.experts[0].decay + spectra.experts[1].decay) / 2 - spectrum.decay).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY(spectra.experts[0].leading != spectra.experts[1].leading);
  }

  void a_layer_s_jacobian_is_that_of_its_experts_by_their_gates() {
    RowMatrix gates = RowMatrix::Zero(kTokens, kExperts);
    for (int t = 0; t < kTokens; ++t) gates(t, t % kExperts) = 0.5f, gates(t, (t + 1) % kExperts) = 0.25f;
    double largest = 0.0;
    for (int t = 0; t < kTokens; ++t) {
      const Eigen::MatrixXd sum =
          0.5 * product(t % kExperts, t, directionsOf(0)) + 0.25 * product((t + 1) % kExperts, t, directionsOf(0));
      largest += Eigen::JacobiSVD<Eigen::MatrixXd>(sum).singularValues()[0] / kTokens;
    }
    const ExpertsInMemory experts(experts_);
    const JacobianSpectrum spectrum = layerSpectra(experts, tokens_, gates).layer;
    QCOMPARE(spectrum.jacobians, kTokens);
    QVERIFY(std::abs(spectrum.leading / largest - 1.0) < 1e-5);
    // Equal gates: one network of all hidden units.
    ExpertWeights dense = experts_[0];
    for (RowMatrix* half : {&dense.gate, &dense.up}) half->conservativeResize(kExperts * kUnits, kWidth);
    dense.down.conservativeResize(kWidth, kExperts * kUnits);
    for (int e = 0; e < kExperts; ++e) {
      const ExpertWeights& expert = experts_[static_cast<std::size_t>(e)];
      dense.gate.middleRows(e * kUnits, kUnits) = expert.gate;
      dense.up.middleRows(e * kUnits, kUnits) = expert.up;
      dense.down.middleCols(e * kUnits, kUnits) = expert.down / kExperts;
    }
    const JacobianSpectrum whole = layerSpectra(ExpertsInMemory({dense}), tokens_, {}).all,
                           even = layerSpectra(experts, tokens_, RowMatrix::Constant(kTokens, kExperts, 1.0f / kExperts)).layer;
    QVERIFY(std::abs(even.leading / whole.leading - 1.0) < 1e-5 && std::abs(even.effectiveRank - whole.effectiveRank) < 1e-4);
    QVERIFY(std::isnan(layerSpectra(experts, tokens_, RowMatrix::Zero(kTokens, kExperts)).layer.leading));
  }

  void spectra_are_left_out_where_they_would_take_minutes() {
    QCOMPARE(affordableSpectrumTokens(8, 64, 128), kSpectrumTokens);   // the model that a window begins with
    QCOMPARE(affordableSpectrumTokens(64, 64, 128), kSpectrumTokens);
    const int wide = affordableSpectrumTokens(8, 256, 512);
    QVERIFY(wide >= 1 && wide < kSpectrumTokens);
    QCOMPARE(affordableSpectrumTokens(64, 2048, 1408), 0);
    QCOMPARE(affordableSpectrumTokens(256, 7168, 2048), 0);
  }

  void experts_in_memory_are_taken_exactly_however_many_passes_that_needs() {
    const JacobianPlan plan = planJacobiansInMemory(64, 64, 64, 0, std::uint64_t{32} << 20);
    QCOMPARE(plan.probes, 0);
    QVERIFY(plan.passes == 3 && plan.bytes() <= std::uint64_t{32} << 20);
    QCOMPARE(planJacobiansInMemory(64, 512, 64, 0, 1).tokensAtOnce, 1);
    QCOMPARE(planJacobiansInMemory(64, 512, 64, 0, 1).passes, 64);
    QCOMPARE(planJacobiansInMemory(8, 64, 64, 0, std::uint64_t{32} << 20).passes, 1);
  }
};

MOESCOPE_TEST(TestExpertJacobians)
#include "test_expert_jacobians.moc"
