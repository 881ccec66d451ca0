#include "core/geometry/subspace_overlap.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Mean over pairs of the larger rank: random subspaces of ranks a <= b have mean cos^2 b / d over their a angles.
double meanLargerRank(const std::vector<Eigen::MatrixXd>& bases, double otherwise) {
  double sum = 0.0;
  int pairs = 0;
  for (std::size_t a = 0; a < bases.size(); ++a)
    for (std::size_t b = a + 1; b < bases.size(); ++b, ++pairs)
      sum += static_cast<double>(std::max(bases[a].cols(), bases[b].cols()));
  return pairs > 0 ? sum / pairs : otherwise;
}

}  // namespace

SubspaceOverlap compareSubspaces(const std::vector<Eigen::MatrixXd>& subspaces, int rank, int threads) {
  SubspaceOverlap result;
  std::vector<Eigen::MatrixXd> bases;
  const auto experts = static_cast<Eigen::Index>(subspaces.size());
  result.overlap = Eigen::MatrixXd::Constant(experts, experts, kNone);
  for (std::size_t e = 0; e < subspaces.size(); ++e) {
    if (subspaces[e].cols() == 0) continue;
    result.compared.push_back(static_cast<int>(e));
    bases.push_back(subspaces[e]);
    result.overlap(static_cast<Eigen::Index>(e), static_cast<Eigen::Index>(e)) = 1.0;
  }
  const double d = subspaces.empty() ? 0.0 : static_cast<double>(subspaces.front().rows()), r = meanLargerRank(bases, rank);
  result.nullOverlap = r / d;
  result.nullDeviation = d > 1.0 ? std::sqrt(2.0) * (d - r) / (d * std::sqrt((d - 1.0) * (d + 2.0))) : 0.0;
  if (bases.size() < 2) return result;
  result.angles = principalAnglesOfAllPairs(bases, threads);
  for (std::size_t a = 0; a < bases.size(); ++a)
    for (std::size_t b = a + 1; b < bases.size(); ++b) {
      const int first = result.compared[a], second = result.compared[b];
      result.overlap(first, second) = result.overlap(second, first) =
          result.angles.of(static_cast<int>(a), static_cast<int>(b)).array().cos().square().mean();
    }
  return result;
}

Eigen::VectorXd overlapWith(const Eigen::MatrixXd& basis, const std::vector<Eigen::MatrixXd>& bases) {
  Eigen::VectorXd overlap(static_cast<Eigen::Index>(bases.size()));
  for (std::size_t e = 0; e < bases.size(); ++e)
    overlap[static_cast<Eigen::Index>(e)] =
        (basis.transpose() * bases[e]).squaredNorm() / static_cast<double>(std::min(basis.cols(), bases[e].cols()));
  return overlap;
}

}  // namespace moescope
