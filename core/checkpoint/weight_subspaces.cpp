#include "core/checkpoint/weight_subspaces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/checkpoint/layer_analysis.h"
#include "core/geometry/decompositions.h"

namespace moescope {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr Eigen::Index kExactSide = 256;
constexpr int kOversampling = 8, kIterations = 6;
constexpr double kNoDirection = 1e-12, kNoDirectionInFloat = 1e-6;  // of the largest eigenvalue of W^T W: below are its rounding errors

/// Sorts the experts by what their W_gate spans; only subspaces of one dimension are compared.
void chooseWeightSubspaces(const std::vector<char>& finite, LayerReport& report) {
  for (int e = 0; e < report.experts; ++e) {
    Eigen::MatrixXd& basis = report.weightSubspaces[static_cast<std::size_t>(e)];
    if (basis.cols() == report.weightRank) report.withWeightSubspace.push_back(e);
    else if (finite[static_cast<std::size_t>(e)]) report.weightsLeftOut.push_back(e);
    if (basis.cols() != report.weightRank) basis.resize(report.width, 0);
  }
  if (!report.weightsLeftOut.empty())
    report.notes.add(ReadingNoteKind::Missing, "layer " + std::to_string(report.layer) + ": W_gate spans fewer than " + std::to_string(report.weightRank) + " directions: expert " +
                                                   expertsListed(report.weightsLeftOut) + "; left out of the overlap of weight subspaces");
}

}  // namespace

std::string expertsListed(const std::vector<int>& experts) {
  std::string text;
  for (const int expert : experts) text += (text.empty() ? "" : ", ") + std::to_string(expert);
  return text;
}

std::pair<Eigen::MatrixXd, double> topRightSubspace(const GateMatrix& matrix, int rank, unsigned seed) {
  const Eigen::Index side = std::min(matrix.rows(), matrix.cols()), r = std::clamp<Eigen::Index>(rank, 1, side);
  const double total = matrix.cast<double>().squaredNorm();
  if (!std::isfinite(total) || total == 0.0) return {Eigen::MatrixXd(matrix.cols(), 0), kUndefined};
  Eigen::MatrixXd basis;
  const auto spanned = [r](const auto& rising, double least) {  // eigenvalues; no direction without a share
    Eigen::Index count = r;
    while (count > 1 && !(rising[rising.size() - count] > least * rising[rising.size() - 1])) --count;
    return count;
  };
  if (side <= kExactSide) {
    const bool wide = matrix.rows() <= matrix.cols();
    const Eigen::MatrixXd m = matrix.cast<double>();
    const Eigen::MatrixXd gram = wide ? Eigen::MatrixXd(m * m.transpose()) : Eigen::MatrixXd(m.transpose() * m);
    const SymmetricEigen<Eigen::MatrixXd> axes = symmetricEigen(gram);
    const Eigen::MatrixXd top = axes.vectors.rightCols(spanned(axes.values, kNoDirection)).rowwise().reverse();
    basis = wide ? Eigen::MatrixXd(m.transpose() * top) : top;
  } else {
    std::mt19937 dice(seed);
    std::normal_distribution<float> normal;
    const Eigen::Index columns = std::min<Eigen::Index>(side / kIterations, r + kOversampling);
    Eigen::MatrixXf block = Eigen::MatrixXf::NullaryExpr(matrix.cols(), columns, [&] { return normal(dice); }), krylov(matrix.cols(), columns * kIterations);
    for (int i = 0; i < kIterations; ++i) {
      block = orthonormalColumns(Eigen::MatrixXf(matrix.transpose() * orthonormalColumns(Eigen::MatrixXf(matrix * block))));
      krylov.middleCols(i * columns, columns) = block;
    }
    krylov = orthonormalColumns(krylov);
    const Eigen::MatrixXf image = matrix * krylov;
    const SymmetricEigen<Eigen::MatrixXf> axes = symmetricEigen(Eigen::MatrixXf(image.transpose() * image));
    basis = (krylov * axes.vectors.rightCols(spanned(axes.values, kNoDirectionInFloat)).rowwise().reverse()).cast<double>();
  }
  basis = orthonormalColumns(basis);
  const double inside = (matrix * basis.cast<float>()).cast<double>().squaredNorm();
  return {basis, std::min(1.0, inside / total)};
}

void measureWeightSubspaces(int rank, int threads, const std::vector<char>& finite, LayerReport& report) {
  report.weightRank = std::clamp(rank, 1, std::min(report.units, report.width));
  chooseWeightSubspaces(finite, report);
  std::vector<Eigen::MatrixXd> bases;
  for (const int e : report.withWeightSubspace) bases.push_back(report.weightSubspaces[static_cast<std::size_t>(e)]);
  report.weightAngles = principalAnglesOfAllPairs(bases, threads);
  report.weightOverlap = Eigen::MatrixXd::Constant(report.experts, report.experts, kUndefined);
  for (std::size_t a = 0; a < bases.size(); ++a) {
    const int first = report.withWeightSubspace[a];
    report.weightOverlap(first, first) = 1.0;
    for (std::size_t b = a + 1; b < bases.size(); ++b) {
      const int second = report.withWeightSubspace[b];
      report.weightOverlap(first, second) = report.weightOverlap(second, first) = report.weightAngles.of(static_cast<int>(a), static_cast<int>(b)).array().cos().square().mean();
    }
  }
  const double d = report.width, r = report.weightRank;
  report.nullOverlap = r / d;
  report.nullOverlapDeviation = std::sqrt(2.0) * (d - r) / (d * std::sqrt((d - 1.0) * (d + 2.0)));
}

Eigen::VectorXd overlapWith(const Eigen::MatrixXd& basis, const std::vector<Eigen::MatrixXd>& bases) {
  Eigen::VectorXd overlap(static_cast<Eigen::Index>(bases.size()));
  for (std::size_t e = 0; e < bases.size(); ++e)
    overlap[static_cast<Eigen::Index>(e)] = (basis.transpose() * bases[e]).squaredNorm() / static_cast<double>(std::min(basis.cols(), bases[e].cols()));
  return overlap;
}

std::uint64_t scratchBytes(std::uint64_t units, std::uint64_t width, std::uint64_t experts, std::uint64_t rank) {
  const std::uint64_t columns = kIterations * (rank + kOversampling);
  return (units * (width + experts) + 4 * (units + width) * columns) * sizeof(float);
}

}  // namespace moescope
