#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/checkpoint/families.h"

namespace moescope {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

/// Keeps what is not a number, which the vector unit's exponential need not.
Eigen::ArrayXXf sigmoid(const Eigen::ArrayXXf& x) { return x.isNaN().select(x, 1.0f / (1.0f + (-x).exp())); }

/// Experts outside the best groups get -infinity.
void keepBestGroups(std::vector<float>& choice, const RoutingScheme& scheme) {
  const std::size_t size = choice.size() / static_cast<std::size_t>(scheme.groups);
  std::vector<std::pair<float, int>> ranks;
  for (int g = 0; g < scheme.groups; ++g) {
    std::vector<float> group(choice.begin() + static_cast<long>(g * size), choice.begin() + static_cast<long>((g + 1) * size));
    std::sort(group.begin(), group.end(), std::greater<>());
    ranks.push_back({scheme.groupByTopTwo && size > 1 ? group[0] + group[1] : group[0], -g});
  }
  std::sort(ranks.begin(), ranks.end(), std::greater<>());
  for (std::size_t r = static_cast<std::size_t>(scheme.keptGroups); r < ranks.size(); ++r)
    std::fill_n(choice.begin() - static_cast<long>(ranks[r].second) * static_cast<long>(size), size, -std::numeric_limits<float>::infinity());
}

}  // namespace

RoutedTokens routeTokens(const RouterWeights& router, const RowMatrix& tokens) {
  const RoutingScheme& scheme = router.scheme;
  RoutedTokens routed;
  routed.logits = tokens * router.weight.transpose();
  if (router.bias.size()) routed.logits.rowwise() += router.bias.transpose();
  routed.scores = scheme.sigmoid ? RowMatrix(sigmoid(routed.logits.array()).matrix()) : routingProbabilities(routed.logits, 1.0f);
  routed.weights = RowMatrix::Zero(routed.logits.rows(), routed.logits.cols());
  const bool bias = router.correctionBias.size() > 0;
  const auto count = static_cast<std::size_t>(routed.logits.cols());
  std::vector<int> order(count);
  std::vector<float> choice(count);
  for (Eigen::Index t = 0; t < routed.logits.rows(); ++t) {
    if (!routed.logits.row(t).allFinite() || (bias && !router.correctionBias.allFinite())) {  // there is no order, and no choice
      routed.scores.row(t).setConstant(kNone);
      routed.weights.row(t).setConstant(kNone);
      continue;
    }
    for (std::size_t e = 0; e < count; ++e)
      choice[e] = (scheme.softmaxOfChosen ? routed.logits : routed.scores)(t, static_cast<Eigen::Index>(e)) + (bias ? router.correctionBias[static_cast<Eigen::Index>(e)] : 0.0f);
    if (scheme.groups > 1) keepBestGroups(choice, scheme);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return choice[static_cast<std::size_t>(a)] > choice[static_cast<std::size_t>(b)]; });
    float sum = 0.0f;
    for (int n = 0; n < scheme.chosen; ++n) {
      const int e = order[static_cast<std::size_t>(n)];
      const float weight = scheme.softmaxOfChosen ? std::exp(routed.logits(t, e) - routed.logits(t, order[0])) : routed.scores(t, e);
      routed.weights(t, e) = weight;
      sum += weight;
    }
    if (scheme.renormalise || scheme.softmaxOfChosen) routed.weights.row(t) /= sum;
    routed.weights.row(t) *= scheme.scaling;
  }
  return routed;
}

RowMatrix SharedExpert::operator()(const RowMatrix& tokens) const {
  RowMatrix out = weights(tokens);
  if (gate.size()) out = gates(tokens).asDiagonal() * out;
  return out;
}

Eigen::VectorXf SharedExpert::gates(const RowMatrix& tokens) const {
  if (gate.size() == 0) return Eigen::VectorXf::Ones(tokens.rows());
  return sigmoid((tokens * gate).array()).matrix();
}

}  // namespace moescope
