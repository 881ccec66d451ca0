#include <QTest>
#include <Eigen/SVD>
#include <cmath>
#include <numbers>
#include <random>

#include "core/geometry/grassmann.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/geometry/pair_kernels.h"
#include "tests/support/expert_tests.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::alignmentOf, testing::jacobianAt;

namespace {

ExpertWeights randomExpert(int width, int units, std::mt19937& random) {
  std::normal_distribution<float> normal(0.0f, 1.0f / std::sqrt(static_cast<float>(width)));
  const auto matrix = [&](int rows, int columns) {
    return Eigen::MatrixXf(Eigen::MatrixXf::NullaryExpr(rows, columns, [&] { return normal(random); }));
  };
  return {matrix(units, width), matrix(units, width), matrix(width, units), {}, {}, {}, {}};
}

Eigen::MatrixXf randomTokens(int count, int width, std::mt19937& random) {
  std::normal_distribution<float> normal;
  return Eigen::MatrixXf::NullaryExpr(count, width, [&] { return normal(random); });
}

Eigen::MatrixXd randomSubspace(int dimension, int rank, std::mt19937& random) {
  std::normal_distribution<double> normal;
  return orthonormalBasis(Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(random); }));
}

/// The expert again in double precision, written from its definition.
Eigen::VectorXd plainExpert(const ExpertWeights& expert, const Eigen::VectorXd& hidden) {
  Eigen::VectorXd units = expert.gate.cast<double>() * hidden;
  const Eigen::VectorXd up = expert.up.cast<double>() * hidden;
  for (Eigen::Index i = 0; i < units.size(); ++i) units[i] = units[i] / (1.0 + std::exp(-units[i])) * up[i];
  return expert.down.cast<double>() * units;
}

}  // namespace

