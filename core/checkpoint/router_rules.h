#pragma once
// How routers turn logits into weights: the arithmetics of all families that are known, each one small function.
// Formulas: the router classes of the transformers library's modelling sources; of Grok-1, sglang's.

#include <Eigen/Core>
#include <cmath>
#include <string>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// s: scores of a token's logits l over all experts; b: the correction bias, which counts for the choice only.
enum class RouterRule {
  RenormalisedSoftmax,   ///< s = softmax(l), best s, weights s / sum
  Softmax,               ///< s = softmax(l), best s, weights s, divided by their sum where config.json says so
  SoftmaxOfChosen,       ///< best l, weights the softmax over the chosen alone
  GroupedSoftmax,        ///< s = softmax(l), best s in the groups whose best is largest, weights s (never divided)
  TopTwoGroupedSoftmax,  ///< as GroupedSoftmax, groups ranked by the sum of their two best, divided where config.json says so
  GroupedSigmoid,        ///< s = sigmoid(l), best s + b in the groups whose two best sum highest, weights s
  BiasedSigmoid,         ///< s = sigmoid(l), best s + b, weights s / sum
  Sigmoid,               ///< s = sigmoid(l), best s, weights s, divided where config.json says so
  SqrtSoftplus,          ///< s = sqrt(log(1 + exp(l))), best s + b, weights s / sum
  BiasedSoftmax,         ///< s = softmax(l), best s + b, weights s, divided where config.json says so
  CappedSoftmax,         ///< as Softmax of cap tanh(l / cap), never divided
  BiasedLogits,          ///< s = sigmoid(l), best l + b, weights s, divided where config.json says so
  InputSigmoid,          ///< best l, sigmoid(l) multiplies the expert's input
  SparseMixer,           ///< two softmaxes one after the other, each over the logits near the best that is left
};

/// How a family turns router logits into the weights of the chosen experts.
struct RoutingScheme {
  RouterRule rule = RouterRule::Softmax;
  int chosen = 2;            ///< experts per token
  bool renormalise = false;  ///< where the rule leaves it open: chosen scores are divided by their sum
  float leastSum = 0.0f;     ///< a smaller sum is taken for this one (Ernie)
  float addedToSum = 0.0f;   ///< to the sum that chosen scores are divided by (LFM2)
  int groups = 1;            ///< group-limited choice: experts come from the `keptGroups` best groups
  int keptGroups = 1;
  float outsideGroups = -INFINITY;  ///< what experts of other groups are ranked by
  float scaling = 1.0f;      ///< multiplies the weights at the end
  float logitFactor = 1.0f;  ///< multiplies the logits
  float logitCap = 0.0f;     ///< logits become cap tanh(logit / cap); 0: they do not
  float nearness = 0.0f;     ///< SparseMixer: (best - l) / max(|l|, best) beyond which an expert is left aside, halved

  /// Softmax over all experts (else each logit alone gives its score).
  bool softmaxScores() const;
};

/// Which tensors of the file a router is, by their names below `prefix`; empty where the family has none.
struct RouterTensors {
  std::string prefix;          ///< "model.layers.0."
  std::string weight;          ///< "mlp.gate.weight"
  std::string bias;            ///< added to the logits
  std::string correctionBias;  ///< counts for the choice only
};

struct RouterWeights {
  RowMatrix weight;                ///< N x d
  Eigen::VectorXf bias;            ///< N, added to the logits; empty where the family has none
  Eigen::VectorXf correctionBias;  ///< N, added to scores for the choice only; empty where the family has none
  RoutingScheme scheme;
  Eigen::VectorXf expertScale = {};  ///< N, multiplies the weights at the end; empty where the family has none
  RouterTensors tensors = {};
};

/// One layer's routing of T tokens. Weights of a row need not sum to 1: that is the family's rule. A token with a logit that is
/// not finite has no routing: all its scores and weights are NaN.
struct RoutedTokens {
  RowMatrix logits;   ///< T x N, factor and cap included
  RowMatrix scores;   ///< T x N over all experts (softmax of the chosen: over all, for display)
  RowMatrix weights;  ///< T x N: what multiplies the expert's output (InputSigmoid: its input); 0 where not chosen
};
RoutedTokens routeTokens(const RouterWeights& router, const RowMatrix& tokens);
/// The same of logits (T x N, factor and cap included) that are known already.
RoutedTokens routeLogits(const RouterWeights& router, RowMatrix logits);

/// One line for a person: what is ranked and what the weights are.
std::string describe(RouterRule rule);

/// T x N logits whose softmax is the rule's scores, rows scaled to sum 1: where scores are not a softmax, their logarithm.
RowMatrix displayLogits(const RouterWeights& router, const RowMatrix& logits);

}  // namespace moescope
