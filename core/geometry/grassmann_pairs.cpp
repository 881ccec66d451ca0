#include "core/geometry/grassmann_pairs.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>
#include <utility>

namespace moescope {
namespace {

/// One-sided Jacobi (Hestenes 1958): turns the columns of `matrix` until they are orthogonal, so that their lengths are the
/// singular values, each to high relative accuracy. `followed`, when given, takes the same turns. Columns end in falling length.
void orthogonaliseColumns(Eigen::MatrixXd& matrix, Eigen::MatrixXd* followed) {
  const Eigen::Index n = matrix.cols();
  const auto turn = [](Eigen::MatrixXd& target, Eigen::Index i, Eigen::Index j, double cosine, double sine) {
    double* a = target.col(i).data();
    double* b = target.col(j).data();
    for (Eigen::Index row = 0; row < target.rows(); ++row) {
      const double x = a[row], y = b[row];
      a[row] = cosine * x - sine * y;
      b[row] = sine * x + cosine * y;
    }
  };
  constexpr double tolerance = 4 * std::numeric_limits<double>::epsilon();
  constexpr double zero = 1e-36;  // squared length below which a column counts as zero: a cosine below 1e-18
  for (int sweep = 0; sweep < 40; ++sweep) {
    bool turned = false;
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = i + 1; j < n; ++j) {
        const double a = matrix.col(i).squaredNorm(), b = matrix.col(j).squaredNorm(), inner = matrix.col(i).dot(matrix.col(j));
        if (std::min(a, b) < zero || std::abs(inner) <= tolerance * std::sqrt(a * b)) continue;
        turned = true;
        const double zeta = (b - a) / (2.0 * inner);
        const double tangent = std::copysign(1.0, zeta) / (std::abs(zeta) + std::sqrt(1.0 + zeta * zeta));
        const double cosine = 1.0 / std::sqrt(1.0 + tangent * tangent);
        turn(matrix, i, j, cosine, cosine * tangent);
        if (followed) turn(*followed, i, j, cosine, cosine * tangent);
      }
    if (!turned) break;
  }
}

Eigen::VectorXd anglesOf(const Eigen::MatrixXd& wide, const Eigen::MatrixXd& narrow, Eigen::MatrixXd inner) {
  Eigen::MatrixXd turned = inner;
  orthogonaliseColumns(turned, nullptr);
  Eigen::VectorXd cosines = turned.colwise().norm().transpose();
  std::sort(cosines.data(), cosines.data() + cosines.size(), std::greater<>());
  Eigen::VectorXd sines;
  if (cosines[0] * cosines[0] > 0.5) {  // a cosine near 1 says little about a small angle: take the residual's lengths
    Eigen::MatrixXd residual = narrow - wide * inner;
    orthogonaliseColumns(residual, nullptr);
    sines = residual.colwise().norm().transpose();
    std::sort(sines.data(), sines.data() + sines.size());
  }
  Eigen::VectorXd angles(cosines.size());
  for (Eigen::Index i = 0; i < cosines.size(); ++i)
    angles[i] = cosines[i] * cosines[i] > 0.5 ? std::asin(std::min(sines[i], 1.0)) : std::acos(cosines[i]);
  return angles;
}

}  // namespace

const Eigen::VectorXd& PairAngles::of(int first, int second) const {
  const auto [low, high] = std::minmax(first, second);
  return angles.at(static_cast<std::size_t>(low * (2 * subspaces - low - 1) / 2 + high - low - 1));
}

PairAngles principalAnglesOfAllPairs(const std::vector<Eigen::MatrixXd>& bases, int threads) {
  const int count = static_cast<int>(bases.size());
  std::vector<Eigen::Index> start(1, 0);
  for (const auto& basis : bases) {
    if (basis.size() == 0) throw std::invalid_argument("principal angles need subspaces that are not empty");
    if (basis.rows() != bases[0].rows()) throw std::invalid_argument("principal angles need subspaces of one space: the numbers of rows differ");
    start.push_back(start.back() + basis.cols());
  }
  PairAngles result{count, std::vector<Eigen::VectorXd>(static_cast<std::size_t>(count) * std::max(count - 1, 0) / 2)};
  if (count < 2) return result;
  Eigen::MatrixXd all(bases[0].rows(), start.back());
  for (int i = 0; i < count; ++i) all.middleCols(start[i], bases[i].cols()) = bases[i];
  const Eigen::MatrixXd gram = all.transpose() * all;

  std::atomic<int> next{0};
  const auto work = [&] {
    for (int i = next++; i < count; i = next++)
      for (int j = i + 1; j < count; ++j) {
        const bool firstIsWide = bases[i].cols() >= bases[j].cols();
        const int wide = firstIsWide ? i : j, narrow = firstIsWide ? j : i;
        result.angles[static_cast<std::size_t>(i * (2 * count - i - 1) / 2 + j - i - 1)] =
            anglesOf(bases[wide], bases[narrow], gram.block(start[wide], start[narrow], bases[wide].cols(), bases[narrow].cols()));
      }
  };
  std::vector<std::jthread> helpers;
  const int wanted = std::min(count, threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  for (int t = 1; t < wanted; ++t) helpers.emplace_back(work);
  work();
  helpers.clear();  // joins
  return result;
}

}  // namespace moescope
