#include "core/checkpoint/traced_routing.h"
#include "core/words/words.h"

namespace moescope {
namespace {

bool dividesBySum(const RoutingScheme& scheme) {
  switch (scheme.rule) {
    case RouterRule::RenormalisedSoftmax:
    case RouterRule::SoftmaxOfChosen:
    case RouterRule::BiasedSigmoid:
    case RouterRule::SqrtSoftplus: return true;
    case RouterRule::GroupedSoftmax:
    case RouterRule::CappedSoftmax:
    case RouterRule::InputSigmoid:
    case RouterRule::SparseMixer: return false;
    default: return scheme.renormalise;
  }
}

}  // namespace

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

TrainedRule trainedRule(const RouterWeights& router) {
  const RoutingScheme& scheme = router.scheme;
  TrainedRule rule;
  const bool biasedLogits = scheme.rule == RouterRule::BiasedLogits && router.correctionBias.size() > 0;
  if (scheme.rule == RouterRule::SparseMixer || biasedLogits) {  // ranked by what display logits do not tell
    rule.choice = TrainedRule::Choice::Fixed;
    return rule;
  }
  rule.choice = TrainedRule::Choice::PerToken;
  rule.chosen = scheme.chosen;
  rule.rankedByAffinity = rule.affinityGates = !scheme.softmaxScores();
  rule.renormalised = dividesBySum(scheme);
  rule.choiceBias = router.correctionBias;
  if (scheme.rule == RouterRule::GroupedSoftmax || scheme.rule == RouterRule::TopTwoGroupedSoftmax ||
      scheme.rule == RouterRule::GroupedSigmoid) {
    rule.groups = scheme.groups;
    rule.keptGroups = scheme.keptGroups;
    rule.groupByTopTwo = scheme.rule != RouterRule::GroupedSoftmax;
  }
  rule.scaling = scheme.scaling;
  rule.expertScaling = router.expertScale;
  return rule;
}

std::string concentrationNote(const RouterWeights& router, const TraceLayer& trace) {
  std::string note = trace.experts.size() > 0 ? translated("At concentration 1 the experts are those that the trace recorded")
                                              : translated("At concentration 1 the gates are those of the family's rule");
  if (trainedRule(router).choice == TrainedRule::Choice::Fixed)
    return note + translated("; elsewhere they stay so, since this rule does not apply to tempered scores.");
  note += translated("; elsewhere the rule chooses anew by tempered scores");
  if (!router.scheme.softmaxScores()) note += translated(", each to the power of the concentration");
  if (router.correctionBias.size() > 0) note += translated(", with the same bias");
  return note + ".";
}

}  // namespace moescope
