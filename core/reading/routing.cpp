#include "core/reading/routing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>

#include "core/geometry/bingham.h"
#include "core/metrics/bounds.h"
#include "core/metrics/load.h"
#include "core/metrics/row_kernels.h"
#include "core/reading/gpu_scores.h"

namespace moescope {
namespace {

/// psi_e(alpha) = log 1F1(1/2; d/2; alpha Lambda_e), or zeros where the router has no spectra.
Eigen::VectorXd normalisers(const LayerSnapshot& layer, double alpha) {
  Eigen::VectorXd psi = Eigen::VectorXd::Zero(layer.scores.cols());
  const int dimension = static_cast<int>(layer.hidden.cols());
  for (Eigen::Index e = 0; e < layer.spectra.rows(); ++e)
    psi[e] = binghamNormaliser(alpha * layer.spectra.row(e).transpose(), dimension).logValue;
  return psi;
}

/// What is added to concentration * scores: prior and normaliser. Tempered multiplies the whole logit, these included.
Eigen::RowVectorXf offsets(const Eigen::VectorXd& psi, const LayerSnapshot& layer, float concentration, ConcentrationReading reading) {
  const double factor = reading == ConcentrationReading::Tempered ? concentration : 1.0;
  return ((layer.logPrior - psi) * factor).cast<float>().transpose();
}

Eigen::VectorXd normalisersFor(const LayerSnapshot& layer, float concentration, ConcentrationReading reading) {
  return normalisers(layer, reading == ConcentrationReading::Tempered ? 1.0 : concentration);
}

const RowMatrix& scoresOf(const LayerSnapshot& layer, GateSource source) {
  return source == GateSource::Trained && layer.posteriorScores.size() > 0 ? layer.posteriorScores : layer.scores;
}

void requireConcentration(float concentration) {
  if (!std::isfinite(concentration) || concentration < 0.0f)
    throw std::invalid_argument("the concentration must be a finite number of at least 0");
}

/// H = log Z + spread / Z in nats. Both terms are at least 0.
double entropyOf(float total, float spread) { return std::log(static_cast<double>(total)) + static_cast<double>(spread) / total; }

/// Adds up what is measured on the tokens of one layer, one token after another.
class MeasureSum {
 public:
  MeasureSum(Eigen::Index tokens, Eigen::Index experts) : block_(Eigen::VectorXf::Zero(experts)) {
    measures_.tokenEntropy.resize(tokens);
    measures_.load = Eigen::VectorXd::Zero(experts);
  }
  /// Where the token's gates are to be added.
  float* load() { return block_.data(); }
  void add(Eigen::Index token, double entropy) {
    measures_.tokenEntropy[token] = static_cast<float>(entropy);
    measures_.meanEntropy += entropy;
    measures_.effectiveExperts += std::exp(entropy);
    if (token % kBlock == kBlock - 1) flush();
  }
  RoutingMeasures finish() {
    flush();
    const double tokens = static_cast<double>(measures_.tokenEntropy.size());
    measures_.meanEntropy /= tokens;
    measures_.effectiveExperts /= tokens;
    measures_.load /= tokens;
    measureLoad(measures_);
    return std::move(measures_);
  }

