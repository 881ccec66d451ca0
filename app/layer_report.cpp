#include "app/layer_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "app/report_json.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

using nlohmann::json;

/// Of an unknown load there is no such number.
std::string deadText(const LayerReport& report) {
  return report.load.allFinite() ? std::to_string(deadExperts(report.load)) + " of " + std::to_string(report.experts) +
                                       " experts below a tenth of the mean load"
                                 : "experts below a tenth of the mean load: not known";
}

/// Of the shared expert, over the routed ones that have a direction.
PairMean sharedAlignment(const LayerReport& report) {
  const std::vector<int> without = report.analysis->shared.withoutDirection();
  const Eigen::VectorXd& all = report.shared->alignment;
  return {meanOverExperts(all.cwiseAbs(), without), static_cast<int>(all.size()) - static_cast<int>(without.size())};
}

/// Experts whose W_gate is 0: that has no share in anything.
std::vector<int> withoutShare(const LayerReport& report) {
  std::vector<int> none;
  for (const int e : report.weightsLeftOut)
    if (std::isnan(report.explained[e])) none.push_back(e);
  return none;
}

double leastExplained(const LayerReport& report) {
  const std::vector<int> none = withoutShare(report);
  double least = meanOverExperts(report.explained, none);  // not a number as soon as one share is not
  for (int e = 0; e < report.experts; ++e)
    if (report.explained[e] < least) least = report.explained[e];
  return least;
}

json routedSubspacesJson(const ExpertAnalysis& analysis) {
  const PairMean mean = analysis.meanOverlap();
  json ranks = json::array();
  for (int e = 0; e < analysis.experts; ++e)
    ranks.push_back(analysis.explained[static_cast<std::size_t>(e)].size() > 0 ? number(analysis.effectiveRank[e])
                                                                               : json(nullptr));
  return {{"rank", analysis.settings.rank},
          {"definition", analysis.overlapInWords()},
          {"experts_left_out", analysis.leftOut},
          {"pairs", mean.pairs},
          {"overlap", matrixJson(analysis.overlap)},
          {"mean_overlap", number(mean.value)},
          {"random_overlap", analysis.nullOverlap},
          {"random_deviation", analysis.nullOverlapDeviation},
          {"effective_rank", ranks}};
}

json jacobiansJson(const LayerReport& report) {
  const JacobianAlignment& shared = report.analysis->shared;
  const PairMean mean = shared.meanAbsolute();
  return {{"alignment", matrixJson(shared.mean)},
          {"mean_absolute", number(mean.value)},
          {"mean_absolute_z", number(mean.value / shared.nullDeviation)},
          {"pairs", mean.pairs},
          {"experts_without_direction", shared.withoutDirection()},
          {"null_deviation", shared.nullDeviation},
          {"tokens", report.jacobians.tokens},
          {"method", report.jacobians.probes ? "hutchinson" : "exact"},
          {"probes", report.jacobians.probes},
          {"passes", report.jacobians.passes}};
}

json spectrumJson(const JacobianSpectrum& spectrum) {
  return {{"jacobians", spectrum.jacobians},
          {"leading", number(spectrum.leading)},
          {"leading_share", number(spectrum.leadingShare)},
          {"effective_rank", number(spectrum.effectiveRank)},
          {"decay", listJson(spectrum.decay)}};
}

/// Null where the trace has no logits.
json logitsJson(const LayerReport& report) {
  if (!report.logits) return nullptr;
  return {{"tokens", report.logits->tokens},
          {"tokens_with_other_experts", report.logits->otherExperts},
          {"greatest_difference", number(report.logits->greatest)},
          {"largest_logit", number(report.logits->largest)}};
}

