// The plain twin of evaluate(): one whole-matrix step after another, each the formula as it is written down.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/reading/choosing.h"
#include "core/reading/routing.h"
#include "core/metrics/bounds.h"
#include "core/words/words.h"

namespace moescope {

Routing evaluatePlainly(const Snapshot& snapshot, const Lens& lens) {
  if (snapshot.layers.empty()) throw std::invalid_argument(translated("the snapshot has no MoE layer"));
  Routing routing;
  routing.layer = heldLayer(snapshot, lens.layer);
  const LayerSnapshot& layer = snapshot.layers[static_cast<std::size_t>(routing.layer)];
  routing.logits = logitsAt(layer, lens.concentration, lens.reading, lens.source);
  routing.probabilities = routingProbabilities(routing.logits, 1.0f);
  routing.probability = measureRouting(routing.probabilities);
  Routing chosen;
  chosen.logits = logitsAt(layer, choiceConcentration(lens, layer.rule), lens.reading, lens.source);
  chosen.probabilities = routingProbabilities(chosen.logits, 1.0f);
  if (lens.gating.policy == GatingPolicy::AsTrained) {
    applyTrainedRule(layer, lens, chosen);
  } else {
    chosen.gates = appliedGates(chosen.probabilities, lens.gating);
    chosen.applied = measureRouting(chosen.gates);
  }
  routing.gates = chosen.gates;
  routing.applied = chosen.applied;
  routing.unserved = chosen.unserved;
  const int experts = static_cast<int>(routing.logits.cols());
  for (Eigen::Index t = 0; t < routing.logits.rows(); ++t) {
    std::vector<float> falling(routing.logits.row(t).begin(), routing.logits.row(t).end());
    std::sort(falling.rbegin(), falling.rend());
    routing.entropyLower += entropyLowerBound(experts, falling.front() - falling.back());
    routing.entropyUpper += experts > 1 ? entropyUpperBound(experts, falling[0] - falling[1]) : 0.0;
  }
  routing.entropyLower /= static_cast<double>(routing.logits.rows());
  routing.entropyUpper /= static_cast<double>(routing.logits.rows());
  return routing;
}

}  // namespace moescope
