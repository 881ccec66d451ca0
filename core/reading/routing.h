#pragma once
// Routing = evaluate(Snapshot, Lens): the pure function behind every picture and number of the window.

#include <atomic>
#include <cstdint>
#include <vector>

#include "core/reading/lens.h"
#include "core/reading/snapshot.h"

namespace moescope {

/// One layer of a snapshot, read through a lens.
struct Routing {
  int layer = 0;
  RowMatrix logits;             ///< T x N: what was softmaxed, concentration included
  RowMatrix probabilities;      ///< T x N: before the policy
  Eigen::VectorXd
      base;  ///< N: what is added to each score, before a tempered concentration multiplies both; evaluate() alone fills it
  RowMatrix gates;  ///< T x N: applied gates, after the policy; rows sum to 1, but as trained to what the router's rule gives
  RoutingMeasures probability;  ///< measured on `probabilities`; the proven bounds speak of these
  RoutingMeasures applied;      ///< measured on `gates`, as trained by measureGates()
  int unserved = 0;             ///< tokens without any expert: only as trained
  double entropyLower = 0.0;    ///< E2, mean over tokens, nats
  double entropyUpper = 0.0;    ///< E3, mean over tokens, nats
  std::int64_t tokens = 0;      ///< of the layer, T or more: rows may be an even sample of them (LayerSnapshot::whole)
  std::int64_t measured = 0;    ///< of them, on which means and loads were measured: T, or all
};

/// Logits of a layer at a concentration. Throws std::invalid_argument for a negative or non-finite concentration.
RowMatrix logitsAt(const LayerSnapshot& layer, float concentration, ConcentrationReading reading,
                   GateSource source = GateSource::Trained);

/// Whether these gates, as trained, are those that training itself applied (trainedGates).
bool keepsTrainedGates(const LayerSnapshot& layer, const Lens& lens);

/// N: what is added to concentration * scores.
Eigen::RowVectorXf logitOffset(const LayerSnapshot& layer, const Lens& lens);

/// T x N: the gates that the router's own rule gives at the lens's concentration, reading and source. At concentration 1, read
/// from what training applies, the layer's trainedGates where it has them. `logits`, `probabilities`: of this lens.
RowMatrix gatesAsTrained(const LayerSnapshot& layer, const Lens& lens, const RowMatrix& logits, const RowMatrix& probabilities);

/// Fills gates, applied and unserved from logits and probabilities by gatesAsTrained().
void applyTrainedRule(const LayerSnapshot& layer, const Lens& lens, Routing& routing);

/// The layer that a lens reads: `wanted` clamped to the snapshot's layers; where that has no tokens, the first that has.
int heldLayer(const Snapshot& snapshot, int wanted);

/// What evaluate() measures, of layers of which no matrix is to be kept.
struct LayerMeasures {
  RoutingMeasures probability, applied;  ///< as a Routing's
  std::int64_t unserved = 0;
  double entropyLower = 0.0, entropyUpper = 0.0;
};

/// Of all the layer's tokens, by blocks on all cores: memory beside the layer is what its tokens' entropies take, but where a
/// rule looks at all tokens together. The lens's own layer is not asked for. Throws as evaluate(), and
/// std::runtime_error("stopped") once `stop` is true.
LayerMeasures measureLayer(const LayerSnapshot& layer, const Lens& lens, const std::atomic<bool>* stop = nullptr);

/// The routing of a sample with means, loads and bounds of all tokens; what is of single tokens stays.
Routing withMeasures(Routing sample, const LayerMeasures& measures);

/// One fused pass over the tokens, on all cores where they are many. Of a capture the loads of the layer that it tells, whatever
/// the lens: no rows, and NaN for all that takes scores or gates. Throws std::invalid_argument for a snapshot without layers or
/// tokens, or a bad concentration.
Routing evaluate(const Snapshot& snapshot, const Lens& lens);

/// The same by one plain whole-matrix step after another: what the tests compare evaluate() with, and the baseline of the
/// benchmark. Floats agree to 2e-6 relative, entropies to 2e-6 nats per token; a top-p or threshold choice may differ where a
/// cumulated mass or gate meets the limit to within that.
Routing evaluatePlainly(const Snapshot& snapshot, const Lens& lens);

/// Mean entropy and its proven bounds along a grid of concentrations.
struct ConcentrationCurve {
  std::vector<double> concentration, entropy, lower, upper;  ///< equal lengths; entropies in nats
};

ConcentrationCurve concentrationCurve(const LayerSnapshot& layer, ConcentrationReading reading, const std::vector<double>& grid,
                                      GateSource source = GateSource::Trained);

}  // namespace moescope
