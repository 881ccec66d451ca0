#pragma once
// The routing of a checkpoint's layers in a few numbers each, from routers and a trace alone: no expert is read, so that all
// layers of a large model take seconds.

#include <optional>
#include <vector>

#include "core/checkpoint/families.h"
#include "core/checkpoint/shared_norms.h"
#include "core/checkpoint/trace.h"
#include "core/geometry/cosines.h"
#include "core/metrics/gates.h"
#include "core/reading/choice_statistics.h"

namespace moescope {

struct LayerRouting {
  int layer = 0, experts = 0;
  PairMean routerSimilarity;      ///< mean |cos| of router rows over pairs that have a direction
  Eigen::VectorXd nearest;        ///< N: largest cos of an expert's router row and another's; NaN for a row without direction

  // With a trace:
  std::int64_t tokens = 0;        ///< 0: no trace for this layer
  RoutingMeasures probabilities;  ///< of the scores over all experts, rows scaled to sum 1
  Eigen::VectorXd load;           ///< N: share of assignments, sums to 1
  Eigen::VectorXd entropy,
      effective;  ///< N: mean over the tokens that chose the expert of H of their probabilities, nats, and of exp H
  RowMatrix weights;              ///< T x N: what multiplies the experts' outputs, 0 where not chosen
  double loadVariation = 0.0;     ///< CV of `load`
  double margin = 0.0;            ///< as choiceMargin() has it
  double sameWithoutBias = 0.0;   ///< mean over tokens of |A and B| / |A or B|, A the chosen experts with the correction bias and
                                  ///< B without; NaN without such a bias
  Eigen::VectorXd onwards, onwardsByChance;  ///< N: toldOfNext() and toldByChance() of the next layer, where tellNext() put them
  std::optional<JointChoices> next;  ///< with the next layer's choices, likewise
  int nextLayer = -1;
  std::optional<SharedNorms> shared;  ///< where they were asked for: it takes reading the experts
  ReadingNotes notes;
};

/// Puts into each layer with a trace what its choices tell of those of the next one in the list.
void tellNext(std::vector<LayerRouting>& layers);

/// At most `tokens` of the trace, which may be null. Throws std::runtime_error for what cannot be read.
LayerRouting routingOfLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace, std::int64_t tokens);

}  // namespace moescope
