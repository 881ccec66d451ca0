#include "core/data/planted_task.h"

#include <cmath>
#include <numbers>
#include <sstream>
#include <stdexcept>

#include "core/data/split_mix.h"
#include "core/geometry/random_subspace.h"

namespace moescope {
namespace {

Eigen::MatrixXd gaussian(SplitMix64& dice, int rows, int columns) {
  Eigen::MatrixXd matrix(rows, columns);
  for (double& entry : matrix.reshaped()) entry = dice.normal();
  return matrix;
}

Eigen::VectorXd randomPhases(SplitMix64& dice, int count) {
  return Eigen::VectorXd::NullaryExpr(count, [&] { return 2.0 * std::numbers::pi * dice.unit(); });
}

Eigen::VectorXd frequenciesOf(const PlantedShape& shape) {
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(shape.clusters);
  if (shape.sizes == ClusterSizes::Zipf) weights.array() /= Eigen::ArrayXd::LinSpaced(shape.clusters, 1.0, shape.clusters);
  return weights / weights.sum();
}

void require(bool holds, const std::string& name, double value, const std::string& expected) {
  if (holds) return;
  std::ostringstream message;
  message << "planted task: " << name << " is " << value << "; expected " << expected;
  throw std::invalid_argument(message.str());
}

void requireLength(const std::string& name, double value) {
  require(std::isfinite(value) && value >= 0.0, name, value, "a finite number of at least 0");
}

void requireValid(const PlantedShape& shape) {
  require(shape.clusters >= 1, "clusters", shape.clusters, "at least 1");
  require(shape.dimension >= 1, "dimension", shape.dimension, "at least 1");
  require(shape.rank >= 1 && shape.rank <= shape.dimension, "rank", shape.rank, "1 to " + std::to_string(shape.dimension));
  requireLength("noise", shape.noise);
  requireLength("mean", shape.mean);
  requireLength("bend", shape.bend);
}

}  // namespace

PlantedTask::PlantedTask(const PlantedShape& shape) : shape_(shape) {
  requireValid(shape);
  SplitMix64 dice(shape.seed);
  for (int c = 0; c < shape.clusters; ++c) {
    subspaces_.push_back(randomSubspace(shape.dimension, shape.rank, [&] { return dice.normal(); }));
    maps_.push_back(gaussian(dice, shape.dimension, shape.dimension) * shape.bend);
    phases_.push_back(randomPhases(dice, shape.dimension));
  }
  frequencies_ = frequenciesOf(shape);
  meanDirection_ = gaussian(dice, shape.dimension, 1).col(0).normalized();
}

int PlantedTask::clusterAt(double share) const {
  int cluster = 0;
  while (cluster + 1 < shape_.clusters && share >= frequencies_[cluster]) share -= frequencies_[cluster++];
  return cluster;
}

PlantedSample PlantedTask::draw(int tokens, std::uint64_t stream) const {
  require(tokens >= 1, "tokens", tokens, "at least 1");
  SplitMix64 dice(SplitMix64(shape_.seed ^ 0xd1b54a32d192ed03ull).next() + stream * 0xbf58476d1ce4e5b9ull);
  const double size = std::sqrt(static_cast<double>(shape_.dimension)), noise = shape_.noise / size;
  PlantedSample sample{RowMatrix(tokens, shape_.dimension), RowMatrix(tokens, shape_.dimension), {}};
  for (int t = 0; t < tokens; ++t) {
    const int cluster = clusterAt(dice.unit());
    const auto c = static_cast<std::size_t>(cluster);
    const Eigen::VectorXd within = gaussian(dice, shape_.rank, 1).col(0).normalized();
    const Eigen::VectorXd own = subspaces_[c] * within + noise * gaussian(dice, shape_.dimension, 1);
    const Eigen::VectorXd target = std::numbers::sqrt2 * (maps_[c] * own + phases_[c]).array().sin();
    sample.tokens.row(t) = (size * (own + shape_.mean * meanDirection_)).cast<float>().transpose();
    sample.targets.row(t) = target.cast<float>().transpose();
    sample.clusters.push_back(cluster);
  }
  return sample;
}

}  // namespace moescope
