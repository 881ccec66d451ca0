#pragma once
// One MoE layer trained on a synthetic task with planted subspaces, where the right routing is known.

#include <memory>

#include "core/data/planted_task.h"
#include "core/knobs/knobs.h"
#include "core/reading/snapshot.h"
#include "core/experiments/subspace_recovery.h"
#include "core/geometry/expert_analysis.h"
#include "core/metrics/clustering.h"

namespace moescope {

/// The sizes of a planted run: width 32, 8 experts of 32 hidden units, one layer, frames of rank 3, no shared expert. All else,
/// also what chooses and balances, stays.
Knobs plantedKnobs(Knobs knobs);

/// As many clusters as experts, the width as d, the frame rank as r, the knobs' seed; else the defaults of PlantedShape.
PlantedShape plantedShape(const Knobs& knobs);

/// Who routes.
enum class PlantedRouting {
  Learned,  ///< the router that the knobs name
  Oracle,   ///< the true cluster, known only here: the expert with its number works alone, with gate 1
};

class PlantedTrainer {
 public:
  /// Draws the task, the experts and then the router, so that all but the router is the same for one seed. On the CPU. Throws
  /// std::invalid_argument for bad knobs.
  explicit PlantedTrainer(const Knobs& knobs, PlantedRouting routing = PlantedRouting::Learned);
  ~PlantedTrainer();
  PlantedTrainer(const PlantedTrainer&) = delete;
  PlantedTrainer& operator=(const PlantedTrainer&) = delete;

  /// One optimiser step on batch * context new tokens, as Trainer's; the loss is the mean squared error over tokens and
  /// coordinates. A loss that is not finite throws NonFiniteLoss. Returns the loss of the batch.
  double step();
  /// Of the held-out tokens (probe-tokens of them, never trained on); the probe's domains are the true clusters.
  SnapshotPointer snapshot();
  /// `layer` is 0: there is one.
  AnalysisInput analysisInput(int layer = 0);
  /// Mean squared error on the held-out tokens; about 1 for an output of 0.
  double heldOutLoss();
  /// First choice of each held-out token (most probable expert where all work) against its cluster.
  Clustering clustering();
  /// Of a Grassmannian router's frames; no match, and NaN, for routers without.
  SubspaceRecovery recovery();
  const PlantedTask& task() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
