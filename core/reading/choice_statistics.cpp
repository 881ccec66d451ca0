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

ChosenExperts chosenExperts(const RowMatrix& gates) {
  ChosenExperts chosen{static_cast<int>(gates.cols()), {}, {}};
  if (!gates.allFinite()) return chosen;
  for (Eigen::Index t = 0; t < gates.rows(); ++t) {
    chosen.begins.push_back(static_cast<std::int64_t>(chosen.ids.size()));
    for (int e = 0; e < chosen.experts; ++e)
      if (gates(t, e) != 0.0f) chosen.ids.push_back(e);
  }
  if (gates.rows() > 0) chosen.begins.push_back(static_cast<std::int64_t>(chosen.ids.size()));
  return chosen;
}

JointChoices chosenAfter(const ChosenExperts& first, const ChosenExperts& second) {
  const bool known = first.tokens() > 0 && second.tokens() > 0;
  if (known && first.tokens() != second.tokens()) throw std::invalid_argument("choices of two layers need the same tokens");
  const double none = known ? 0.0 : kNone;
  JointChoices joint{Eigen::MatrixXd::Constant(first.experts, second.experts, none),
                     Eigen::VectorXd::Constant(first.experts, none), Eigen::VectorXd::Constant(second.experts, none)};
  if (!known) return joint;
  for (std::int64_t t = 0; t < first.tokens(); ++t) {
    for (const std::int32_t a : first.of(t)) {
      joint.first[a] += 1.0;
      for (const std::int32_t b : second.of(t)) joint.share(a, b) += 1.0;
    }
    for (const std::int32_t b : second.of(t)) joint.second[b] += 1.0;
  }
  const auto tokens = static_cast<double>(first.tokens());
  joint.share /= tokens;
  joint.first /= tokens;
  joint.second /= tokens;
  return joint;
}

Eigen::VectorXd toldOfNext(const JointChoices& choices) {
  Eigen::VectorXd told = Eigen::VectorXd::Constant(choices.share.rows(), kNone);
  const double all = choices.second.sum();
  for (Eigen::Index a = 0; a < told.size(); ++a) {
    const double own = choices.share.row(a).sum();
    if (!(own > 0.0 && all > 0.0)) continue;
    told[a] = 0.0;
    for (Eigen::Index b = 0; b < choices.second.size(); ++b)
      if (const double both = choices.share(a, b); both > 0.0)
        told[a] += both / own * std::log2(both / own / (choices.second[b] / all));
  }
  return told;
}

Eigen::VectorXd toldByChance(const JointChoices& choices, std::int64_t tokens) {
  const auto occurring = static_cast<double>((choices.second.array() > 0.0).count());
  const Eigen::VectorXd assignments = choices.share.rowwise().sum() * static_cast<double>(tokens);
  const double all = choices.second.sum() * static_cast<double>(tokens);
  return (assignments.array() > 0.0)
      .select((occurring - 1.0) * (assignments.array().inverse() - 1.0 / all) / (2.0 * std::log(2.0)), kNone);
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
  const Eigen::VectorXd sum = chosen.cast<double>().transpose() * ofToken.cast<double>(),
                        count = chosen.cast<double>().colwise().sum().transpose();
  return (count.array() > 0.0).select(sum.array() / count.array(), kNone);
}

}  // namespace moescope