json traceJson(const LayerReport& report) {
  const ExpertAnalysis& analysis = *report.analysis;
  json result = {{"tokens", report.tokens},
                 {"agreement_with_traced_ids", number(report.sameChoices)},
                 {"traced_logits", logitsJson(report)},
                 {"load", listJson(report.load)},
                 {"load_cv_of_assignments", number(balanceOf(report.load).variation)},
                 {"max_vio_of_assignments", number(balanceOf(report.load).maxViolation)},
                 {"load_cv_of_weights", number(report.weights.loadVariation)},
                 {"max_vio_of_weights", number(report.weights.maxViolation)},
                 {"entropy_of_weights_nats", number(report.weights.meanEntropy)},
                 {"dead_experts", report.load.allFinite() ? json(deadExperts(report.load)) : json(nullptr)},
                 {"routed_subspaces", routedSubspacesJson(analysis)}};
  if (report.withoutJacobians.empty()) result["jacobians"] = jacobiansJson(report);
  else result["without_jacobians"] = report.withoutJacobians;
  if (analysis.spectra)
    result["jacobian_spectrum"] = {{"experts", spectrumJson(analysis.spectra->all)},
                                   {"layer", spectrumJson(analysis.spectra->layer)}};
  for (const ScoreActivation& each : analysis.scoreActivation)
    result["score_activation"].push_back({{"tokens", report.routingKnown ? json(each.tokens.size()) : json(nullptr)},
                                          {"pearson", number(each.pearson)},
                                          {"spearman", number(each.spearman)}});
  for (const RoutingAt& at : report.routing)
    result["routing"].push_back({{"concentration", at.concentration},
                                 {"entropy_of_probabilities_nats", number(at.routing.probability.meanEntropy)},
                                 {"entropy_lower_bound_nats", number(at.routing.entropyLower)},
                                 {"entropy_upper_bound_nats", number(at.routing.entropyUpper)},
                                 {"effective_experts", number(at.routing.probability.effectiveExperts)},
                                 {"load_cv_applied", number(at.routing.applied.loadVariation)},
                                 {"max_vio_applied", number(at.routing.applied.maxViolation)}});
  return result;
}

json sharedJson(const LayerReport& report) {
  const SharedReport& shared = *report.shared;
  json result = {{"units", shared.units},
                 {"gated", shared.gated},
                 {"router_coupling", listJson(shared.coupling)},
                 {"weight_overlap", listJson(shared.overlap)},
                 {"random_overlap", shared.nullOverlap}};
  if (shared.alignment.size() > 0) result["jacobian_alignment"] = listJson(shared.alignment);
  if (shared.gated && report.tokens > 0) result["mean_gate"] = number(shared.meanGate);
  if (shared.normRatio.size() > 0)
    result["output_norm_over_routed"] = {{"mean", number(shared.meanNormRatio())}, {"tokens", shared.normRatio.size()}};
  return result;
}

void row(const std::string& what, double value, const std::string& beside) {
  std::printf("  %-52s %10s   %s\n", what.c_str(), numberText("%.4f", value).c_str(), beside.c_str());
}

std::string leftOutText(const std::vector<int>& experts, int all) {
  return experts.empty() ? "" : ", " + std::to_string(experts.size()) + " of " + std::to_string(all) + " experts left out";
}

void printShared(const LayerReport& report) {
  const SharedReport& shared = *report.shared;
  row("shared expert: overlap of W_gate with routed ones", meanOverExperts(shared.overlap, report.weightsLeftOut),
      std::to_string(shared.units) + (shared.gated ? " units, sigmoid-gated, " : " units, not gated, ") +
          numberText("random %.4f; not part of load or balance", shared.nullOverlap));
  if (shared.normRatio.size() > 0)
    row("shared expert: length of its output over the routed sum", shared.meanNormRatio(),
        "mean over " + std::to_string(shared.normRatio.size()) + " tokens");
  if (shared.alignment.size() > 0) {
    const double mean = sharedAlignment(report).value;
    row("shared expert: Jacobian alignment, mean |cos|", mean,
        numberText("%.2f deviations of independent ones", mean / report.analysis->shared.nullDeviation));
  }
  if (shared.gated && report.tokens > 0) row("shared expert: mean of its gate", shared.meanGate, "");
}

