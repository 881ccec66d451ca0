// Embeddings recover planted configurations.

#include <Eigen/Dense>
#include <QTest>
#include <random>

#include "core/geometry/embedding.h"
#include "core/geometry/grassmann.h"
#include "tests/support/test_class.h"

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
    const auto stress = [&](const Eigen::MatrixXd& points) {
      return (distances - distancesOf(points)).norm() / distances.norm();
    };
    QVERIFY(std::abs(embedding.stress - stress(embedding.points)) < 1e-12);
    QVERIFY(embedding.stress < stress(start));
    QVERIFY(embedding.stress > 0.01);  // six dimensions do not fit into two
  }

  void classical_scaling_alone_recovers_a_plane_and_a_space() {
    for (int dimensions : {2, 3}) {
      const Eigen::MatrixXd distances = distancesOf(gaussian(12, dimensions, 5));
      QVERIFY((distancesOf(classicalEmbedding(distances, dimensions).points) - distances).cwiseAbs().maxCoeff() < 1e-12);
    }
    QVERIFY(classicalEmbedding(distancesOf(gaussian(12, 5, 6)), 2).stress > 0.05);
  }

  void smacof_lowers_the_squared_error_from_wherever_it_starts() {
    const Eigen::MatrixXd distances = distancesOf(gaussian(15, 7, 7));
    const auto error = [&](const Eigen::MatrixXd& points) { return (distances - distancesOf(points)).squaredNorm(); };
    for (int seed = 8; seed < 28; ++seed) {
      const Eigen::MatrixXd start = gaussian(15, 2, seed);
      const Eigen::MatrixXd once = refineEmbedding(distances, start).points;
      QVERIFY(error(once) < 0.5 * error(start));
      QVERIFY(error(refineEmbedding(distances, once).points) <= error(once) * (1.0 + 1e-12));
    }
  }

  void diffusion_map_of_a_ring_is_a_ring() {
    const int n = 24;
    Eigen::MatrixXd ring(n, 2);
    for (int i = 0; i < n; ++i) ring.row(i) << std::cos(2 * M_PI * i / n), std::sin(2 * M_PI * i / n);
    const DiffusionMap map = diffusionMap(distancesOf(ring), 2);
    QVERIFY((distancesOf(map.plane.points) - distancesOf(ring)).cwiseAbs().maxCoeff() < 1e-10);
    QVERIFY(map.plane.stress < 1e-10);
    QVERIFY(std::abs(map.eigenvalues[1] - map.eigenvalues[2]) < 1e-12);
  }

  void diffusion_axes_are_eigenvectors_of_the_markov_matrix() {
    const Eigen::MatrixXd distances = distancesOf(gaussian(10, 4, 9));
    const DiffusionMap map = diffusionMap(distances, 2);
    Eigen::MatrixXd markov = (-(distances.array() / map.bandwidth).square()).exp();
    for (int i = 0; i < 10; ++i) markov.row(i) /= markov.row(i).sum();
    Eigen::VectorXd direct = Eigen::EigenSolver<Eigen::MatrixXd>(markov, false).eigenvalues().real();
    std::sort(direct.data(), direct.data() + 10, std::greater<>());
    QVERIFY((direct - map.eigenvalues).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY(std::abs(map.eigenvalues[0] - 1.0) < 1e-12);
    for (int k = 0; k < 2; ++k) {  // up to the shift to the mean, which the constant first eigenvector takes up
      const Eigen::VectorXd axis = map.plane.points.col(k);
      const Eigen::VectorXd rest = markov * axis - map.eigenvalues[k + 1] * axis;
      QVERIFY((rest.array() - rest.mean()).abs().maxCoeff() < 1e-12 * (1.0 + axis.norm()));
    }
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, diffusionMap(distances, 10));
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

MOESCOPE_TEST(TestEmbedding)
#include "test_embedding.moc"
