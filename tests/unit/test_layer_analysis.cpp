// Subspaces of expert weights against Eigen's own singular value decomposition.

#include <QTest>
#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <random>

#include "core/checkpoint/layer_analysis.h"
#include "core/geometry/grassmann.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Singular values 1, 0.8, 0.64, ... so that the top ones stand apart.
RowMatrix decaying(int rows, int columns, unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<float> normal;
  const auto frame = [&](int n, int k) -> Eigen::MatrixXf {
    const Eigen::MatrixXf g = Eigen::MatrixXf::NullaryExpr(n, k, [&] { return normal(dice); });
    return Eigen::HouseholderQR<Eigen::MatrixXf>(g).householderQ() * Eigen::MatrixXf::Identity(n, k);
  };
  const int k = std::min({rows, columns, 40});
  const Eigen::VectorXf values =
      Eigen::VectorXf::NullaryExpr(k, [](Eigen::Index i) { return std::pow(0.8f, static_cast<float>(i)); });
  return frame(rows, k) * values.asDiagonal() * frame(columns, k).transpose();
}

}  // namespace

class TestLayerAnalysis : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void top_subspace_equals_the_singular_vectors_data() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::newRow("tall, exact") << 90 << 50;
    QTest::newRow("wide, exact") << 50 << 90;
    QTest::newRow("square, randomised") << 300 << 300;
    QTest::newRow("wide, randomised") << 280 << 500;
  }
  void top_subspace_equals_the_singular_vectors() {
    QFETCH(int, rows);
    QFETCH(int, columns);
    const RowMatrix matrix = decaying(rows, columns, 3);
    const auto [basis, share] = topRightSubspace(matrix, 6, 1);
    QCOMPARE(static_cast<int>(basis.cols()), 6);
    QVERIFY((basis.transpose() * basis - Eigen::MatrixXd::Identity(6, 6)).norm() < 1e-10);
    const Eigen::JacobiSVD<Eigen::MatrixXd, Eigen::HouseholderQRPreconditioner> svd(matrix.cast<double>(),
                                                                                    Eigen::ComputeThinU | Eigen::ComputeThinV);
    QVERIFY(principalAngles(basis, svd.matrixV().leftCols(6)).maxCoeff() < 1e-4);
    QVERIFY(std::abs(share - svd.singularValues().head(6).squaredNorm() / svd.singularValues().squaredNorm()) < 1e-5);
  }

  void rank_is_clamped_to_the_matrix() {
    const auto [basis, share] = topRightSubspace(decaying(5, 30, 4), 16, 1);
    QCOMPARE(static_cast<int>(basis.cols()), 5);
    QVERIFY(std::abs(share - 1.0) < 1e-6);
  }

  /// A flat spectrum, where iterations converge least: the subspaces must still be independent, and near the best ones.
  void independent_random_matrices_have_independent_subspaces() {
    constexpr int rank = 8, count = 8, width = 1024;
    std::mt19937 dice(9);
    std::normal_distribution<float> normal;
    std::vector<Eigen::MatrixXd> bases;
    for (int i = 0; i < count; ++i) {
      const RowMatrix matrix = RowMatrix::NullaryExpr(1100, width, [&] { return normal(dice); });
      const auto [basis, share] = topRightSubspace(matrix, rank, static_cast<unsigned>(i) + 1);
      if (i == 0) {
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> exact(matrix.cast<double>().transpose() * matrix.cast<double>(),
                                                                   Eigen::EigenvaluesOnly);
        const double best = exact.eigenvalues().tail(rank).sum() / exact.eigenvalues().sum();
        QVERIFY2(share <= best + 1e-6 && share > 0.95 * best, qPrintable(QString("%1 of at most %2").arg(share).arg(best)));
      }
      bases.push_back(basis);
    }
    double sum = 0.0;
    for (int a = 0; a < count; ++a)
      for (int b = 0; b < a; ++b)
        sum += (bases[static_cast<std::size_t>(a)].transpose() * bases[static_cast<std::size_t>(b)]).squaredNorm() / rank;
    const double pairs = count * (count - 1) / 2.0, expected = static_cast<double>(rank) / width;
    // One pair deviates by sqrt(2) / width at most: |U'V|_F^2 / r of random subspaces has variance near 2 / width^2.
    QVERIFY2(std::abs(sum / pairs - expected) < 5.0 * std::sqrt(2.0) / width / std::sqrt(pairs),
             qPrintable(QString("%1, expected %2").arg(sum / pairs).arg(expected)));
  }
};

MOESCOPE_TEST(TestLayerAnalysis)
#include "test_layer_analysis.moc"