void printJacobians(const LayerReport& report) {
  const JacobianPlan& plan = report.jacobians;
  const JacobianAlignment& shared = report.analysis->shared;
  std::printf("  Jacobians %s on %s, every expert read %s\n",
              plan.probes ? ("by " + std::to_string(plan.probes) + " random directions").c_str() : "exact",
              counted(plan.tokens, "shared token").c_str(),
              plan.passes == 1 ? "once" : (std::to_string(plan.passes) + " times").c_str());
  const PairMean mean = shared.meanAbsolute();
  const std::size_t none = shared.withoutDirection().size();
  row("Jacobian alignment, mean |cos|", mean.value,
      numberText("%.2f deviations of independent ones", mean.value / shared.nullDeviation) +
          numberText(" (%.4f at one token", shared.nullDeviation) +
          (plan.probes > 0 ? ", noise of the random directions included)" : ", less over many)") +
          (none > 0 ? ", over " + std::to_string(mean.pairs) + " pairs: " + std::to_string(none) + " experts have no direction"
                    : ""));
}

void printSpectrum(const std::string& whose, const JacobianSpectrum& spectrum) {
  const auto value = [&](Eigen::Index i) {
    return i <= spectrum.decay.size() ? numberText("%.3f", spectrum.decay[i - 1]) : std::string("-");
  };
  row(whose + ": effective rank", spectrum.effectiveRank,
      numberText("sigma 1 %.4g, ", spectrum.leading) + numberText("%.3f of |J|^2; ", spectrum.leadingShare) +
          "sigma 2, 4, 8, 16 over it " + value(2) + ", " + value(4) + ", " + value(8) + ", " + value(16) + "; mean of " +
          std::to_string(spectrum.jacobians));
}

void printTrace(const LayerReport& report) {
  const ExpertAnalysis& analysis = *report.analysis;
  std::printf("  with the trace's %s:\n", counted(report.tokens, "token").c_str());
  if (report.logits)
    row("traced logits and our router's, greatest difference", report.logits->greatest,
        "other experts at " + std::to_string(report.logits->otherExperts) + " of " + counted(report.logits->tokens, "token") +
            "; routing is of the traced ones");
  if (!std::isnan(report.sameChoices)) row("traced choices that our router makes too", report.sameChoices, "1 = all");
  const LoadBalance balance = balanceOf(report.load);
  row("load CV of assignments", balance.variation, numberText("MaxVio %.4f, ", balance.maxViolation) + deadText(report));
  row("load CV of weights", report.weights.loadVariation,
      numberText("MaxVio %.4f; each token's weights scaled to sum 1", report.weights.maxViolation));
  row("subspaces of routed tokens, rank " + std::to_string(analysis.settings.rank) + ", mean overlap",
      analysis.meanOverlap().value,
      numberText("random r/d %.4f", analysis.nullOverlap) + numberText(" +- %.4f", analysis.nullOverlapDeviation));
  std::printf("    that is the %s\n", analysis.overlapInWords().c_str());
  if (report.withoutJacobians.empty()) printJacobians(report);
  else std::printf("  no Jacobians: %s\n", report.withoutJacobians.c_str());
  if (analysis.spectra) {
    printSpectrum("Jacobian of an expert", analysis.spectra->all);
    printSpectrum("Jacobian of the layer, gates held", analysis.spectra->layer);
  }
  const MeanCorrelation spearman = meanSpearman(analysis.scoreActivation);
  row("score against activation, mean Spearman", spearman.value,
      "of " + std::to_string(spearman.experts) + " experts with three tokens or more");
  std::printf("  %13s %28s %12s %12s %12s %12s\n", "concentration", "entropy, nats (bounds)", "eff. experts", "load CV", "MaxVio",
              "applied H");
  for (const RoutingAt& at : report.routing) {
    const auto cell = [](const char* format, double value) { return numberText(format, value); };
    const std::string bounds = cell("%.4f", at.routing.probability.meanEntropy) + " (" + cell("%.4f", at.routing.entropyLower) +
                               ", " + cell("%.4f", at.routing.entropyUpper) + ")";
    std::printf("  %13.4g %28s %12s %12s %12s %12s\n", at.concentration, bounds.c_str(),
                cell("%.3f", at.routing.probability.effectiveExperts).c_str(),
                cell("%.4f", at.routing.applied.loadVariation).c_str(), cell("%.4f", at.routing.applied.maxViolation).c_str(),
                cell("%.4f", at.routing.applied.meanEntropy).c_str());
  }
}

