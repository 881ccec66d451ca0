#include "core/geometry/embedding.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "core/geometry/decompositions.h"

namespace moescope {
namespace {

Eigen::MatrixXd distancesBetween(const Eigen::MatrixXd& points) {
  const Eigen::Index n = points.rows();
  Eigen::MatrixXd distances(n, n);
  for (Eigen::Index i = 0; i < n; ++i) distances.col(i) = (points.rowwise() - points.row(i)).rowwise().norm();
  return distances;
}

double stressOf(const Eigen::MatrixXd& wanted, const Eigen::MatrixXd& points) {
  const double total = wanted.squaredNorm();
  return total > 0.0 ? std::sqrt((wanted - distancesBetween(points)).squaredNorm() / total) : 0.0;
}

Eigen::MatrixXd classicalScaling(const Eigen::MatrixXd& distances, int dimensions) {
  const Eigen::Index n = distances.rows();
  const Eigen::MatrixXd squared = distances.array().square();
  const Eigen::VectorXd rowMean = squared.rowwise().mean();
  const Eigen::MatrixXd gram =
      -0.5 * ((squared.colwise() - rowMean).rowwise() - rowMean.transpose() + Eigen::MatrixXd::Constant(n, n, squared.mean()));
  const SymmetricEigen<Eigen::MatrixXd> axes = symmetricEigen(gram);
  Eigen::MatrixXd points = Eigen::MatrixXd::Zero(n, dimensions);
  for (int d = 0; d < std::min<Eigen::Index>(dimensions, n); ++d) {
    const Eigen::Index leading = n - 1 - d;
    points.col(d) = axes.vectors.col(leading) * std::sqrt(std::max(0.0, axes.values[leading]));
  }
  return points;
}

Eigen::MatrixXd guttman(const Eigen::MatrixXd& wanted, const Eigen::MatrixXd& points) {
  const Eigen::Index n = points.rows();
  const Eigen::MatrixXd now = distancesBetween(points);
  Eigen::MatrixXd b = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      if (i != j && now(i, j) > 1e-12) b(i, j) = -wanted(i, j) / now(i, j);
  b.diagonal() = -b.rowwise().sum();
  return b * points / static_cast<double>(n);
}

void requireDistances(const Eigen::MatrixXd& distances) {
  if (distances.rows() != distances.cols() || distances.rows() == 0)
    throw std::invalid_argument("distances must be a square matrix");
  if (!distances.allFinite() || distances.minCoeff() < 0.0)
    throw std::invalid_argument("distances must be finite and at least 0");
}

double medianDistance(const Eigen::MatrixXd& distances) {
  std::vector<double> upper;
  for (Eigen::Index j = 1; j < distances.cols(); ++j)
    for (Eigen::Index i = 0; i < j; ++i) upper.push_back(distances(i, j));
  const auto middle = upper.begin() + static_cast<std::ptrdiff_t>(upper.size() / 2);
  std::nth_element(upper.begin(), middle, upper.end());
  return *middle;
}

/// Scaled by the factor that brings their distances nearest to the wanted ones.
PlaneEmbedding scaledTo(const Eigen::MatrixXd& wanted, Eigen::MatrixXd points) {
  const Eigen::MatrixXd now = distancesBetween(points);
  const double squares = now.squaredNorm();
  if (squares > 0.0) points *= now.cwiseProduct(wanted).sum() / squares;
  return {points, stressOf(wanted, points)};
}

}  // namespace

PlaneEmbedding classicalEmbedding(const Eigen::MatrixXd& distances, int dimensions) {
  requireDistances(distances);
  if (dimensions < 1) throw std::invalid_argument("an embedding needs at least one dimension");
  const Eigen::MatrixXd points = classicalScaling(distances, dimensions);
  return {points, stressOf(distances, points)};
}

DiffusionMap diffusionMap(const Eigen::MatrixXd& distances, int dimensions) {
  requireDistances(distances);
  const Eigen::Index n = distances.rows();
  if (dimensions < 1 || n < dimensions + 1) throw std::invalid_argument("a diffusion map needs more points than dimensions");
  DiffusionMap map;
  map.bandwidth = medianDistance(distances);
  const double scale = map.bandwidth > 0.0 ? map.bandwidth : 1.0;
  const Eigen::MatrixXd kernel = (-(distances.array() / scale).square()).exp();
  const Eigen::VectorXd root = kernel.rowwise().sum().cwiseSqrt().cwiseInverse();
  // D^-1/2 K D^-1/2 is symmetric and has the eigenvalues of the Markov matrix D^-1 K; its eigenvectors times D^-1/2 are psi.
  const SymmetricEigen<Eigen::MatrixXd> axes = symmetricEigen(Eigen::MatrixXd(root.asDiagonal() * kernel * root.asDiagonal()));
  map.eigenvalues = axes.values.reverse();
  Eigen::MatrixXd points(n, dimensions);
  for (int k = 0; k < dimensions; ++k) points.col(k) = map.eigenvalues[k + 1] * root.cwiseProduct(axes.vectors.col(n - 2 - k));
  points.rowwise() -= points.colwise().mean().eval();
  map.plane = scaledTo(distances, points);
  return map;
}

PlaneEmbedding refineEmbedding(const Eigen::MatrixXd& distances, const Eigen::MatrixXd& start) {
  requireDistances(distances);
  if (start.rows() != distances.rows() || start.cols() < 1)
    throw std::invalid_argument("the start must have one point for each row of distances");
  PlaneEmbedding embedding{start, stressOf(distances, start)};
  for (int sweep = 0; sweep < 200; ++sweep) {
    const Eigen::MatrixXd next = guttman(distances, embedding.points);
    const double stress = stressOf(distances, next), gain = embedding.stress - stress;
    if (gain > 0.0) embedding = {next, stress};
    if (gain < 1e-6) break;
  }
  embedding.points.rowwise() -= embedding.points.colwise().mean().eval();
  return embedding;
}

PlaneEmbedding embedDistances(const Eigen::MatrixXd& distances, int dimensions) {
  requireDistances(distances);
  if (dimensions < 1) throw std::invalid_argument("an embedding needs at least one dimension");
  return refineEmbedding(distances, classicalScaling(distances, dimensions));
}

Eigen::MatrixXd alignTo(const Eigen::MatrixXd& points, const Eigen::MatrixXd& reference) {
  if (points.rows() != reference.rows() || points.cols() != reference.cols())
    throw std::invalid_argument("alignment needs two sets of equally many points");
  const SingularValues svd = singularValueDecomposition(points.transpose() * reference);
  return points * svd.left * svd.right.transpose();
}

Eigen::MatrixXd chordalDistances(const std::vector<Eigen::MatrixXf>& frames) {
  const auto n = static_cast<Eigen::Index>(frames.size());
  Eigen::MatrixXd distances = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < i; ++j) {
      const auto &a = frames[static_cast<std::size_t>(i)], &b = frames[static_cast<std::size_t>(j)];
      // sum sin^2 = r - sum cos^2, and sum cos^2 is the squared Frobenius norm of the product.
      const double shared = (a.transpose() * b).cast<double>().squaredNorm();
      const double rest = static_cast<double>(a.cols()) - shared;  // not a number where a frame holds such values: it stays so
      distances(i, j) = distances(j, i) = std::sqrt(rest < 0.0 ? 0.0 : rest);
    }
  return distances;
}

}  // namespace moescope
