#pragma once
// What one step of the model looks like: plain host arrays, immutable once shared. Views and panels read nothing else.

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/metrics/row_matrix.h"
#include "core/reading/captured_routing.h"
#include "core/reading/probe.h"
#include "core/reading/trained_rule.h"

namespace moescope {

/// What a checkpoint or a capture is, for people. A model in training has none.
struct CheckpointOrigin {
  std::string name, family;       ///< last part of the folder's path; the family as config.json calls it
  std::vector<int> layerNumbers;  ///< the checkpoint's own number of each layer of the snapshot
  int experts = 0, width = 0;     ///< experts of the layer that is shown: pruned models differ from layer to layer
  int chosen = 0;                 ///< experts per token by the family's own rule
  std::string rule;               ///< how the family chooses experts, and what the shown probabilities are
  std::string format = {};        ///< of the file, and of the numbers in it: "safetensors, BF16", "NumPy array"
  std::string tokens;             ///< "recorded trace, 2048 tokens" or "SYNTHETIC TOKENS (no trace)"
  std::vector<std::string> notes; ///< what was not read, missing, not finite or assumed, one line each
};

/// One MoE layer; of a checkpoint only the layer that is shown is filled, the others have no rows. T probe tokens, N experts, d
/// routing dimension, r frame rank (0 for routers without frames).
struct LayerSnapshot {
  RowMatrix hidden;                       ///< T x d: unit-length routing tokens (centred where the router centres)
  RowMatrix scores;                       ///< T x N: s(t,e), before normaliser and prior, concentration 1
  RowMatrix trainedGates;  ///< T x N: what multiplies the experts' outputs at concentration 1 by the router's own rule, as in
                           ///< training but without its noise; 0 where not chosen or dropped; empty: what the rule says
  TrainedRule rule;                       ///< the same rule for other concentrations
  std::string
      concentrationNote;  ///< one sentence, where as trained the concentration cannot do what it does to top-k: what it does
  RowMatrix posteriorScores;              ///< T x N: s plus the amortised posterior's correction; empty where there is none
  Eigen::VectorXd logPrior;               ///< N: log pi_e, natural log
  Eigen::MatrixXd spectra;                ///< N x r: lambda_ej >= 0; empty where the router has none (then psi = 0)
  std::vector<Eigen::MatrixXf> frames;    ///< N frames, each d x r with orthonormal columns; empty where none
  RowMatrix routerDirections;             ///< N x d: unit direction of each expert's router row, centroid or leading frame axis
  Eigen::VectorXd trainingLoad;           ///< N: share of the last training steps' assignments as the router intended, sums to 1;
                                          ///< of a checkpoint: as the model itself assigned the probe
  Eigen::VectorXd trainingDropped;        ///< N: share of all assignments that the expert's capacity dropped (<= trainingLoad)
  std::shared_ptr<const LayerSnapshot> whole =
      {};  ///< scores, gates and rule of all tokens, of which this holds an even sample; null: these are all
};

struct LayerOfExperts;  // routing_by_layer.h
struct DomainLifts;     // domain_lift.h

struct Snapshot {
  std::int64_t step = 0;
  std::uint64_t generation = 0;           ///< rises at every reset or change of shape, so that views drop trails
  std::string router;                     ///< registry name of the router that was trained, or a checkpoint's family
  std::shared_ptr<const Probe> probe;
  std::vector<LayerSnapshot> layers;
  std::shared_ptr<const CheckpointOrigin> checkpoint;  ///< null: a model in training
  std::shared_ptr<const CapturedRouting>
      capture;  ///< of a capture, whose layers are empty and whose probe has no tokens; null: none
  std::shared_ptr<const std::vector<LayerOfExperts>>
      byLayer;  ///< of a checkpoint, whose other layers are not held: what was found of each so far; null: nothing
  std::shared_ptr<const DomainLifts>
      liftByLayer;  ///< of a checkpoint's traced layers over the trace's domains, all tested together; null: not yet, or none
  double trainingLoss = 0.0;              ///< cross-entropy in nats per byte, of this step's batch
  double heldOutLoss = 0.0;               ///< the same on the probe; NaN until first measured
  Eigen::VectorXf tokenLoss;  ///< T: nats for the byte that follows, routed as in training; NaN for a sequence's last one; empty:
                              ///< not measured
  double stepsPerSecond = 0.0;
  double tokensPerSecond = 0.0;
};

using SnapshotPointer = std::shared_ptr<const Snapshot>;

/// The layer's number for a person: counted from 1 in a model in training, a checkpoint's own number there.
inline int layerNumber(const Snapshot& snapshot, int layer) {
  return snapshot.checkpoint ? snapshot.checkpoint->layerNumbers.at(static_cast<std::size_t>(layer)) : layer + 1;
}

}  // namespace moescope
