// Embeddings recover planted configurations.

#include <Eigen/Dense>
#include <QTest>
#include <random>

#include "core/geometry/embedding.h"
#include "core/geometry/grassmann.h"

using namespace moescope;

namespace {

Eigen::MatrixXd gaussian(int rows, int columns, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal;
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(generator); });
}

Eigen::MatrixXd distancesOf(const Eigen::MatrixXd& points) {
  Eigen::MatrixXd distances(points.rows(), points.rows());
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    for (Eigen::Index j = 0; j < points.rows(); ++j) distances(i, j) = (points.row(i) - points.row(j)).norm();
  return distances;
}

}  // namespace

class TestEmbedding : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void plane_distances_are_recovered_exactly() {
    const Eigen::MatrixXd distances = distancesOf(gaussian(9, 2, 1));
    const PlaneEmbedding embedding = embedDistances(distances, 2);
    QVERIFY(embedding.stress < 1e-10);
    QVERIFY((distancesOf(embedding.points) - distances).cwiseAbs().maxCoeff() < 1e-9);
  }

  void stress_is_that_of_the_points_and_refinement_never_raises_it() {
    const Eigen::MatrixXd distances = distancesOf(gaussian(8, 6, 2));
    const Eigen::MatrixXd start = gaussian(8, 2, 3);
    const PlaneEmbedding embedding = refineEmbedding(distances, start);
    const auto stress = [&](const Eigen::MatrixXd& points) { return (distances - distancesOf(points)).norm() / distances.norm(); };
    QVERIFY(std::abs(embedding.stress - stress(embedding.points)) < 1e-12);
    QVERIFY(embedding.stress < stress(start));
    QVERIFY(embedding.stress > 0.01);  // six dimensions do not fit into two
  }

  void alignment_undoes_a_rotation_and_a_reflection() {
    Eigen::MatrixXd points = gaussian(7, 2, 4);
    points.rowwise() -= points.colwise().mean().eval();
    Eigen::Matrix2d turn;
    turn << std::cos(1.0), std::sin(1.0), std::sin(1.0), -std::cos(1.0);
    QVERIFY((alignTo(points * turn, points) - points).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY((points * turn - points).cwiseAbs().maxCoeff() > 0.5);
  }

  void chordal_distances_agree_with_principal_angles() {
    std::vector<Eigen::MatrixXf> frames;
    std::vector<Eigen::MatrixXd> bases;
    for (unsigned i = 0; i < 5; ++i) {
      bases.push_back(orthonormalBasis(gaussian(12, 3, 10 + i)));
      frames.push_back(bases.back().cast<float>());
    }
    const Eigen::MatrixXd distances = chordalDistances(frames);
    for (int i = 0; i < 5; ++i)
      for (int j = 0; j < i; ++j)
        QVERIFY(std::abs(distances(i, j) - grassmannDistances(principalAngles(bases[i], bases[j])).chordal) < 1e-5);
    QCOMPARE(distances(2, 2), 0.0);
  }

  void bad_distances_are_refused() {
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, embedDistances(Eigen::MatrixXd::Zero(2, 3), 2));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, embedDistances(Eigen::MatrixXd::Constant(2, 2, -1.0), 2));
  }
};

QTEST_APPLESS_MAIN(TestEmbedding)
#include "test_embedding.moc"
