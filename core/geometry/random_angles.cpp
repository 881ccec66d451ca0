#include "core/geometry/random_angles.h"

#include <Eigen/QR>
#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

#include "core/geometry/grassmann_pairs.h"

namespace moescope {

RandomAngles simulateRandomAngles(int dimension, int rank) {
  if (rank < 1 || rank > dimension) throw std::invalid_argument("random subspaces need a rank from 1 to the dimension");
  constexpr int subspaces = 32;
  std::mt19937 dice(20260101);
  std::normal_distribution<double> normal;
  std::vector<Eigen::MatrixXd> bases;
  for (int i = 0; i < subspaces; ++i) {
    const Eigen::MatrixXd columns = Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(dice); });
    bases.push_back(Eigen::HouseholderQR<Eigen::MatrixXd>(columns).householderQ() * Eigen::MatrixXd::Identity(dimension, rank));
  }
  const PairAngles pairs = principalAnglesOfAllPairs(bases, 1);
  RandomAngles result{Eigen::VectorXd(rank), Eigen::VectorXd(rank), Eigen::VectorXd(rank)};
  for (int i = 0; i < rank; ++i) {
    std::vector<double> values;
    for (const Eigen::VectorXd& angles : pairs.angles) values.push_back(angles[i]);
    std::sort(values.begin(), values.end());
    result.mean[i] = Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())).mean();
    result.low[i] = values[values.size() / 20];
    result.high[i] = values[values.size() - 1 - values.size() / 20];
  }
  return result;
}

}  // namespace moescope
