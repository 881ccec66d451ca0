// Subspaces of expert weights against Eigen's own singular value decomposition.

#include <QTest>
#include <Eigen/SVD>
#include <random>

#include "core/checkpoint/layer_analysis.h"
#include "core/geometry/grassmann.h"

using namespace moescope;

namespace {

/// Singular values 1, 0.8, 0.64, ... so that the top ones stand apart.
GateMatrix decaying(int rows, int columns, unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<float> normal;
  const auto frame = [&](int n, int k) -> Eigen::MatrixXf {
    const Eigen::MatrixXf g = Eigen::MatrixXf::NullaryExpr(n, k, [&] { return normal(dice); });
    return Eigen::HouseholderQR<Eigen::MatrixXf>(g).householderQ() * Eigen::MatrixXf::Identity(n, k);
  };
  const int k = std::min({rows, columns, 40});
  const Eigen::VectorXf values = Eigen::VectorXf::NullaryExpr(k, [](Eigen::Index i) { return std::pow(0.8f, static_cast<float>(i)); });
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
    const GateMatrix matrix = decaying(rows, columns, 3);
    const auto [basis, share] = topRightSubspace(matrix, 6);
    QCOMPARE(static_cast<int>(basis.cols()), 6);
    QVERIFY((basis.transpose() * basis - Eigen::MatrixXd::Identity(6, 6)).norm() < 1e-10);
    const Eigen::JacobiSVD<Eigen::MatrixXd, Eigen::HouseholderQRPreconditioner> svd(matrix.cast<double>(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    QVERIFY(principalAngles(basis, svd.matrixV().leftCols(6)).maxCoeff() < 1e-4);
    QVERIFY(std::abs(share - svd.singularValues().head(6).squaredNorm() / svd.singularValues().squaredNorm()) < 1e-5);
  }

  void rank_is_clamped_to_the_matrix() {
    const auto [basis, share] = topRightSubspace(decaying(5, 30, 4), 16);
    QCOMPARE(static_cast<int>(basis.cols()), 5);
    QVERIFY(std::abs(share - 1.0) < 1e-6);
  }
};

QTEST_APPLESS_MAIN(TestLayerAnalysis)
#include "test_layer_analysis.moc"
