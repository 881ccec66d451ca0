#include "core/geometry/cosines.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Eigen::MatrixXd cosines(const Eigen::MatrixXd& inner) {
  Eigen::VectorXd lengths = inner.diagonal().cwiseSqrt();
  for (double& length : lengths)
    if (!(length > 0.0) || !std::isfinite(length)) length = kNone;
  return (inner.array() / (lengths * lengths.transpose()).array()).matrix();
}

Eigen::MatrixXd cosinesOfRows(const RowMatrix& rows) {
  const Eigen::MatrixXd wide = rows.cast<double>();
  return cosines(wide * wide.transpose());
}

std::vector<int> rowsWithoutDirection(const RowMatrix& rows) {
  std::vector<int> zero;
  for (Eigen::Index r = 0; r < rows.rows(); ++r)
    if ((rows.row(r).array() == 0.0f).all()) zero.push_back(static_cast<int>(r));
  return zero;
}

MeanCosines::MeanCosines(Eigen::Index count)
    : sum_(Eigen::MatrixXd::Zero(count, count)),
      times_(Eigen::MatrixXd::Zero(count, count)),
      zero_(Eigen::VectorXi::Zero(count)) {}

void MeanCosines::add(const Eigen::MatrixXd& inner) {
  const Eigen::MatrixXd at = cosines(inner);
  for (Eigen::Index a = 0; a < at.rows(); ++a)
    for (Eigen::Index b = 0; b < at.cols(); ++b) {
      if (inner(a, a) == 0.0 || inner(b, b) == 0.0) continue;
      sum_(a, b) += at(a, b);
      times_(a, b) += 1.0;
    }
  zero_ += (inner.diagonal().array() == 0.0).cast<int>().matrix();
}

Eigen::MatrixXd MeanCosines::mean() const { return (times_.array() > 0.0).select(sum_.array() / times_.array(), kNone).matrix(); }

PairMean meanOverPairs(const Eigen::MatrixXd& matrix, const std::vector<int>& without) {
  const auto counts = [&](Eigen::Index e) {
    return std::find(without.begin(), without.end(), static_cast<int>(e)) == without.end();
  };
  PairMean mean;
  for (Eigen::Index a = 0; a < matrix.rows(); ++a)
    for (Eigen::Index b = a + 1; b < matrix.cols() && counts(a); ++b) {
      if (!counts(b)) continue;
      mean.value += std::abs(matrix(a, b));
      ++mean.pairs;
    }
  mean.value = mean.pairs > 0 ? mean.value / mean.pairs : kNone;
  return mean;
}

}  // namespace moescope