 private:
  static constexpr Eigen::Index kBlock = 64;  // so many floats are summed before doubles take over
  void flush() {
    measures_.load += block_.cast<double>();
    block_.setZero();
  }
  RoutingMeasures measures_;
  Eigen::VectorXf block_;
};

/// The two proven bounds E2 and E3, summed over tokens by each token's own range and top gap.
struct BoundSum {
  double lower = 0.0, upper = 0.0;
  void add(const RowReading& row, int experts) {
    lower += entropyLowerBound(experts, row.range);
    upper += entropyUpperBound(experts, row.gap);
  }
};

/// Which probabilities a rule keeps: those of at least the cut, and of those that equal it the first `quota` of all kept.
struct Cut {
  float value = 0.0f;
  int quota = 0;
};

Cut cutOf(const GatingRule& rule, const float* probabilities, int experts) {
  switch (rule.policy) {
    case GatingPolicy::AsTrained:
    case GatingPolicy::Soft: return {0.0f, experts};
    case GatingPolicy::TopK: {
      const int k = std::clamp(rule.k, 1, experts);
      return {cutForCount(probabilities, experts, k), k};
    }
    case GatingPolicy::TopP: return {cutForMass(probabilities, experts, rule.mass), experts};
    case GatingPolicy::Threshold: {
      const float largest = *std::max_element(probabilities, probabilities + experts);
      return largest >= rule.threshold ? Cut{rule.threshold, experts} : Cut{largest, 1};
    }
  }
  return {0.0f, experts};
}

/// Of the gates that equal the smallest kept one, those of the highest index go first: while the quota is exceeded, or (top-p)
/// while the mass is reached without them. Mass and spread are summed anew from what is left, since subtracting would cancel.
void dropTies(const GatingRule& rule, int quota, const float* logits, float largest, KeptRow& kept, std::span<float> gates) {
  if (kept.least == 0.0f) return;  // a zero gate more or less changes no number
  const int before = kept.count;
  float mass = kept.mass;
  for (auto gate = gates.rbegin(); gate != gates.rend() && kept.count > 1; ++gate) {
    const bool massToSpare = rule.policy == GatingPolicy::TopP && mass - kept.least >= rule.mass;
    if (kept.count <= quota && !massToSpare) break;
    if (*gate != kept.least) continue;
    *gate = 0.0f;
    mass -= kept.least;
    --kept.count;
  }
  if (kept.count == before) return;
  kept.mass = kept.spread = 0.0f;
  for (std::size_t e = 0; e < gates.size(); ++e) {
    kept.mass += gates[e];
    kept.spread += gates[e] * (largest - logits[e]);
  }
}

/// Fills one row of applied gates, adds them to `load`, returns their entropy in nats.
double applyRule(const GatingRule& rule, const RowReading& row, const float* logits, const float* probabilities, int experts, float* gates,
                 float* load) {
  const Cut cut = cutOf(rule, probabilities, experts);
  KeptRow kept = keepFrom(cut.value, probabilities, logits, row.largest, experts, gates);
  if (kept.count > cut.quota || rule.policy == GatingPolicy::TopP)
    dropTies(rule, cut.quota, logits, row.largest, kept, {gates, static_cast<std::size_t>(experts)});
  scaleInto(gates, 1.0f / kept.mass, experts, load);
  return std::max(0.0, entropyOf(row.total * kept.mass, row.total * kept.spread));
}

/// Loads are all that a capture tells; what takes scores or gates is NaN.
Routing routingOfCapture(const CapturedRouting& capture) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  Routing routing;
  routing.layer = capture.layer;
  for (RowMatrix* rows : {&routing.logits, &routing.probabilities, &routing.gates}) rows->resize(0, capture.experts);
  routing.probability.load = Eigen::VectorXd::Constant(capture.experts, none);
  routing.applied.load = capture.routed() ? capture.loads[static_cast<std::size_t>(capture.layer)] : routing.probability.load;
  for (RoutingMeasures* measures : {&routing.probability, &routing.applied}) {
    const LoadBalance balance = balanceOf(measures->load);
    measures->meanEntropy = measures->effectiveExperts = measures->specialisation = none;
    measures->loadVariation = balance.variation;
    measures->maxViolation = balance.maxViolation;
    measures->loadEntropy = balance.entropy;
  }
  routing.entropyLower = routing.entropyUpper = none;
  return routing;
}

}  // namespace

RowMatrix logitsAt(const LayerSnapshot& layer, float concentration, ConcentrationReading reading, GateSource source) {
  requireConcentration(concentration);
  const Eigen::RowVectorXf offset = offsets(normalisersFor(layer, concentration, reading), layer, concentration, reading);
  return (concentration * scoresOf(layer, source)).rowwise() + offset;
}

RowMatrix gatesAsTrained(const LayerSnapshot& layer, const Lens& lens, const RowMatrix& logits, const RowMatrix& probabilities) {
  const bool trained = lens.concentration == 1.0f && (lens.source == GateSource::Trained || layer.posteriorScores.size() == 0);
  return trained && layer.trainedGates.size() > 0 ? layer.trainedGates : gatesByRule(layer, logits, probabilities);
}

int heldLayer(const Snapshot& snapshot, int wanted) {
  const int clamped = std::clamp(wanted, 0, static_cast<int>(snapshot.layers.size()) - 1);
  if (snapshot.layers[static_cast<std::size_t>(clamped)].scores.size() > 0) return clamped;
  const auto held = std::find_if(snapshot.layers.begin(), snapshot.layers.end(), [](const LayerSnapshot& layer) { return layer.scores.size() > 0; });
  return held == snapshot.layers.end() ? clamped : static_cast<int>(held - snapshot.layers.begin());
}

void applyTrainedRule(const LayerSnapshot& layer, const Lens& lens, Routing& routing) {
  routing.gates = gatesAsTrained(layer, lens, routing.logits, routing.probabilities);
  routing.applied = measureGates(routing.gates);
  routing.unserved = static_cast<int>((routing.gates.array() == 0.0f).rowwise().all().count());
}

