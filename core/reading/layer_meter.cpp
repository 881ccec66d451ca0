#include "core/reading/layer_meter.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "core/reading/choosing.h"

namespace moescope {
namespace {

/// The lens's rule as the kernels take it; none: they do not.
std::optional<TokenRule> tokenRuleOf(const LayerSnapshot& layer, const Lens& lens, int experts) {
  const GatingRule& gating = lens.gating;
  switch (gating.policy) {
    case GatingPolicy::Soft: return TokenRule{TokenRule::Soft};
    case GatingPolicy::TopK: return TokenRule{TokenRule::TopK, std::clamp(gating.k, 1, experts)};
    case GatingPolicy::TopP: return TokenRule{TokenRule::TopP, 1, gating.mass};
    case GatingPolicy::Threshold: return TokenRule{TokenRule::Threshold, 1, 1.0f, gating.threshold};
    case GatingPolicy::AsTrained: break;
  }
  const TrainedRule& rule = layer.rule;
  if (rule.choice == TrainedRule::Choice::All) return TokenRule{TokenRule::Soft};
  const bool plain = rule.choice == TrainedRule::Choice::PerToken && rule.choiceBias.size() == 0 && rule.groups == 1 &&
                     rule.capacityFactor <= 0.0;
  if (!plain || keepsTrainedGates(layer, lens)) return std::nullopt;
  return TokenRule{TokenRule::TopK, std::clamp(rule.chosen, 1, experts)};  // measured on gates that are scaled to sum 1
}

RoutingMeasures measuresOf(const std::vector<double>& load, double entropy, double effective, double tokens) {
  RoutingMeasures measures;
  measures.load = Eigen::Map<const Eigen::VectorXd>(load.data(), static_cast<Eigen::Index>(load.size())) / tokens;
  measures.meanEntropy = entropy / tokens;
  measures.effectiveExperts = effective / tokens;
  measureLoad(measures);
  return measures;
}

}  // namespace

LayerMeter::LayerMeter(std::shared_ptr<const LayerSnapshot> layer) : layer_(std::move(layer)) {
  const bool both = layer_->posteriorScores.size() > 0;
  trained_ = scoresOnGpu(both ? layer_->posteriorScores : layer_->scores);
  if (both) prior_ = scoresOnGpu(layer_->scores);
}

LayerMeasures LayerMeter::measure(const Lens& lens, const std::atomic<bool>* stop) {
  GpuScores* const scores = lens.source == GateSource::Prior && prior_ ? prior_.get() : trained_.get();
  const auto experts = static_cast<int>(layer_->scores.cols());
  const std::optional<TokenRule> rule = tokenRuleOf(*layer_, lens, experts);
  if (!scores || !rule) return measureLayer(*layer_, lens, stop);
  Lens choosing = lens;
  choosing.concentration = choiceConcentration(lens, layer_->rule);
  const Eigen::RowVectorXf offset = logitOffset(*layer_, choosing);
  try {
    const GpuMeasures sums = scores->measure(offset, choosing.concentration, *rule);
    const auto tokens = static_cast<double>(layer_->scores.rows());
    const auto mean = [&](EvaluateSum which) { return sums.sums[which] / tokens; };
    LayerMeasures measures;
    measures.probability = measuresOf(sums.load, sums.sums[kSumEntropy], sums.sums[kSumEffective], tokens);
    measures.applied = measuresOf(rule->policy == TokenRule::Soft ? sums.load : sums.appliedLoad, sums.sums[kSumAppliedEntropy],
                                  sums.sums[kSumAppliedEffective], tokens);
    measures.entropyLower = mean(kSumLower);
    measures.entropyUpper = mean(kSumUpper);
    return measures;
  } catch (const std::runtime_error& error) {
    trouble_ = "the GPU reads no more tokens, the processor does: " + std::string(error.what());
    trained_.reset();
    prior_.reset();
    return measureLayer(*layer_, lens, stop);
  }
}

}  // namespace moescope
