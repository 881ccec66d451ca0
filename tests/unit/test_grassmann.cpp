#include <QTest>
#include <Eigen/LU>
#include <cmath>
#include <numbers>
#include <random>

#include "core/geometry/grassmann.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

Eigen::MatrixXd randomSubspace(int dimension, int rank, std::mt19937& random) {
  std::normal_distribution<double> normal;
  return orthonormalBasis(Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(random); }));
}

/// Two subspaces with exactly these principal angles: cos(theta) e_i + sin(theta) e_(r+i) against e_i.
std::pair<Eigen::MatrixXd, Eigen::MatrixXd> planted(const Eigen::VectorXd& angles) {
  const Eigen::Index r = angles.size();
  Eigen::MatrixXd first = Eigen::MatrixXd::Identity(2 * r, r), second = Eigen::MatrixXd::Zero(2 * r, r);
  for (Eigen::Index i = 0; i < r; ++i) {
    second(i, i) = std::cos(angles[i]);
    second(r + i, i) = std::sin(angles[i]);
  }
  return {first, second};
}

}  // namespace

class TestGrassmann : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void planted_angles_come_back_to_full_accuracy() {
    Eigen::VectorXd angles(5);
    angles << 0.0, 1e-9, 0.3, 1.2, std::numbers::pi / 2;
    const auto [first, second] = planted(angles);
    QVERIFY((principalAngles(first, second) - angles).cwiseAbs().maxCoeff() < 3e-16);
    QVERIFY(std::abs(principalAngles(first, second)[1] / 1e-9 - 1.0) < 1e-12);
  }

  void orthogonal_identical_and_nested_subspaces() {
    const Eigen::MatrixXd space = Eigen::MatrixXd::Identity(6, 6);
    QVERIFY((principalAngles(space.leftCols(2), space.rightCols(3)).array() - std::numbers::pi / 2).abs().maxCoeff() < 1e-15);
    QVERIFY(principalAngles(space.leftCols(3), space.leftCols(3)).maxCoeff() < 1e-15);
    QCOMPARE(principalAngles(space.leftCols(2), space.leftCols(4)).size(), 2);
    QVERIFY(principalAngles(space.leftCols(2), space.leftCols(4)).maxCoeff() < 1e-15);
  }

  void distances_equal_their_matrix_definitions() {
    std::mt19937 random(1);
    for (int trial = 0; trial < 30; ++trial) {
      const Eigen::MatrixXd a = randomSubspace(9, 3, random), b = randomSubspace(9, 3, random);
      const GrassmannDistances d = grassmannDistances(principalAngles(a, b));
      const Eigen::MatrixXd difference = a * a.transpose() - b * b.transpose();
      const double determinant = std::abs((a.transpose() * b).determinant());
      QVERIFY(std::abs(d.chordal - difference.norm() / std::sqrt(2.0)) < 1e-12);
      QVERIFY(std::abs(d.fubiniStudy - std::acos(determinant)) < 1e-12);
      QVERIFY(std::abs(d.binetCauchy - std::sqrt(1 - determinant * determinant)) < 1e-12);
      QVERIFY(std::abs(d.overlap - (a.transpose() * b).squaredNorm() / 3.0) < 1e-12);
    }
  }

  void metrics_are_symmetric_and_obey_the_triangle_inequality() {
    std::mt19937 random(2);
    for (int trial = 0; trial < 100; ++trial) {
      const Eigen::MatrixXd a = randomSubspace(7, 3, random), b = randomSubspace(7, 3, random), c = randomSubspace(7, 3, random);
      const auto ab = grassmannDistances(principalAngles(a, b)), ba = grassmannDistances(principalAngles(b, a));
      const auto bc = grassmannDistances(principalAngles(b, c)), ac = grassmannDistances(principalAngles(a, c));
      QVERIFY(std::abs(ab.geodesic - ba.geodesic) < 1e-13);
      using D = GrassmannDistances;
      for (double D::*metric :
           {&D::geodesic, &D::chordal, &D::projection, &D::procrustes, &D::spectral, &D::fubiniStudy, &D::binetCauchy})
        QVERIFY(ac.*metric <= ab.*metric + bc.*metric + 1e-12);
    }
  }

  void bad_input_is_refused() {
    QVERIFY_EXCEPTION_THROWN(orthonormalBasis(Eigen::MatrixXd::Zero(3, 2)), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(principalAngles(Eigen::MatrixXd::Identity(3, 1), Eigen::MatrixXd::Identity(4, 1)),
                             std::invalid_argument);
  }
};

MOESCOPE_TEST(TestGrassmann)
#include "test_grassmann.moc"