/// Names in the file; null where the family has none.
json routerTensorsJson(const RouterTensors& tensors) {
  const auto named = [&](const std::string& name) { return name.empty() ? json(nullptr) : json(tensors.prefix + name); };
  return {{"weight", named(tensors.weight)}, {"bias", named(tensors.bias)}, {"correction_bias", named(tensors.correctionBias)}};
}

void printRouterTensors(const RouterTensors& tensors) {
  std::printf("  router: tensor %s%s", tensors.prefix.c_str(), tensors.weight.c_str());
  if (!tensors.bias.empty()) std::printf("; bias of the logits: %s", tensors.bias.c_str());
  if (!tensors.correctionBias.empty()) std::printf("; bias for the choice only: %s", tensors.correctionBias.c_str());
  std::printf("\n");
}

}  // namespace

json layerJson(const LayerReport& report) {
  const PairMean similarity = meanOverPairs(report.routerSimilarity, report.routersWithoutDirection),
                 overlap = meanOverPairs(report.weightOverlap, report.weightsLeftOut);
  json result = {{"layer", report.layer},
                 {"experts", report.experts},
                 {"width", report.width},
                 {"units", report.units},
                 {"router_tensors", routerTensorsJson(report.router)},
                 {"router_similarity",
                  {{"cosines", matrixJson(report.routerSimilarity)},
                   {"mean_absolute", number(similarity.value)},
                   {"random", report.nullCosine}}},
                 {"coupling",
                  {{"mean_absolute_cosines", matrixJson(report.coupling.weights)},
                   {"matched_minus_rest", number(report.coupling.weightContrast())},
                   {"random", report.nullCosine}}},
                 {"weight_subspaces",
                  {{"rank", report.weightRank},
                   {"overlap", matrixJson(report.weightOverlap)},
                   {"mean_overlap", number(overlap.value)},
                   {"experts_left_out", report.weightsLeftOut},
                   {"pairs", overlap.pairs},
                   {"random_overlap", report.nullOverlap},
                   {"random_deviation", report.nullOverlapDeviation},
                   {"explained", listJson(report.explained)}}}};
  if (report.shared) result["shared_expert"] = sharedJson(report);
  result["memory_bound_megabytes"] = static_cast<double>(report.memoryBound) / 1e6;
  if (report.tokens > 0) result["trace"] = traceJson(report);
  return result;
}

void printLayer(const LayerReport& report) {
  std::printf("\nlayer %d: %s of %s, width %d\n", report.layer, counted(report.experts, "expert").c_str(),
              counted(report.units, "unit").c_str(), report.width);
  printRouterTensors(report.router);
  row("router rows, mean |cos| of different ones", meanOverPairs(report.routerSimilarity, report.routersWithoutDirection).value,
      numberText("random directions %.4f", report.nullCosine));
  row("router and W_gate rows, mean |cos|, matched pairs", report.coupling.weightsMatched(),
      numberText("matched less rest %+.4f, ", report.coupling.weightContrast()) + numberText("random %.4f", report.nullCosine));
  row("subspaces of W_gate, rank " + std::to_string(report.weightRank) + ", mean overlap",
      meanOverPairs(report.weightOverlap, report.weightsLeftOut).value,
      numberText("random r/d %.4f", report.nullOverlap) + numberText(" +- %.4f", report.nullOverlapDeviation) +
          leftOutText(report.weightsLeftOut, report.experts));
  row("share of |W_gate|^2 in that subspace, mean", meanOverExperts(report.explained, withoutShare(report)),
      numberText("least %.4f", leastExplained(report)));
  if (report.shared) printShared(report);
  if (report.tokens > 0) printTrace(report);
}

}  // namespace moescope
