#include "core/engine/routing.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/geometry/bingham.h"
#include "core/metrics/bounds.h"

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

struct EntropyBounds {
  double lower = 0.0, upper = 0.0;
};

/// Means over tokens of the proven bounds E2 and E3. Every token's own range and top gap are used.
EntropyBounds meanEntropyBounds(const RowMatrix& logits) {
  EntropyBounds sum;
  const int experts = static_cast<int>(logits.cols());
  for (Eigen::Index t = 0; t < logits.rows(); ++t) {
    float largest = -INFINITY, second = -INFINITY, least = INFINITY;
    for (int e = 0; e < experts; ++e) {
      const float l = logits(t, e);
      second = std::max(second, std::min(largest, l));
      largest = std::max(largest, l);
      least = std::min(least, l);
    }
    sum.lower += entropyLowerBound(experts, largest - least);
    sum.upper += experts > 1 ? entropyUpperBound(experts, largest - second) : 0.0;
  }
  return {sum.lower / logits.rows(), sum.upper / logits.rows()};
}

}  // namespace

RowMatrix logitsAt(const LayerSnapshot& layer, float concentration, ConcentrationReading reading) {
  if (!std::isfinite(concentration) || concentration < 0.0f)
    throw std::invalid_argument("the concentration must be a finite number of at least 0");
  const bool tempered = reading == ConcentrationReading::Tempered;
  const Eigen::VectorXd psi = normalisers(layer, tempered ? 1.0 : concentration);
  // Tempered multiplies the whole logit, prior and normaliser included.
  const Eigen::RowVectorXf offset = ((layer.logPrior - psi) * (tempered ? concentration : 1.0)).cast<float>().transpose();
  return (concentration * layer.scores).rowwise() + offset;
}

Routing evaluate(const Snapshot& snapshot, const Lens& lens) {
  if (snapshot.layers.empty()) throw std::invalid_argument("the snapshot has no MoE layer");
  Routing routing;
  routing.layer = std::clamp(lens.layer, 0, static_cast<int>(snapshot.layers.size()) - 1);
  routing.logits = logitsAt(snapshot.layers[routing.layer], lens.concentration, lens.reading);
  routing.probabilities = routingProbabilities(routing.logits, 1.0f);
  routing.gates = appliedGates(routing.probabilities, lens.gating);
  routing.probability = measureRouting(routing.probabilities);
  routing.applied = lens.gating.policy == GatingPolicy::Soft ? routing.probability : measureRouting(routing.gates);
  const EntropyBounds bounds = meanEntropyBounds(routing.logits);
  routing.entropyLower = bounds.lower;
  routing.entropyUpper = bounds.upper;
  return routing;
}

ConcentrationCurve concentrationCurve(const LayerSnapshot& layer, ConcentrationReading reading, const std::vector<double>& grid) {
  ConcentrationCurve curve;
  for (double alpha : grid) {
    const RowMatrix logits = logitsAt(layer, static_cast<float>(alpha), reading);
    const EntropyBounds bounds = meanEntropyBounds(logits);
    curve.concentration.push_back(alpha);
    curve.entropy.push_back(measureRouting(routingProbabilities(logits, 1.0f)).meanEntropy);
    curve.lower.push_back(bounds.lower);
    curve.upper.push_back(bounds.upper);
  }
  return curve;
}

}  // namespace moescope
