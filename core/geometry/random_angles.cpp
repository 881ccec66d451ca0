#include "core/geometry/random_angles.h"

#include <algorithm>
#include <functional>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/geometry/grassmann.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/geometry/random_subspace.h"

namespace moescope {
namespace {

RandomRange rangeOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t tail = values.size() / 20;
  return {Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())).mean(), values[tail],
          values[values.size() - 1 - tail]};
}

}  // namespace

RandomAngles simulateRandomAngles(int dimension, int rank) {
  if (rank < 1 || rank > dimension) throw std::invalid_argument("random subspaces need a rank from 1 to the dimension");
  constexpr int subspaces = 32;
  std::mt19937 dice(20260101);
  std::normal_distribution<double> normal;
  std::vector<Eigen::MatrixXd> bases;
  for (int i = 0; i < subspaces; ++i) bases.push_back(randomSubspace(dimension, rank, [&] { return normal(dice); }));
  const PairAngles pairs = principalAnglesOfAllPairs(bases, 1);
  const auto range = [&pairs](const std::function<double(const Eigen::VectorXd&)>& read) {
    std::vector<double> values;
    for (const Eigen::VectorXd& angles : pairs.angles) values.push_back(read(angles));
    return rangeOf(std::move(values));
  };
  RandomAngles result{Eigen::VectorXd(rank), Eigen::VectorXd(rank), Eigen::VectorXd(rank), {}, {}, {}};
  for (int i = 0; i < rank; ++i) {
    const RandomRange angle = range([i](const Eigen::VectorXd& angles) { return angles[i]; });
    result.mean[i] = angle.mean;
    result.low[i] = angle.low;
    result.high[i] = angle.high;
  }
  result.geodesic = range([](const Eigen::VectorXd& angles) { return grassmannDistances(angles).geodesic; });
  result.chordal = range([](const Eigen::VectorXd& angles) { return grassmannDistances(angles).chordal; });
  result.overlap = range([](const Eigen::VectorXd& angles) { return grassmannDistances(angles).overlap; });
  return result;
}

}  // namespace moescope