Routing evaluate(const Snapshot& snapshot, const Lens& lens) {
  if (snapshot.layers.empty()) throw std::invalid_argument("the snapshot has no MoE layer");
  if (snapshot.capture) return routingOfCapture(*snapshot.capture);
  requireConcentration(lens.concentration);
  Routing routing;
  routing.layer = heldLayer(snapshot, lens.layer);
  const LayerSnapshot& layer = snapshot.layers[static_cast<std::size_t>(routing.layer)];
  const RowMatrix& scores = scoresOf(layer, lens.source);
  const Eigen::Index tokens = scores.rows();
  const int experts = static_cast<int>(scores.cols());
  if (scores.size() == 0) throw std::invalid_argument("the snapshot has no tokens or no experts");
  const Eigen::RowVectorXf offset = offsets(normalisersFor(layer, lens.concentration, lens.reading), layer, lens.concentration, lens.reading);
  const bool asTrained = lens.gating.policy == GatingPolicy::AsTrained && layer.rule.choice != TrainedRule::Choice::All;
  const bool soft = lens.gating.policy == GatingPolicy::Soft || (lens.gating.policy == GatingPolicy::AsTrained && !asTrained);
  routing.logits.resize(tokens, experts);
  routing.probabilities.resize(tokens, experts);
  if (!soft && !asTrained) routing.gates.resize(tokens, experts);
  MeasureSum probability(tokens, experts), applied(tokens, experts);
  BoundSum bounds;
  for (Eigen::Index t = 0; t < tokens; ++t) {  // one pass: a row stays in the nearest cache until it is done
    float* logits = routing.logits.row(t).data();
    float* probabilities = routing.probabilities.row(t).data();
    const RowReading row = readRow(scores.row(t).data(), offset.data(), lens.concentration, experts, logits, probabilities);
    addInto(probabilities, experts, probability.load());
    probability.add(t, entropyOf(row.total, row.spread));
    bounds.add(row, experts);
    if (soft || asTrained) continue;
    const double entropy =
        applyRule(lens.gating, row, logits, probabilities, experts, routing.gates.row(t).data(), applied.load());
    applied.add(t, entropy);
  }
  routing.probability = probability.finish();
  if (asTrained) {
    applyTrainedRule(layer, lens, routing);
  } else {
    routing.applied = soft ? routing.probability : applied.finish();
    if (soft) routing.gates = routing.probabilities;
  }
  routing.entropyLower = bounds.lower / static_cast<double>(tokens);
  routing.entropyUpper = bounds.upper / static_cast<double>(tokens);
  return routing;
}

ConcentrationCurve concentrationCurve(const LayerSnapshot& layer, ConcentrationReading reading, const std::vector<double>& grid, GateSource source) {
  const RowMatrix& scores = scoresOf(layer, source);
  const Eigen::Index tokens = scores.rows();
  const int experts = static_cast<int>(scores.cols());
  if (scores.size() == 0) throw std::invalid_argument("the layer has no tokens or no experts");
  std::vector<float> logits(static_cast<std::size_t>(experts)), probabilities(logits.size());
  Eigen::VectorXd psi = normalisers(layer, 1.0);
  const std::unique_ptr<GpuScores> onGpu = scoresOnGpu(scores);
  ConcentrationCurve curve;
  for (const double alpha : grid) {
    const float concentration = static_cast<float>(alpha);
    requireConcentration(concentration);
    if (reading == ConcentrationReading::Bingham) psi = normalisers(layer, concentration);
    const Eigen::RowVectorXf offset = offsets(psi, layer, concentration, reading);
    double entropy = 0.0;
    BoundSum bounds;
    if (onGpu) {
      const std::vector<double> sums = onGpu->sums(offset, concentration, {});
      entropy = sums[kSumEntropy];
      bounds = {sums[kSumLower], sums[kSumUpper]};
    }
    for (Eigen::Index t = 0; t < (onGpu ? 0 : tokens); ++t) {
      const RowReading row = readRow(scores.row(t).data(), offset.data(), concentration, experts, logits.data(), probabilities.data());
      entropy += entropyOf(row.total, row.spread);
      bounds.add(row, experts);
    }
    curve.concentration.push_back(alpha);
    curve.entropy.push_back(entropy / static_cast<double>(tokens));
    curve.lower.push_back(bounds.lower / static_cast<double>(tokens));
    curve.upper.push_back(bounds.upper / static_cast<double>(tokens));
  }
  return curve;
}

}  // namespace moescope
