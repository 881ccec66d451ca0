#include "core/checkpoint/router_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "core/geometry/stoppable_product.h"

namespace moescope {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }
float softplus(float x) { return (x < 0.0f ? 0.0f : x) + std::log1p(std::exp(-std::abs(x))); }  // keeps what is not a number

/// One token at its router: what the rules read and fill. All logits are finite.
struct Token {
  const RoutingScheme& scheme;
  std::span<const float> bias;  ///< for the choice; empty where there is none
  std::span<const float> logits;
  std::span<float> scores, weights;
  std::vector<float>& choice;   ///< what experts are ranked by
  std::vector<int>& order;      ///< experts, the chosen ones first, from the best

  float score(int e) const { return scores[static_cast<std::size_t>(e)]; }
  float& weight(int e) const { return weights[static_cast<std::size_t>(e)]; }
  std::span<const int> chosen() const { return {order.data(), static_cast<std::size_t>(scheme.chosen)}; }
};

void scoreBySoftmax(Token& token) {
  const float most = *std::max_element(token.logits.begin(), token.logits.end());
  float sum = 0.0f;
  for (std::size_t e = 0; e < token.logits.size(); ++e) sum += token.scores[e] = std::exp(token.logits[e] - most);
  for (float& score : token.scores) score /= sum;
}

void scoreEach(Token& token, float (*score)(float)) {
  std::transform(token.logits.begin(), token.logits.end(), token.scores.begin(), score);
}

/// Ranks by these values, the correction bias added where there is one.
void rankBy(Token& token, std::span<const float> values) {
  token.choice.assign(values.begin(), values.end());
  for (std::size_t e = 0; e < token.bias.size(); ++e) token.choice[e] += token.bias[e];
}

/// Experts outside the best groups, which rank by the sum of their `best` best experts, give way.
void keepBestGroups(Token& token, std::size_t best) {
  const RoutingScheme& scheme = token.scheme;
  if (scheme.groups <= 1) return;
  const std::size_t size = token.choice.size() / static_cast<std::size_t>(scheme.groups);
  std::vector<std::pair<float, int>> ranks;
  for (int g = 0; g < scheme.groups; ++g) {
    const auto begin = token.choice.begin() + static_cast<long>(size) * g;
    std::vector<float> group(begin, begin + static_cast<long>(size));
    std::sort(group.begin(), group.end(), std::greater<>());
    ranks.push_back({std::accumulate(group.begin(), group.begin() + static_cast<long>(std::min(best, size)), 0.0f), -g});
  }
  std::sort(ranks.begin(), ranks.end(), std::greater<>());
  for (std::size_t r = static_cast<std::size_t>(scheme.keptGroups); r < ranks.size(); ++r)
    std::fill_n(token.choice.begin() - static_cast<long>(size) * ranks[r].second, size, scheme.outsideGroups);
}

/// Puts the best experts first; their scores are their weights so far.
void choose(Token& token) {
  std::iota(token.order.begin(), token.order.end(), 0);
  std::stable_sort(token.order.begin(), token.order.end(), [&](int a, int b) {
    return token.choice[static_cast<std::size_t>(a)] > token.choice[static_cast<std::size_t>(b)];
  });
  for (const int e : token.chosen()) token.weight(e) = token.score(e);
}

void divideBySum(Token& token) {
  float sum = 0.0f;
  for (const int e : token.chosen()) sum += token.weight(e);
  sum = std::max(sum, token.scheme.leastSum) + token.scheme.addedToSum;
  for (const int e : token.chosen()) token.weight(e) /= sum;
}

void divideWhereSaid(Token& token) {
  if (token.scheme.renormalise) divideBySum(token);
}

void renormalisedSoftmax(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.scores);
  choose(token);
  divideBySum(token);
}

void softmax(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.scores);
  choose(token);
  divideWhereSaid(token);
}

