#include "core/checkpoint/traced_routing.h"

#include <algorithm>
#include <cstdio>

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

RoutedTokens routeByRule(const RouterWeights& router, const TraceLayer& trace) {
  return trace.logits.size() > 0 ? routeLogits(router, trace.logits) : routeTokens(router, trace.hidden);
}

std::optional<LogitsCompared> compareLogits(const RouterWeights& router, const TraceLayer& trace) {
  if (trace.logits.size() == 0) return std::nullopt;
  const RoutedTokens own = routeTokens(router, trace.hidden), recorded = routeLogits(router, trace.logits);
  LogitsCompared compared;
  for (Eigen::Index t = 0; t < own.logits.rows(); ++t) {
    if (!own.weights.row(t).allFinite() || !recorded.weights.row(t).allFinite()) continue;
    ++compared.tokens;
    const auto chosen = [&](const RoutedTokens& routed) { return routed.weights.row(t).array() != 0.0f; };
    compared.otherExperts += (chosen(own) != chosen(recorded)).any() ? 1 : 0;
    compared.greatest = std::max(compared.greatest, (own.logits.row(t) - recorded.logits.row(t)).cwiseAbs().maxCoeff());
    for (const RoutedTokens* routed : {&own, &recorded})
      compared.largest = std::max(compared.largest, routed->logits.row(t).cwiseAbs().maxCoeff());
  }
  return compared;
}

ReadingNotes notesOf(const std::optional<LogitsCompared>& compared, int layer, const TraceLayer& trace) {
  ReadingNotes notes;
  if (!compared || !compared->contradict()) return notes;
  const auto text = [](const char* format, double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, format, value);
    return std::string(digits);
  };
  const double share = 100.0 * static_cast<double>(compared->otherExperts) / static_cast<double>(compared->tokens);
  const std::string found = translated(
      "layer %1: router_logits of the trace are not what the checkpoint's router gives of the trace's hidden states: up to %2 "
      "apart, other experts at %3 of %4 tokens (%5 %)",
      std::to_string(layer), text("%.4g", compared->greatest), std::to_string(compared->otherExperts),
      std::to_string(compared->tokens), text("%.1f", share));
  notes.add(ReadingNoteKind::Contradicting,
            trace.experts.size() > 0
                ? translated("%1; entropies and scores are of the trace's logits and choices of its expert_ids, router rows and "
                             "couplings of the checkpoint",
                             found)
                : translated("%1; entropies, scores, choices and loads are of the trace's logits, router rows and couplings of "
                             "the checkpoint",
                             found));
  return notes;
}

RoutedTokens routeAsTraced(const RouterWeights& router, const TraceLayer& trace) {
  RoutedTokens routed = routeByRule(router, trace);
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
