#include "core/reading/trained_rule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "core/reading/snapshot.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr float kOut = -std::numeric_limits<float>::infinity();

/// Experts outside the best groups rank last.
void keepBestGroups(const TrainedRule& rule, Eigen::RowVectorXf& rank) {
  const Eigen::Index size = rank.size() / rule.groups;
  std::vector<std::pair<float, Eigen::Index>> best;  // of equal groups the earlier first
  for (Eigen::Index g = 0; g < rule.groups; ++g) {
    Eigen::RowVectorXf group = rank.segment(g * size, size);
    std::sort(group.begin(), group.end(), std::greater<>());
    best.push_back({rule.groupByTopTwo && size > 1 ? group[0] + group[1] : group[0], -g});
  }
  std::sort(best.begin(), best.end(), std::greater<>());
  for (std::size_t r = static_cast<std::size_t>(rule.keptGroups); r < best.size(); ++r)
    rank.segment(-best[r].second * size, size).setConstant(kOut);
}

/// T x k: each token's experts, the best first.
Eigen::MatrixXi bestExperts(const TrainedRule& rule, const RowMatrix& logits, const RowMatrix& probabilities) {
  const Eigen::Index experts = logits.cols(), k = std::clamp<Eigen::Index>(rule.chosen, 1, experts);
  Eigen::MatrixXi chosen(logits.rows(), k);
  std::vector<int> order(static_cast<std::size_t>(experts));
  for (Eigen::Index t = 0; t < logits.rows(); ++t) {
    chosen.row(t).setLinSpaced(0, static_cast<int>(k) - 1);
    if (!probabilities.row(t).allFinite()) continue;  // there is no order
    Eigen::RowVectorXf rank = probabilities.row(t);
    if (rule.rankedByLogit) rank = logits.row(t);
    else if (rule.rankedByAffinity) rank = logits.row(t).array().exp().matrix();
    if (rule.choiceBias.size() > 0) rank += rule.choiceBias.transpose();
    if (rule.groups > 1) keepBestGroups(rule, rank);
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + k, order.end(),
                      [&](int a, int b) { return rank[a] != rank[b] ? rank[a] > rank[b] : a < b; });
    for (Eigen::Index i = 0; i < k; ++i) chosen(t, i) = order[static_cast<std::size_t>(i)];
  }
  return chosen;
}

/// Sets the gates of assignments beyond an expert's capacity to 0 (Lepikhin 2020, Fedus 2021), as the model's layer does.
void dropBeyondCapacity(double factor, const Eigen::MatrixXi& chosen, RowMatrix& gates) {
  const auto capacity =
      static_cast<std::int64_t>(std::ceil(factor * static_cast<double>(chosen.size()) / static_cast<double>(gates.cols())));
  std::vector<std::int64_t> taken(static_cast<std::size_t>(gates.cols()), 0);
  for (Eigen::Index i = 0; i < chosen.cols(); ++i)
    for (Eigen::Index t = 0; t < chosen.rows(); ++t)
      if (++taken[static_cast<std::size_t>(chosen(t, i))] > capacity) gates(t, chosen(t, i)) = 0.0f;
}

RowMatrix chosenByToken(const TrainedRule& rule, const RowMatrix& logits, const RowMatrix& probabilities) {
  const Eigen::MatrixXi chosen = bestExperts(rule, logits, probabilities);
  RowMatrix gates = RowMatrix::Zero(logits.rows(), logits.cols());
  for (Eigen::Index t = 0; t < chosen.rows(); ++t) {
    float sum = 0.0f;
    for (Eigen::Index i = 0; i < chosen.cols(); ++i) {
      const int e = chosen(t, i);
      sum += gates(t, e) = rule.affinityGates ? std::exp(logits(t, e)) : probabilities(t, e);
    }
    gates.row(t) *= rule.scaling / (rule.renormalised ? sum : 1.0f);
    if (rule.expertScaling.size() > 0) gates.row(t).array() *= rule.expertScaling.transpose().array();
  }
  if (rule.capacityFactor > 0.0) dropBeyondCapacity(rule.capacityFactor, chosen, gates);
  return gates;
}

RowMatrix chosenByExpert(const TrainedRule& rule, const RowMatrix& probabilities) {
  const Eigen::Index tokens = probabilities.rows(), experts = probabilities.cols();
  const Eigen::Index taken = std::clamp<Eigen::Index>((tokens * rule.chosen + experts - 1) / experts, 1, tokens);
  RowMatrix gates = RowMatrix::Zero(tokens, experts);
  if (!probabilities.allFinite())
    return gates.setConstant(std::numeric_limits<float>::quiet_NaN());  // who chooses whom is not known
  std::vector<Eigen::Index> order(static_cast<std::size_t>(tokens));
  for (Eigen::Index e = 0; e < experts; ++e) {
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + taken, order.end(), [&](Eigen::Index a, Eigen::Index b) {
      return probabilities(a, e) != probabilities(b, e) ? probabilities(a, e) > probabilities(b, e) : a < b;
    });
    for (Eigen::Index i = 0; i < taken; ++i)
      gates(order[static_cast<std::size_t>(i)], e) = probabilities(order[static_cast<std::size_t>(i)], e);
  }
  return gates;
}

RowMatrix sharedAmongActive(const RowMatrix& trained, const RowMatrix& logits) {
  RowMatrix gates = RowMatrix::Zero(trained.rows(), trained.cols());
  for (Eigen::Index t = 0; t < trained.rows(); ++t) {
    const auto active = trained.row(t).array() > 0.0f;
    const float largest = active.select(logits.row(t).array(), kOut).maxCoeff();
    if (largest == kOut) continue;  // no expert works on this token
    gates.row(t) = active.select((logits.row(t).array() - largest).exp(), 0.0f).matrix();
    gates.row(t) *= trained.row(t).sum() / gates.row(t).sum();
  }
  return gates;
}

}  // namespace

RowMatrix gatesByRule(const LayerSnapshot& layer, const RowMatrix& logits, const RowMatrix& probabilities) {
  const TrainedRule& rule = layer.rule;
  const bool held = rule.choice == TrainedRule::Choice::Active || rule.choice == TrainedRule::Choice::Fixed;
  if (held && (layer.trainedGates.rows() != logits.rows() || layer.trainedGates.cols() != logits.cols()))
    throw std::invalid_argument(translated("the layer's rule starts from its trained gates, which the snapshot does not hold"));
  RowMatrix gates;
  switch (rule.choice) {
    case TrainedRule::Choice::All: gates = probabilities; break;
    case TrainedRule::Choice::PerToken: gates = chosenByToken(rule, logits, probabilities); break;
    case TrainedRule::Choice::PerExpert: gates = chosenByExpert(rule, probabilities); break;
    case TrainedRule::Choice::Active: gates = sharedAmongActive(layer.trainedGates, logits); break;
    case TrainedRule::Choice::Fixed: gates = layer.trainedGates; break;
  }
  for (Eigen::Index t = 0; t < gates.rows(); ++t)
    if (!probabilities.row(t).allFinite()) gates.row(t).setConstant(std::numeric_limits<float>::quiet_NaN());
  return gates;
}

}  // namespace moescope
