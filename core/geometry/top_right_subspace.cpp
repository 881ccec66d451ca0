#include "core/geometry/top_right_subspace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/geometry/decompositions.h"
#include "core/geometry/stop_scope.h"
#include "core/geometry/stoppable_product.h"

namespace moescope {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr Eigen::Index kExactSide = 256;
constexpr int kOversampling = 8, kIterations = 6;
constexpr double kNoDirection = 1e-12,
                 kNoDirectionInFloat = 1e-6;  // of the largest eigenvalue of W^T W: below are its rounding errors

/// Squared length, added up in double precision.
double squaredLength(const RowMatrix& matrix) {
  double sum = 0.0;
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    stopIfWanted();
    sum += matrix.row(r).cast<double>().squaredNorm();
  }
  return sum;
}

}  // namespace

std::uint64_t topRightColumns(std::uint64_t rank) { return kIterations * (rank + kOversampling); }

std::pair<Eigen::MatrixXd, double> topRightSubspace(const RowMatrix& matrix, int rank, unsigned seed) {
  if (matrix.size() == 0) return {Eigen::MatrixXd(matrix.cols(), 0), kUndefined};
  const Eigen::Index side = std::min(matrix.rows(), matrix.cols()), r = std::clamp<Eigen::Index>(rank, 1, side);
  const double total = squaredLength(matrix);
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
    Eigen::MatrixXf block = Eigen::MatrixXf::NullaryExpr(matrix.cols(), columns, [&] { return normal(dice); }),
                    krylov(matrix.cols(), columns * kIterations);
    for (int i = 0; i < kIterations; ++i) {
      stopIfWanted();
      const Eigen::MatrixXf image = orthonormalColumns(productInPieces<Eigen::MatrixXf>(matrix, block));
      stopIfWanted();
      block = orthonormalColumns(productInPieces<Eigen::MatrixXf>(matrix.transpose(), image));
      krylov.middleCols(i * columns, columns) = block;
    }
    stopIfWanted();
    krylov = orthonormalColumns(krylov);
    const auto image = productInPieces<Eigen::MatrixXf>(matrix, krylov);
    stopIfWanted();
    const SymmetricEigen<Eigen::MatrixXf> axes = symmetricEigen(Eigen::MatrixXf(image.transpose() * image));
    basis = (krylov * axes.vectors.rightCols(spanned(axes.values, kNoDirectionInFloat)).rowwise().reverse()).cast<double>();
  }
  basis = orthonormalColumns(basis);
  const double inside =
      productInPieces<Eigen::MatrixXf>(matrix, Eigen::MatrixXf(basis.cast<float>())).cast<double>().squaredNorm();
  return {basis, std::min(1.0, inside / total)};
}

}  // namespace moescope
