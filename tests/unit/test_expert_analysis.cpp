// Principal subspaces, coupling and the analysis of one layer's experts, on planted data and against direct formulas.

#include <QTest>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <cmath>
#include <random>

#include "core/geometry/coupling.h"
#include "core/geometry/expert_analysis.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/principal_subspaces.h"
#include "tests/support/expert_tests.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::inMemory;

namespace {

std::mt19937 gDice(1);

Eigen::MatrixXd gaussian(int rows, int columns) {
  std::normal_distribution<double> normal;
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(gDice); });
}

Eigen::MatrixXd frame(int rows, int columns) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(gaussian(rows, columns)).householderQ() * Eigen::MatrixXd::Identity(rows, columns);
}

/// N experts with random weights; tokens of expert e lie in its own planted plane around a common mean.
struct Planted {
  int width = 24, experts = 4, perExpert = 200, rank = 3;
  std::vector<ExpertWeights> weights;
  AnalysisInput input;
  std::vector<Eigen::MatrixXd> planes;
  Planted() {
    const int tokens = experts * perExpert;
    input.tokens.resize(tokens, width);
    input.scores = RowMatrix::Zero(tokens, experts);
    input.gates = RowMatrix::Zero(tokens, experts);
    input.routerRows = gaussian(experts, width).cast<float>();
    const Eigen::VectorXd mean = 3.0 * gaussian(width, 1);
    for (int e = 0; e < experts; ++e) {
      planes.push_back(frame(width, rank));
      weights.push_back({gaussian(40, width).cast<float>(),
                         gaussian(40, width).cast<float>(),
                         gaussian(width, 40).cast<float>(),
                         {},
                         {},
                         {},
                         {}});
      for (int i = 0; i < perExpert; ++i) {
        const int t = e * perExpert + i;
        input.tokens.row(t) = (mean + planes.back() * gaussian(rank, 1) + 1e-3 * gaussian(width, 1)).cast<float>().transpose();
        input.gates(t, e) = 0.7f;
        input.scores.row(t) = input.tokens.row(t) * input.routerRows.transpose();
      }
    }
    input.experts = inMemory(weights);
  }
};

}  // namespace