class TestExpertGeometry : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void all_pairs_equal_the_plain_twin_also_for_different_ranks() {
    std::mt19937 random(1);
    std::vector<Eigen::MatrixXd> bases;
    for (int i = 0; i < 12; ++i) bases.push_back(randomSubspace(40, 3 + i % 4 * 5, random));
    const PairAngles pairs = principalAnglesOfAllPairs(bases, 3);
    for (int i = 0; i < 12; ++i)
      for (int j = 0; j < 12; ++j)
        if (i != j) QVERIFY((pairs.of(i, j) - principalAngles(bases[i], bases[j])).cwiseAbs().maxCoeff() < 2e-14);
  }

  void planted_tiny_and_right_angles_keep_full_accuracy_in_a_turned_space() {
    const std::vector<double> angles = {0.0, 1e-11, 1e-6, 0.4, 1.5, std::numbers::pi / 2 - 1e-9, std::numbers::pi / 2};
    const int r = static_cast<int>(angles.size());
    std::mt19937 random(2);
    Eigen::MatrixXd first = Eigen::MatrixXd::Identity(2 * r, r), second = Eigen::MatrixXd::Zero(2 * r, r);
    for (int i = 0; i < r; ++i) {
      second(i, i) = std::cos(angles[i]);
      second(r + i, i) = std::sin(angles[i]);
    }
    const Eigen::MatrixXd turn = randomSubspace(2 * r, 2 * r, random), mix = randomSubspace(r, r, random);
    const PairAngles pairs = principalAnglesOfAllPairs({turn * first, turn * second * mix, turn * first.leftCols(2)});
    for (int i = 0; i < r; ++i) QVERIFY(std::abs(pairs.of(1, 0)[i] - angles[i]) < 5e-15);
    QVERIFY(pairs.of(0, 2).maxCoeff() < 5e-15);  // nested
    QCOMPARE(pairs.of(0, 2).size(), 2);
  }

  void every_instruction_set_gives_the_singular_values_also_of_hard_matrices() {
    std::mt19937 random(11);
    std::normal_distribution<double> normal;
    for (const PairKernels* kernels : allPairKernels())
      for (const auto& [rows, columns] : {std::pair{1, 1}, {2, 2}, {5, 3}, {16, 16}, {40, 16}, {33, 32}}) {
        std::vector<Eigen::MatrixXd> matrices(kPairLanes);
        for (Eigen::MatrixXd& m : matrices) {
          m = Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(random); });
          m /= m.norm();
        }
        matrices[1].setZero();
        matrices[2] = Eigen::MatrixXd::Identity(rows, columns);
        matrices[3] = matrices[0].col(0) * Eigen::RowVectorXd::LinSpaced(columns, 0.1, 0.2);  // rank 1
        for (int c = 0; c < columns; ++c) matrices[4].col(c) *= std::pow(10.0, -c);           // graded
        matrices[5].row(0).setZero();
        matrices[5].col(columns - 1).setZero();
        matrices[6] = 1e-12 * matrices[0];
        std::vector<double> lanes(static_cast<std::size_t>(rows * columns * kPairLanes)),
            values(static_cast<std::size_t>(columns * kPairLanes));
        for (int i = 0; i < rows * columns; ++i)
          for (int lane = 0; lane < kPairLanes; ++lane)
            lanes[static_cast<std::size_t>(i * kPairLanes + lane)] = matrices[static_cast<std::size_t>(lane)].data()[i];
        QCOMPARE(kernels->singularValues(lanes.data(), rows, columns, values.data()), 0u);
        for (int lane = 0; lane < kPairLanes; ++lane) {
          Eigen::VectorXd ours(columns);
          for (int i = 0; i < columns; ++i) ours[i] = values[static_cast<std::size_t>(i * kPairLanes + lane)];
          std::sort(ours.data(), ours.data() + columns, std::greater<>());
          const Eigen::VectorXd wanted =
              Eigen::JacobiSVD<Eigen::MatrixXd>(matrices[static_cast<std::size_t>(lane)]).singularValues();
          const double error = (ours - wanted).cwiseAbs().maxCoeff();
          QVERIFY2(
              error < 3e-15,
              qPrintable(QString("%1 lane %2 of %3 x %4: %5").arg(kernels->name).arg(lane).arg(rows).arg(columns).arg(error)));
        }
      }
  }

  void equal_orthogonal_and_nested_subspaces_of_many_ranks_have_exact_angles() {
    std::mt19937 random(12);
    const Eigen::MatrixXd space = randomSubspace(128, 128, random);
    std::vector<Eigen::MatrixXd> bases;
    for (int i = 0; i < 7; ++i) bases.push_back(space.middleCols(16 * i, 16) * randomSubspace(16, 16, random));   // orthogonal
    bases.push_back(space.leftCols(16) * randomSubspace(16, 16, random));                                         // equals 0
    bases.push_back(space.middleCols(2, 5));                                                                       // inside 0
    bases.push_back(space.middleCols(8, 16));  // half of 0, half of 1
    const PairAngles pairs = principalAnglesOfAllPairs(bases);
    for (int i = 0; i < 10; ++i)
      for (int j = 0; j < i; ++j)
        QVERIFY((pairs.of(i, j) - principalAngles(bases[static_cast<std::size_t>(i)], bases[static_cast<std::size_t>(j)]))
                    .cwiseAbs()
                    .maxCoeff() < 1e-14);
    constexpr double planted = 5e-14;  // the bases themselves are orthonormal to about 1e-14
    for (int i = 0; i < 7; ++i)
      for (int j = i + 1; j < 7; ++j) QVERIFY((pairs.of(i, j).array() - std::numbers::pi / 2).abs().maxCoeff() < planted);
    QVERIFY(pairs.of(0, 7).maxCoeff() < planted);
    QCOMPARE(pairs.of(8, 0).size(), 5);
    QVERIFY(pairs.of(8, 0).maxCoeff() < planted);
    QVERIFY(pairs.of(9, 1).head(8).maxCoeff() < planted);
    QVERIFY((pairs.of(9, 1).tail(8).array() - std::numbers::pi / 2).abs().maxCoeff() < planted);
  }

  void subspaces_that_cannot_be_compared_are_refused() {
    QVERIFY_EXCEPTION_THROWN(principalAnglesOfAllPairs({Eigen::MatrixXd::Identity(3, 1), Eigen::MatrixXd::Identity(4, 1)}),
                             std::invalid_argument);
    QVERIFY(principalAnglesOfAllPairs({Eigen::MatrixXd::Identity(3, 1)}).angles.empty());
  }

  void jacobian_equals_finite_differences() {
    std::mt19937 random(3);
    const ExpertWeights expert = randomExpert(10, 17, random);
    const Eigen::VectorXf hidden = randomTokens(1, 10, random).row(0).transpose();
    const Eigen::MatrixXf closed = jacobianAt(expert, hidden);
    const double step = 1e-5;
    for (int i = 0; i < 10; ++i) {
      const Eigen::VectorXd shift = step * Eigen::VectorXd::Unit(10, i), at = hidden.cast<double>();
      const Eigen::VectorXd slope = (plainExpert(expert, at + shift) - plainExpert(expert, at - shift)) / (2 * step);
      QVERIFY((closed.col(i).cast<double>() - slope).cwiseAbs().maxCoeff() < 1e-5 * closed.cwiseAbs().maxCoeff());
    }
    QVERIFY((expert(hidden.transpose()).transpose().cast<double>() - plainExpert(expert, hidden.cast<double>())).norm() < 1e-5);
    const Eigen::MatrixXf directions = randomTokens(10, 4, random);
    QVERIFY((jacobianAt(expert, hidden, directions) - closed * directions).norm() < 1e-5f * closed.norm());
  }

  void alignment_is_one_with_itself_and_minus_one_with_the_negated_expert() {
    std::mt19937 random(4);
    ExpertWeights expert = randomExpert(12, 20, random), negated = expert;
    negated.down = -negated.down;
    const std::vector<ExpertWeights> experts = {expert, negated};
    for (const int probes : {0, 32}) {
      const JacobianAlignment alignment = alignmentOf(experts, randomTokens(5, 12, random), probes);
      QVERIFY(std::abs(alignment.mean(0, 0) - 1.0) < 1e-9 && std::abs(alignment.mean(0, 1) + 1.0) < 1e-9);
      QVERIFY(std::abs(alignment.ofAverages(0, 1) + 1.0) < 1e-9);
    }
  }

  void unrelated_experts_spread_as_the_null_model_says() {
    std::mt19937 random(5);
    std::vector<ExpertWeights> experts;
    for (int e = 0; e < 24; ++e) experts.push_back(randomExpert(24, 96, random));
    const JacobianAlignment alignment = alignmentOf(experts, randomTokens(1, 24, random));
    double sum = 0.0;
    for (int i = 0; i < 24; ++i)
      for (int j = 0; j < i; ++j) sum += std::pow(alignment.zScore()(i, j), 2);
    const double deviation = std::sqrt(sum / 276);  // 1 for Gaussian Jacobians; products of matrices spread a little wider
    QVERIFY2(deviation > 0.8 && deviation < 1.8, qPrintable(QString::number(deviation)));
  }

  void independent_jacobians_spread_as_stated_with_random_directions() {
    std::mt19937 random(8);
    std::normal_distribution<double> normal;
    const int d = 20;
    const auto gaussian = [&] { return Eigen::MatrixXd(Eigen::MatrixXd::NullaryExpr(d, d, [&] { return normal(random); })); };
    QCOMPARE(independentDeviation(d, 0), 1.0 / d);
    for (const int probes : {1, 8, 200}) {
      double sum = 0.0;
      for (int i = 0; i < 4000; ++i) {
        const Eigen::MatrixXd directions = Eigen::MatrixXd::NullaryExpr(d, probes, [&] { return random() & 1 ? 1.0 : -1.0; });
        const Eigen::MatrixXd a = gaussian() * directions, b = gaussian() * directions;
        sum += std::pow(a.cwiseProduct(b).sum() / (a.norm() * b.norm()), 2);
      }
      const double measured = std::sqrt(sum / 4000);  // known to 1.1 %
      QVERIFY2(std::abs(measured / independentDeviation(d, probes) - 1.0) < 0.05, qPrintable(QString::number(measured)));
    }
  }

  void hutchinson_comes_near_the_exact_alignment() {
    std::mt19937 random(6);
    std::vector<ExpertWeights> experts = {randomExpert(16, 32, random), randomExpert(16, 32, random)};
    experts[1].down += 1.5f * experts[0].down;
    experts[1].gate = experts[0].gate;
    experts[1].up = experts[0].up;
    const Eigen::MatrixXf tokens = randomTokens(8, 16, random);
    const double exact = alignmentOf(experts, tokens).mean(0, 1);
    QVERIFY(exact > 0.5);
    QVERIFY(std::abs(alignmentOf(experts, tokens, 512).mean(0, 1) - exact) < 0.05);
  }

  void experts_whose_matrices_do_not_fit_are_refused() {
    std::mt19937 random(7);
    QVERIFY_EXCEPTION_THROWN(ExpertsInMemory({}), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(ExpertsInMemory({randomExpert(8, 4, random), randomExpert(9, 4, random)}), std::invalid_argument);
    ExpertWeights bad = randomExpert(8, 4, random);
    bad.down.resize(3, 3);
    QVERIFY_EXCEPTION_THROWN(ExpertsInMemory({bad}), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestExpertGeometry)
#include "test_expert_geometry.moc"
