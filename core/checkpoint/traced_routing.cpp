#include "core/checkpoint/traced_routing.h"

#include <algorithm>
#include <cmath>

namespace moescope {

RoutedTokens routeAsTraced(const RouterWeights& router, const TraceLayer& trace) {
  RoutedTokens routed = routeTokens(router, trace.hidden);
  if (trace.experts.size() > 0) {
    const RowMatrix ours = routed.weights;
    routed.weights.setZero();
    for (Eigen::Index t = 0; t < trace.experts.rows(); ++t)
      for (Eigen::Index i = 0; i < trace.experts.cols(); ++i) {
        const int e = trace.experts(t, i);
        const float own = ours(t, e) != 0.0f ? ours(t, e) : routed.scores(t, e);
        routed.weights(t, e) = trace.gates.size() > 0 ? trace.gates(t, i) : own;
      }
  }
  if (trace.logits.size() > 0) routed.logits = trace.logits;
  return routed;
}

RowMatrix displayLogits(const RouterWeights& router, const RowMatrix& logits) {
  if (!router.scheme.sigmoid) return logits;
  // log sigmoid(x) = min(x, 0) - log(1 + exp(-|x|)), which neither overflows nor loses small scores.
  // What is not a number stays so, which the vector unit's minimum does not grant.
  return logits.array().isNaN().select(logits.array(), logits.array().min(0.0f) - (-logits.array().abs()).exp().log1p()).matrix();
}

TrainedRule trainedRule(const RouterWeights& router) {
  const RoutingScheme& scheme = router.scheme;
  TrainedRule rule;
  rule.choice = TrainedRule::Choice::PerToken;
  rule.chosen = scheme.chosen;
  rule.rankedByAffinity = rule.affinityGates = scheme.sigmoid;
  rule.renormalised = scheme.renormalise || scheme.softmaxOfChosen;
  rule.choiceBias = router.correctionBias;
  rule.groups = scheme.groups;
  rule.keptGroups = scheme.keptGroups;
  rule.groupByTopTwo = scheme.groupByTopTwo;
  rule.scaling = scheme.scaling;
  return rule;
}

std::string concentrationNote(const RouterWeights& router, const TraceLayer& trace) {
  std::string note = trace.experts.size() > 0 ? "At concentration 1 the experts are those that the trace recorded"
                                              : "At concentration 1 the gates are those of the family's rule";
  note += "; elsewhere the rule chooses anew by tempered scores";
  if (router.scheme.sigmoid) note += ", sigmoids to the power of the concentration";
  if (router.correctionBias.size() > 0) note += ", with the same bias";
  return note + ".";
}

}  // namespace moescope