class TestExpertAnalysis : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { gDice.seed(11); }

  void planted_subspaces_are_found_around_a_common_mean() {
    const Planted planted;
    AnalysisSettings settings;
    settings.rank = planted.rank;
    const ExpertAnalysis analysis = analyse(planted.input, settings);
    QCOMPARE(static_cast<int>(analysis.withSubspace.size()), planted.experts);
    for (int e = 0; e < planted.experts; ++e) {
      QCOMPARE(analysis.routed[e], planted.perExpert);
      QVERIFY(principalAngles(analysis.subspaces[static_cast<std::size_t>(e)], planted.planes[static_cast<std::size_t>(e)])
                  .maxCoeff() < 1e-2);
      QVERIFY(analysis.explained[static_cast<std::size_t>(e)].head(planted.rank).sum() > 0.999);
      QVERIFY(analysis.effectiveRank[e] > 2.0 && analysis.effectiveRank[e] < 3.05);
    }
    const Eigen::VectorXd angles = principalAngles(planted.planes[0], planted.planes[2]);
    QVERIFY(std::abs(analysis.overlap(0, 2) - angles.array().cos().square().mean()) < 1e-2);
    QCOMPARE(analysis.overlap(1, 1), 1.0);
  }

  void explained_variance_chooses_the_rank() {
    const Planted planted;
    AnalysisSettings settings;
    settings.explainedVariance = 0.99;
    const ExpertAnalysis analysis = analyse(planted.input, settings);
    for (const Eigen::MatrixXd& basis : analysis.subspaces) QCOMPARE(static_cast<int>(basis.cols()), planted.rank);
    QVERIFY(std::abs(analysis.nullOverlap - 3.0 / 24.0) < 1e-12);
  }

  void random_subspaces_overlap_as_the_null_model_says() {
    const int width = 20, rank = 4, count = 40;
    AnalysisInput input;
    input.tokens.resize(count * 200, width);
    input.gates = RowMatrix::Zero(count * 200, count);
    for (int e = 0; e < count; ++e) {
      const Eigen::MatrixXd plane = frame(width, rank);
      for (int i = 0; i < 200; ++i) {
        input.tokens.row(e * 200 + i) = (plane * gaussian(rank, 1)).cast<float>().transpose();
        input.gates(e * 200 + i, e) = 1.0f;
      }
    }
    const ExpertAnalysis analysis = analyse(input, {});
    double sum = 0.0, squares = 0.0;
    const int pairs = count * (count - 1) / 2;
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b) {
        sum += analysis.overlap(a, b);
        squares += std::pow(analysis.overlap(a, b) - analysis.nullOverlap, 2);
      }
    QVERIFY(std::abs(sum / pairs - analysis.nullOverlap) < 4.0 * analysis.nullOverlapDeviation / std::sqrt(pairs));
    QVERIFY(std::abs(std::sqrt(squares / pairs) / analysis.nullOverlapDeviation - 1.0) < 0.15);
  }

  void experts_without_tokens_are_named_not_guessed() {
    Planted planted;
    planted.input.gates.col(2).setZero();
    planted.input.gates.col(3).setZero();
    planted.input.gates(5, 3) = 1.0f;  // one token spans nothing
    const ExpertAnalysis analysis = analyse(planted.input, {});
    QCOMPARE(analysis.withSubspace, (std::vector<int>{0, 1}));
    QCOMPARE(static_cast<int>(analysis.subspaces[2].cols()), 0);
    QVERIFY(std::isnan(analysis.overlap(0, 2)) && std::isnan(analysis.overlap(3, 3)));
    QVERIFY(std::isnan(analysis.routedAlignment(2, 0)) && !std::isnan(analysis.routedAlignment(3, 0)));
    QVERIFY(std::isnan(analysis.scoreActivation[2].pearson) && std::isnan(analysis.scoreActivation[3].pearson));
    QVERIFY(!std::isnan(meanOffDiagonal(analysis.overlap)));
  }

  /// The definition, by singular value decompositions of the weighted, centred tokens, apart from the code that is tested.
  void overlap_of_experts_with_few_tokens_is_left_out_and_the_rest_is_the_definition() {
    constexpr int tokens = 60, width = 10, experts = 5, rank = 4;
    AnalysisInput input;
    input.tokens = gaussian(tokens, width).cast<float>();
    input.gates = RowMatrix::Zero(tokens, experts);
    const int counts[experts] = {20, 3, 12, 5, 4};  // five tokens span four directions when centred, four do not
    for (int e = 0, t = 0; e < experts; ++e)
      for (int i = 0; i < counts[e]; ++i, ++t) input.gates(t, e) = 0.2f + 0.1f * static_cast<float>(t % 7);
    AnalysisSettings settings;
    settings.rank = rank;
    const ExpertAnalysis analysis = analyse(input, settings);
    QCOMPARE(analysis.withSubspace, (std::vector<int>{0, 2, 3}));
    QCOMPARE(analysis.leftOut, (std::vector<int>{1, 4}));
    QVERIFY(QString::fromStdString(analysis.overlapInWords()).contains("2 of 5 experts left out"));
    const auto basis = [&](int e) -> Eigen::MatrixXd {
      std::vector<Eigen::RowVectorXd> rows;
      std::vector<double> weights;
      Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(width);
      double total = 0.0;
      for (int t = 0; t < tokens; ++t)
        if (const double weight = input.gates(t, e); weight > 0.0) {
          rows.push_back(input.tokens.row(t).cast<double>());
          weights.push_back(weight);
          mean += weight * rows.back();
          total += weight;
        }
      Eigen::MatrixXd centred(static_cast<Eigen::Index>(rows.size()), width);
      for (std::size_t i = 0; i < rows.size(); ++i)
        centred.row(static_cast<Eigen::Index>(i)) = std::sqrt(weights[i]) * (rows[i] - mean / total);
      return Eigen::JacobiSVD<Eigen::MatrixXd, Eigen::FullPivHouseholderQRPreconditioner>(centred, Eigen::ComputeFullV)
          .matrixV()
          .leftCols(rank);
    };
    double sum = 0.0;
    for (const auto& [a, b] : {std::pair{0, 2}, std::pair{0, 3}, std::pair{2, 3}}) {
      const double overlap = (basis(a).transpose() * basis(b)).squaredNorm() / rank;
      QVERIFY(std::abs(analysis.overlap(a, b) - overlap) < 1e-6);
      sum += overlap / 3.0;
    }
    const PairMean mean = analysis.meanOverlap();
    QCOMPARE(mean.pairs, 3);
    QVERIFY(std::abs(mean.value - sum) < 1e-6);
    QVERIFY(std::abs(analysis.nullOverlap - static_cast<double>(rank) / width) < 1e-12);
  }

  void equal_experts_have_equal_jacobians() {
    Planted planted;
    planted.weights[1] = planted.weights[0];
    planted.input.experts = inMemory(planted.weights);
    const ExpertAnalysis analysis = analyse(planted.input, {});
    QVERIFY(std::abs(analysis.shared.mean(0, 1) - 1.0) < 1e-5);
    QVERIFY(std::abs(analysis.shared.mean(0, 2)) < 0.2);
    QVERIFY(std::abs(analysis.shared.nullDeviation - 1.0 / 24.0) < 1e-12);
    QVERIFY(std::abs(analysis.routedAlignment(0, 2)) < 0.5);
    QCOMPARE(analysis.routedAlignment(0, 0), 1.0);
  }

  void coupling_equals_the_direct_loop_and_finds_matched_pairs() {
    Planted planted;
    AnalysisInput& input = planted.input;
    for (int e = 0; e < planted.experts; ++e)  // every row of expert e along its own router direction, with a little noise
      for (Eigen::Index n = 0; n < 40; ++n)
        planted.weights[static_cast<std::size_t>(e)].gate.row(n) = (n % 2 ? 1.0f : -2.0f) * input.routerRows.row(e);
    input.routerGradient = input.routerRows;
    for (const ExpertWeights& expert : planted.weights) input.gateGradients.push_back(expert.gate);
    input.experts = inMemory(planted.weights);
    const ExpertAnalysis analysis = analyse(input, {});
    for (int i = 0; i < planted.experts; ++i)
      for (int j = 0; j < planted.experts; ++j) {
        double sum = 0.0;
        for (Eigen::Index n = 0; n < 40; ++n) {
          const Eigen::VectorXf row = planted.weights[static_cast<std::size_t>(j)].gate.row(n), router = input.routerRows.row(i);
          sum += std::abs(row.dot(router)) / (row.norm() * router.norm());
        }
        QVERIFY(std::abs(analysis.coupling.weights(i, j) - sum / 40) < 1e-5);
      }
    QVERIFY(std::abs(analysis.coupling.weights(1, 1) - 1.0) < 1e-5);
    QVERIFY(Coupling::contrast(analysis.coupling.weights) > 0.5);
    QVERIFY(analysis.coupling.gradients.isApprox(analysis.coupling.weights));
    QCOMPARE(static_cast<int>(analysis.coupling.movements.size()), 0);
    QVERIFY(std::isnan(Coupling::contrast(analysis.coupling.movements)));
    QVERIFY(std::abs(analysis.routerSimilarity(2, 2) - 1.0) < 1e-6);
  }

  void random_directions_have_the_null_cosine() {
    const RowMatrix routers = gaussian(30, 64).cast<float>();
    const RowMatrix rows = gaussian(2000, 64).cast<float>();
    QVERIFY(std::abs(meanAbsoluteCosines(routers, rows).mean() / meanAbsoluteCosineOfRandom(64) - 1.0) < 0.02);
  }

  void correlations_of_small_examples() {
    const Eigen::VectorXd x = (Eigen::VectorXd(5) << 1, 2, 3, 4, 5).finished(),
                          y = (Eigen::VectorXd(5) << 2, 1, 4, 3, 5).finished();
    QVERIFY(std::abs(pearsonCorrelation(x, y) - 0.8) < 1e-12);
    const Eigen::VectorXd curved = x.array().exp();
    QVERIFY(std::abs(spearmanCorrelation(x, curved) - 1.0) < 1e-12);
    QVERIFY(pearsonCorrelation(x, curved) < 0.95);
    // ranks of the tied values 10, 10 are 1.5 each: Spearman of (1,2,3,4,5) with them is 9.5 / sqrt(10 * 9.5)
    const Eigen::VectorXd tied = (Eigen::VectorXd(5) << 10, 10, 20, 30, 40).finished();
    QVERIFY(std::abs(spearmanCorrelation(x, tied) - 9.5 / std::sqrt(95.0)) < 1e-12);
    QVERIFY(std::isnan(pearsonCorrelation(x, Eigen::VectorXd::Constant(5, 2.0))));
    QVERIFY(std::isnan(pearsonCorrelation(x.head(2), y.head(2))));
  }

  void scores_that_drive_activation_correlate() {
    Planted planted;
    AnalysisInput& input = planted.input;
    for (Eigen::Index t = 0; t < input.tokens.rows(); ++t) {
      const Eigen::VectorXf h = input.tokens.row(t).transpose();
      const Eigen::ArrayXf a = (planted.weights[0].gate * h).array(), u = (planted.weights[0].up * h).array();
      input.scores(t, 0) = 5.0f * (a * a.logistic() * u).matrix().norm() - 2.0f;
    }
    const ExpertAnalysis analysis = analyse(input, {});
    QVERIFY(analysis.scoreActivation[0].pearson > 0.9999);
    QVERIFY(analysis.scoreActivation[0].spearman > 0.9999);
    QCOMPARE(static_cast<int>(analysis.scoreActivation[0].tokens.size()), planted.perExpert);
  }

  void weights_alone_are_enough_for_the_router_part() {
    Planted planted;
    AnalysisInput input;
    input.experts = planted.input.experts;
    input.routerRows = planted.input.routerRows;
    const ExpertAnalysis analysis = analyse(input, {});
    QCOMPARE(static_cast<int>(analysis.coupling.weights.rows()), 4);
    QCOMPARE(static_cast<int>(analysis.shared.mean.size()), 0);
    QVERIFY(analysis.withSubspace.empty());
  }

  void arrays_that_disagree_are_refused() {
    QVERIFY_EXCEPTION_THROWN(analyse({}, {}), std::invalid_argument);
    Planted planted;
    AnalysisInput bad = planted.input;
    bad.gates.conservativeResize(10, Eigen::NoChange);
    QVERIFY_EXCEPTION_THROWN(analyse(bad, {}), std::invalid_argument);
    bad = planted.input;
    bad.routerRows.conservativeResize(Eigen::NoChange, 5);
    QVERIFY_EXCEPTION_THROWN(analyse(bad, {}), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestExpertAnalysis)
#include "test_expert_analysis.moc"
