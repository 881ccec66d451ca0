// The 3-D picture of two subspaces against principal vectors that are computed here, in R^d.

#include <QTest>

#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <random>

#include "tests/support/test_class.h"
#include "views/principal_fan.h"

using namespace moescope;

namespace {

constexpr double kRight = std::numbers::pi / 2;

/// Principal vectors (columns) of two random subspaces of R^d, by the singular value decomposition of U'V.
struct Principal {
  Eigen::MatrixXd u, v;
  Eigen::VectorXd angles;
};
Principal randomPair(int dimension, int rank, unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<double> normal;
  const auto basis = [&]() -> Eigen::MatrixXd {
    const Eigen::MatrixXd columns = Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(dice); });
    return Eigen::HouseholderQR<Eigen::MatrixXd>(columns).householderQ() * Eigen::MatrixXd::Identity(dimension, rank);
  };
  const Eigen::MatrixXd first = basis(), second = basis();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(first.transpose() * second, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {first * svd.matrixU(), second * svd.matrixV(), svd.singularValues().array().min(1.0).acos()};
}

double angleBetween(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return std::atan2((a * b.norm() - b * a.norm()).norm(), (a * b.norm() + b * a.norm()).norm()) * 2.0;
}

}  // namespace

class TestPrincipalFan : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void drawn_principal_vectors_stand_at_the_angle_that_the_subspaces_have() {
    for (const int rank : {1, 2, 5}) {
      const Principal pair = randomPair(12, rank, 11 + static_cast<unsigned>(rank));
      const PrincipalFan fan = principalFan(pair.angles);
      for (int i = 0; i < rank; ++i) {
        QVERIFY(std::abs(fan.first.col(i).norm() - 1.0) < 1e-12 && std::abs(fan.second.col(i).norm() - 1.0) < 1e-12);
        QVERIFY(std::abs(angleBetween(fan.first.col(i), fan.second.col(i)) - angleBetween(pair.u.col(i), pair.v.col(i))) < 1e-9);
      }
    }
  }

  void every_vector_of_a_principal_plane_keeps_its_length() {
    const Principal pair = randomPair(9, 3, 4);
    const PrincipalFan fan = principalFan(pair.angles);
    for (int i = 0; i < 3; ++i)
      for (const double share : {-1.7, -0.4, 0.3, 2.5}) {
        const Eigen::VectorXd there = pair.u.col(i) + share * pair.v.col(i);
        const Eigen::Vector3d here = fan.first.col(i) + share * fan.second.col(i);
        QVERIFY(std::abs(there.norm() - here.norm()) < 1e-9);
      }
  }

  void planes_that_meet_in_a_line_are_drawn_exactly() {
    Eigen::MatrixXd u = Eigen::MatrixXd::Zero(5, 2), v = u;  // a common first axis, 0.7 radians about it
    u(0, 0) = u(1, 1) = v(0, 0) = 1.0;
    v(1, 1) = std::cos(0.7);
    v(3, 1) = std::sin(0.7);
    const PrincipalFan fan = principalFan(Eigen::Vector2d(0.0, 0.7));
    Eigen::MatrixXd there(5, 4), here(3, 4);
    there << u, v;
    here << fan.first, fan.second;
    QVERIFY((there.transpose() * there - here.transpose() * here).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY(std::abs(fan.drawnRightAngle - kRight) < 1e-12);
  }

  void the_right_angle_that_is_not_kept_is_told() {
    const PrincipalFan fan = principalFan(Eigen::Vector3d(0.5, 0.9, 1.3));
    QVERIFY(std::abs(fan.drawnRightAngle - angleBetween(fan.first.col(0), fan.first.col(2))) < 1e-9);
    QVERIFY(std::abs(fan.drawnRightAngle - angleBetween(fan.second.col(0), fan.second.col(2))) < 1e-9);
    QVERIFY(std::abs(principalFan(Eigen::Vector2d(kRight, kRight)).drawnRightAngle - std::numbers::pi / 3) <
            1e-9);  // the worst there is
  }

  void an_arc_goes_from_one_vector_to_the_other_at_even_speed_on_the_unit_circle() {
    const PrincipalFan fan = principalFan(Eigen::Vector3d(0.2, 0.6, 1.4));
    for (int i = 0; i < 3; ++i) {
      const auto arc = fan.arc(i, 7);
      QCOMPARE(arc.size(), std::size_t(8));
      QVERIFY((arc.front() - fan.first.col(i)).norm() < 1e-12 && (arc.back() - fan.second.col(i)).norm() < 1e-12);
      for (std::size_t k = 1; k < arc.size(); ++k) QVERIFY(std::abs(angleBetween(arc[k - 1], arc[k]) - fan.angles[i] / 7) < 1e-9);
    }
  }

  void a_rim_goes_through_the_vectors_that_span_it_and_angles_are_checked() {
    const PrincipalFan fan = principalFan(Eigen::Vector2d(0.4, 1.0));
    const auto rim = rimOf(fan.first, 8);
    QVERIFY((rim[0] - fan.first.col(0)).norm() < 1e-12 && (rim[2] - fan.first.col(1)).norm() < 1e-12 &&
            (rim[8] - rim[0]).norm() < 1e-12);
    QCOMPARE(rimOf(fan.first.leftCols(1), 8).size(), std::size_t(2));
    QVERIFY_EXCEPTION_THROWN(principalFan(Eigen::VectorXd()), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(principalFan(Eigen::VectorXd::Constant(1, 1.7)), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(principalFan(Eigen::VectorXd::Constant(1, NAN)), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestPrincipalFan)
#include "test_principal_fan.moc"