void softmaxOfChosen(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.logits);
  choose(token);
  const float most = token.logits[static_cast<std::size_t>(token.order[0])];
  for (const int e : token.chosen()) token.weight(e) = std::exp(token.logits[static_cast<std::size_t>(e)] - most);
  divideBySum(token);
}

void groupedSoftmax(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.scores);
  keepBestGroups(token, 1);
  choose(token);
}

void topTwoGroupedSoftmax(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.scores);
  keepBestGroups(token, 2);
  choose(token);
  divideWhereSaid(token);
}

void groupedSigmoid(Token& token) {
  scoreEach(token, sigmoid);
  rankBy(token, token.scores);
  keepBestGroups(token, 2);
  choose(token);
  divideWhereSaid(token);
}

void biasedSigmoid(Token& token) {
  scoreEach(token, sigmoid);
  rankBy(token, token.scores);
  choose(token);
  divideBySum(token);
}

void plainSigmoid(Token& token) {
  scoreEach(token, sigmoid);
  rankBy(token, token.scores);
  choose(token);
  divideWhereSaid(token);
}

void sqrtSoftplus(Token& token) {
  scoreEach(token, [](float x) { return std::sqrt(softplus(x)); });
  rankBy(token, token.scores);
  choose(token);
  divideBySum(token);
}

void cappedSoftmax(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.scores);
  choose(token);
}

void biasedLogits(Token& token) {
  scoreEach(token, sigmoid);
  rankBy(token, token.logits);
  choose(token);
  divideWhereSaid(token);
}

void inputSigmoid(Token& token) {
  scoreEach(token, sigmoid);
  rankBy(token, token.logits);
  choose(token);
}

/// One after the other the best that is left is taken; its weight is its part of a softmax over those near it. What was taken
/// before counts no more.
void sparseMixer(Token& token) {
  scoreBySoftmax(token);
  rankBy(token, token.logits);
  choose(token);
  for (std::size_t taken = 0; taken < token.chosen().size(); ++taken) {
    const float best = token.logits[static_cast<std::size_t>(token.order[taken])];
    float sum = 0.0f;
    for (std::size_t at = taken; at < token.order.size(); ++at) {
      const float logit = token.logits[static_cast<std::size_t>(token.order[at])];
      if (!((best - logit) / std::max(std::abs(logit), best) > 2.0f * token.scheme.nearness)) sum += std::exp(logit - best);
    }
    token.weight(token.order[taken]) = 1.0f / sum;
  }
}

using Rule = void (*)(Token&);

Rule functionOf(RouterRule rule) {
  switch (rule) {
    case RouterRule::RenormalisedSoftmax: return renormalisedSoftmax;
    case RouterRule::Softmax:
    case RouterRule::BiasedSoftmax: return softmax;  // the bias, where there is one, is in the ranking
    case RouterRule::SoftmaxOfChosen: return softmaxOfChosen;
    case RouterRule::GroupedSoftmax: return groupedSoftmax;
    case RouterRule::TopTwoGroupedSoftmax: return topTwoGroupedSoftmax;
    case RouterRule::GroupedSigmoid: return groupedSigmoid;
    case RouterRule::BiasedSigmoid: return biasedSigmoid;
    case RouterRule::Sigmoid: return plainSigmoid;
    case RouterRule::SqrtSoftplus: return sqrtSoftplus;
    case RouterRule::CappedSoftmax: return cappedSoftmax;
    case RouterRule::BiasedLogits: return biasedLogits;
    case RouterRule::InputSigmoid: return inputSigmoid;
    case RouterRule::SparseMixer: return sparseMixer;
  }
  return softmax;
}

RowMatrix logitsOf(const RouterWeights& router, const RowMatrix& tokens) {
  auto logits = productInPieces<RowMatrix>(tokens, router.weight.transpose());
  if (router.bias.size()) logits.rowwise() += router.bias.transpose();
  if (router.scheme.logitFactor != 1.0f) logits *= router.scheme.logitFactor;
  if (const float cap = router.scheme.logitCap; cap > 0.0f)
    logits = logits.unaryExpr([cap](float x) { return cap * std::tanh(x / cap); });
  return logits;
}

}  // namespace

