#include "core/reading/choice_statistics.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// 1 where chosen.
Eigen::MatrixXf chosenOf(const RowMatrix& gates) { return (gates.array() != 0.0f).cast<float>(); }

}  // namespace

Eigen::MatrixXd JointChoices::lift(bool sameLayer) const {
  Eigen::MatrixXd lift(share.rows(), share.cols());
  for (Eigen::Index a = 0; a < share.rows(); ++a)
    for (Eigen::Index b = 0; b < share.cols(); ++b) {
      const double alone = first[a] * second[b];
      lift(a, b) = (sameLayer && a == b) || !(alone > 0.0) ? kNone : std::log2(share(a, b) / alone);
    }
  return lift;
}

JointChoices chosenTogether(const RowMatrix& gates) { return chosenAfter(gates, gates); }

JointChoices chosenAfter(const RowMatrix& first, const RowMatrix& second) {
  if (first.rows() != second.rows()) throw std::invalid_argument("choices of two layers need the same tokens");
  JointChoices joint;
  if (first.rows() == 0 || !first.allFinite() || !second.allFinite()) {
    joint.share = Eigen::MatrixXd::Constant(first.cols(), second.cols(), kNone);
    joint.first = Eigen::VectorXd::Constant(first.cols(), kNone);
    joint.second = Eigen::VectorXd::Constant(second.cols(), kNone);
    return joint;
  }
  const Eigen::MatrixXf before = chosenOf(first), after = chosenOf(second);
  const auto tokens = static_cast<double>(first.rows());
  joint.share = (before.transpose() * after).cast<double>() / tokens;  // counts below 2^24: exact
  joint.first = before.colwise().sum().transpose().cast<double>() / tokens;
  joint.second = after.colwise().sum().transpose().cast<double>() / tokens;
  return joint;
}

double liftOfDifferentExperts(double k, int n) { return k < 2.0 || n < 2 ? kNone : std::log2((k - 1.0) * n / (k * (n - 1.0))); }

Eigen::MatrixXd loadAlong(const RowMatrix& gates, int stretches) {
  Eigen::MatrixXd load = Eigen::MatrixXd::Constant(stretches, gates.cols(), kNone);
  for (int s = 0; s < stretches; ++s) {
    const Eigen::Index begin = stretchBegin(gates.rows(), stretches, s), end = stretchBegin(gates.rows(), stretches, s + 1);
    const auto rows = gates.middleRows(begin, end - begin);
    if (end == begin || !rows.allFinite()) continue;
    const Eigen::RowVectorXd counts = (rows.array() != 0.0f).cast<double>().colwise().sum();
    if (const double all = counts.sum(); all > 0.0) load.row(s) = counts / all;
  }
  return load;
}

Eigen::VectorXd meanOfChoosers(const RowMatrix& gates, const Eigen::VectorXf& ofToken) {
  const Eigen::MatrixXf chosen = chosenOf(gates);
  const Eigen::VectorXd sum = chosen.cast<double>().transpose() * ofToken.cast<double>(), count = chosen.cast<double>().colwise().sum().transpose();
  return (count.array() > 0.0).select(sum.array() / count.array(), kNone);
}

}  // namespace moescope
