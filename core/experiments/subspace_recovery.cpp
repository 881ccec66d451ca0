#include "core/experiments/subspace_recovery.h"

#include <stdexcept>

#include "core/data/split_mix.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/random_subspace.h"
#include "core/routers/balanced_assignment.h"

namespace moescope {
namespace {

constexpr int kRandomDraws = 64;
constexpr std::uint64_t kRandomSeed = 20260219;

/// Mean cos^2 of the principal angles of every pair: |U'V|_F^2 / min(r1, r2).
RowMatrix overlaps(const std::vector<Eigen::MatrixXd>& learned, const std::vector<Eigen::MatrixXd>& planted) {
  const auto count = static_cast<Eigen::Index>(learned.size());
  return RowMatrix::NullaryExpr(count, count, [&](Eigen::Index a, Eigen::Index b) {
    const Eigen::MatrixXd &u = learned[static_cast<std::size_t>(a)], &v = planted[static_cast<std::size_t>(b)];
    return static_cast<float>((u.transpose() * v).squaredNorm() / static_cast<double>(std::min(u.cols(), v.cols())));
  });
}

double meanMatched(const RowMatrix& overlap, const std::vector<int>& match) {
  double sum = 0.0;
  for (std::size_t e = 0; e < match.size(); ++e) sum += overlap(static_cast<Eigen::Index>(e), match[e]);
  return sum / static_cast<double>(match.size());
}

std::vector<int> matchOf(const RowMatrix& overlap) { return balancedAssignment(overlap, 1e-6); }

std::vector<Eigen::MatrixXd> randomLike(const std::vector<Eigen::MatrixXd>& subspaces, SplitMix64& dice) {
  std::vector<Eigen::MatrixXd> random;
  for (const Eigen::MatrixXd& each : subspaces)
    random.push_back(randomSubspace(each.rows(), each.cols(), [&] { return dice.normal(); }));
  return random;
}

}  // namespace

SubspaceRecovery recoveryOf(const std::vector<Eigen::MatrixXd>& learned, const std::vector<Eigen::MatrixXd>& planted) {
  if (learned.empty() || learned.size() != planted.size())
    throw std::invalid_argument("recovery needs as many learned subspaces as planted ones, at least one");
  SubspaceRecovery recovery;
  const RowMatrix overlap = overlaps(learned, planted);
  recovery.planted = matchOf(overlap);
  recovery.overlap = meanMatched(overlap, recovery.planted);
  for (std::size_t e = 0; e < learned.size(); ++e)
    recovery.chordal +=
        grassmannDistances(principalAngles(learned[e], planted[static_cast<std::size_t>(recovery.planted[e])])).chordal /
        static_cast<double>(learned.size());
  SplitMix64 dice(kRandomSeed);
  for (int draw = 0; draw < kRandomDraws; ++draw) {
    const RowMatrix random = overlaps(randomLike(learned, dice), planted);
    recovery.randomOverlap += meanMatched(random, matchOf(random)) / kRandomDraws;
  }
  return recovery;
}

}  // namespace moescope
