#include "core/reading/choice_margin.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double choiceMargin(const TrainedRule& rule, const RowMatrix& logits, const RowMatrix& probabilities, const RowMatrix& gates) {
  if (rule.choice != TrainedRule::Choice::PerToken || gates.rows() == 0) return kNone;
  double sum = 0.0;
  int tokens = 0;
  for (Eigen::Index t = 0; t < gates.rows(); ++t) {
    Eigen::RowVectorXf rank = probabilities.row(t);
    if (rule.rankedByAffinity) rank = logits.row(t).array().exp().matrix();
    if (rule.choiceBias.size() > 0) rank += rule.choiceBias.transpose();
    if (!rank.allFinite() || !gates.row(t).allFinite()) return kNone;
    float least = std::numeric_limits<float>::infinity(), next = -least;
    for (Eigen::Index e = 0; e < rank.size(); ++e)
      (gates(t, e) != 0.0f) ? least = std::min(least, rank[e]) : next = std::max(next, rank[e]);
    if (!std::isfinite(least) || !std::isfinite(next)) continue;  // all are chosen, or none
    sum += static_cast<double>(least) - static_cast<double>(next);
    ++tokens;
  }
  return tokens > 0 ? sum / tokens : kNone;
}

double choicesSharedWithoutBias(const TrainedRule& rule, const RowMatrix& logits, const RowMatrix& probabilities) {
  if (rule.choice != TrainedRule::Choice::PerToken || rule.choiceBias.size() == 0 || logits.rows() == 0) return kNone;
  LayerSnapshot with, without;
  with.rule = without.rule = rule;
  with.rule.capacityFactor = without.rule.capacityFactor = 0.0;  // the choice, whatever becomes of it
  without.rule.choiceBias.resize(0);
  return sharedChoices(gatesByRule(with, logits, probabilities), gatesByRule(without, logits, probabilities));
}

double sharedChoices(const RowMatrix& one, const RowMatrix& other) {
  if (!one.allFinite() || !other.allFinite()) return kNone;
  const auto first = (one.array() != 0.0f), second = (other.array() != 0.0f);
  double sum = 0.0;
  int tokens = 0;
  for (Eigen::Index t = 0; t < one.rows(); ++t) {
    const auto either = (first.row(t) || second.row(t)).count();
    if (either == 0) continue;
    sum += static_cast<double>((first.row(t) && second.row(t)).count()) / static_cast<double>(either);
    ++tokens;
  }
  return tokens > 0 ? sum / tokens : kNone;
}

}  // namespace moescope