bool RoutingScheme::softmaxScores() const {
  switch (rule) {
    case RouterRule::GroupedSigmoid:
    case RouterRule::BiasedSigmoid:
    case RouterRule::Sigmoid:
    case RouterRule::SqrtSoftplus:
    case RouterRule::BiasedLogits:
    case RouterRule::InputSigmoid: return false;
    default: return true;
  }
}

RoutedTokens routeTokens(const RouterWeights& router, const RowMatrix& tokens) {
  return routeLogits(router, logitsOf(router, tokens));
}

RoutedTokens routeLogits(const RouterWeights& router, RowMatrix logits) {
  RoutedTokens routed;
  routed.logits = std::move(logits);
  routed.scores = RowMatrix::Zero(routed.logits.rows(), routed.logits.cols());
  routed.weights = routed.scores;
  const auto count = static_cast<std::size_t>(routed.logits.cols());
  const std::span<const float> bias(router.correctionBias.data(), static_cast<std::size_t>(router.correctionBias.size()));
  const bool known = bias.empty() || router.correctionBias.allFinite();
  std::vector<int> order(count);
  std::vector<float> choice;
  const Rule route = functionOf(router.scheme.rule);
  for (Eigen::Index t = 0; t < routed.logits.rows(); ++t) {
    stopIfWanted();
    if (!known || !routed.logits.row(t).allFinite()) {  // there is no order, and no choice
      routed.scores.row(t).setConstant(kNone);
      routed.weights.row(t).setConstant(kNone);
      continue;
    }
    const auto row = [&](RowMatrix& matrix) { return std::span<float>(matrix.row(t).data(), count); };
    Token token{router.scheme, bias, row(routed.logits), row(routed.scores), row(routed.weights), choice, order};
    route(token);
    routed.weights.row(t) *= router.scheme.scaling;
    if (router.expertScale.size() > 0) routed.weights.row(t).array() *= router.expertScale.transpose().array();
  }
  return routed;
}

std::string describe(RouterRule rule) {
  switch (rule) {
    case RouterRule::RenormalisedSoftmax: return "softmax, best scores, divided by their sum";
    case RouterRule::Softmax: return "softmax, best scores, divided where config.json says so";
    case RouterRule::SoftmaxOfChosen: return "best logits, softmax over the chosen";
    case RouterRule::GroupedSoftmax: return "softmax, best groups by their best, never divided";
    case RouterRule::TopTwoGroupedSoftmax: return "softmax, best groups by their two best";
    case RouterRule::GroupedSigmoid: return "sigmoid + bias, best groups by their two best";
    case RouterRule::BiasedSigmoid: return "sigmoid + bias, divided by their sum";
    case RouterRule::Sigmoid: return "sigmoid, best scores, divided where config.json says so";
    case RouterRule::SqrtSoftplus: return "sqrt(softplus) + bias, divided by their sum";
    case RouterRule::BiasedSoftmax: return "softmax + bias";
    case RouterRule::CappedSoftmax: return "softmax of tanh-capped logits, never divided";
    case RouterRule::BiasedLogits: return "best logits + bias, sigmoid of the chosen";
    case RouterRule::InputSigmoid: return "best logits, sigmoid multiplies the expert's input";
    case RouterRule::SparseMixer: return "SparseMixer: softmaxes over the logits near the best";
  }
  return {};
}

RowMatrix displayLogits(const RouterWeights& router, const RowMatrix& logits) {
  if (router.scheme.softmaxScores()) return logits;
  // log sigmoid(x) = -softplus(-x) neither overflows nor loses small scores; softplus(x) is exp(x) where x is far below 0.
  if (router.scheme.rule == RouterRule::SqrtSoftplus)
    return logits.unaryExpr([](float x) { return 0.5f * (x < -20.0f ? x : std::log(softplus(x))); });
  return logits.unaryExpr([](float x) { return -softplus(-x); });
}

}  // namespace moescope
