// The planted task against what its description promises: closed forms, and frequencies within their sampling error.

#include <QTest>
#include <cmath>

#include "core/data/planted_task.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

PlantedShape plain() {
  PlantedShape shape;
  shape.noise = 0.0;
  shape.mean = 0.0;
  return shape;
}

std::string errorOf(const PlantedShape& shape) {
  try {
    PlantedTask task(shape);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

/// Largest |count - expected| over clusters in standard deviations of a binomial count.
double worstDeviation(const std::vector<int>& clusters, const std::vector<double>& shares) {
  std::vector<double> counts(shares.size(), 0.0);
  for (const int cluster : clusters) ++counts[static_cast<std::size_t>(cluster)];
  const double tokens = static_cast<double>(clusters.size());
  double worst = 0.0;
  for (std::size_t c = 0; c < shares.size(); ++c)
    worst = std::max(worst, std::abs(counts[c] - tokens * shares[c]) / std::sqrt(tokens * shares[c] * (1.0 - shares[c])));
  return worst;
}

}  // namespace

class TestPlantedTask : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void subspaces_are_orthonormal_and_differ() {
    const PlantedTask task(PlantedShape{});
    QCOMPARE(task.subspaces().size(), std::size_t(8));
    for (const Eigen::MatrixXd& frame : task.subspaces())
      QVERIFY((frame.transpose() * frame - Eigen::MatrixXd::Identity(3, 3)).norm() < 1e-12);
    double overlap = 0.0;  // E |U'V|^2 / r = r / d = 0.094 for independent subspaces
    for (std::size_t a = 0; a < 8; ++a)
      for (std::size_t b = 0; b < a; ++b)
        overlap += (task.subspaces()[a].transpose() * task.subspaces()[b]).squaredNorm() / 3.0 / 28.0;
    QVERIFY(overlap > 0.05 && overlap < 0.15);
  }
  void tokens_without_noise_lie_in_their_own_subspace_with_length_sqrt_d() {
    const PlantedTask task(plain());
    const PlantedSample sample = task.draw(300, 0);
    for (Eigen::Index t = 0; t < 300; ++t) {
      const Eigen::VectorXd token = sample.tokens.row(t).transpose().cast<double>();
      const Eigen::MatrixXd& frame = task.subspaces()[static_cast<std::size_t>(sample.clusters[static_cast<std::size_t>(t)])];
      QVERIFY(std::abs(token.norm() - std::sqrt(32.0)) < 1e-5);
      QVERIFY((token - frame * (frame.transpose() * token)).norm() < 1e-5);
    }
  }
  void frequencies_follow_zipf_within_sampling_error() {
    const double harmonic = 1.0 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5 + 1.0 / 6 + 1.0 / 7 + 1.0 / 8;
    std::vector<double> shares;
    for (int c = 1; c <= 8; ++c) shares.push_back(1.0 / c / harmonic);
    QVERIFY(worstDeviation(PlantedTask(plain()).draw(20000, 0).clusters, shares) < 4.0);
    QVERIFY(worstDeviation(PlantedTask(plain()).draw(20000, 0).clusters, std::vector<double>(8, 0.125)) > 20.0);
  }
  void uniform_clusters_occur_alike() {
    PlantedShape shape = plain();
    shape.sizes = ClusterSizes::Uniform;
    QVERIFY(worstDeviation(PlantedTask(shape).draw(20000, 0).clusters, std::vector<double>(8, 0.125)) < 4.0);
  }
  void noise_and_shared_part_have_the_lengths_that_the_shape_says() {
    PlantedShape shape;
    shape.noise = 0.5;
    shape.mean = 2.0;
    const PlantedTask task(shape);
    const PlantedSample sample = task.draw(20000, 3);
    const Eigen::VectorXd mean = sample.tokens.cast<double>().colwise().mean().transpose() / std::sqrt(32.0);
    QVERIFY((mean - 2.0 * task.meanDirection()).norm() < 0.05);  // the rest averages to about sqrt(1.25 / 20000) = 0.008
    double outside = 0.0;  // E = 0.25 (d - r) / d
    for (Eigen::Index t = 0; t < 20000; ++t) {
      const Eigen::MatrixXd& frame = task.subspaces()[static_cast<std::size_t>(sample.clusters[static_cast<std::size_t>(t)])];
      const Eigen::VectorXd own = sample.tokens.row(t).transpose().cast<double>() / std::sqrt(32.0) - 2.0 * task.meanDirection();
      outside += (own - frame * (frame.transpose() * own)).squaredNorm() / 20000.0;
    }
    QVERIFY(std::abs(outside - 0.25 * 29.0 / 32.0) < 0.005);
  }
  void same_seed_same_data_and_other_streams_or_seeds_differ() {
    PlantedShape other;
    other.seed = 2;
    const PlantedSample first = PlantedTask(PlantedShape{}).draw(64, 5), again = PlantedTask(PlantedShape{}).draw(64, 5);
    QVERIFY(first.tokens == again.tokens && first.targets == again.targets && first.clusters == again.clusters);
    QVERIFY((first.tokens - PlantedTask(PlantedShape{}).draw(64, 6).tokens).cwiseAbs().minCoeff() > 0.0f);
    QVERIFY((first.tokens - PlantedTask(other).draw(64, 5).tokens).cwiseAbs().minCoeff() > 0.0f);
  }
  void targets_depend_on_the_cluster_alone_and_have_mean_square_one() {
    PlantedShape shape = plain();
    shape.rank = 1;  // then a cluster without noise has two tokens, up to rounding, and two targets
    const PlantedSample sample = PlantedTask(shape).draw(500, 0);
    for (Eigen::Index a = 0; a < 500; ++a)
      for (Eigen::Index b = 0; b < a; ++b)
        if ((sample.tokens.row(a) - sample.tokens.row(b)).norm() < 1e-4f)
          QVERIFY((sample.targets.row(a) - sample.targets.row(b)).norm() < 1e-3f);
    double square = 0.0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      shape = PlantedShape{};
      shape.seed = seed;
      square += PlantedTask(shape).draw(200, 0).targets.squaredNorm() / 200.0 / 32.0 / 40.0;
    }
    QVERIFY(std::abs(square - 1.0) < 0.05);
  }
  void clusters_have_maps_of_their_own() {
    PlantedShape shape;  // d = r = 1: every cluster's subspace is the same line, so only the maps differ
    shape.dimension = shape.rank = 1;
    shape.noise = shape.mean = 0.0;
    const PlantedSample sample = PlantedTask(shape).draw(400, 0);
    std::vector<float> target(8, NAN);
    for (Eigen::Index t = 0; t < 400; ++t)
      if (sample.tokens(t, 0) > 0.0f)
        target[static_cast<std::size_t>(sample.clusters[static_cast<std::size_t>(t)])] = sample.targets(t, 0);
    for (std::size_t a = 0; a < 8; ++a)
      for (std::size_t b = 0; b < a; ++b) QVERIFY(std::abs(target[a] - target[b]) > 1e-6f);
  }
  void numbers_out_of_range_are_named() {
    PlantedShape shape;
    shape.rank = 33;
    QCOMPARE(errorOf(shape), std::string("planted task: rank is 33; expected 1 to 32"));
    shape = PlantedShape{};
    shape.noise = -1.0;
    QCOMPARE(errorOf(shape), std::string("planted task: noise is -1; expected a finite number of at least 0"));
  }
};

MOESCOPE_TEST(TestPlantedTask)
#include "test_planted_task.moc"
