#pragma once
// What one step of the model looks like: plain host arrays, immutable once shared. Views and panels read nothing else.

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/metrics/gates.h"

namespace moescope {

/// Row-major matrix of floats, one row per token or per expert.
using RowMatrix = GateMatrix;

/// The fixed labelled tokens on which every snapshot is measured.
struct Probe {
  std::vector<std::uint8_t> bytes;       ///< T: the byte that the model sees at each position
  std::vector<int> domain;               ///< T: index into domainNames
  std::vector<std::string> domainNames;  ///< at least one
  int context = 0;                       ///< tokens per sequence; T is a multiple of it
  bool synthetic = false;                ///< true for procedural text: views must say so on screen
};

/// One MoE layer. T probe tokens, N experts, d routing dimension, r frame rank (0 for routers without frames).
struct LayerSnapshot {
  RowMatrix hidden;                       ///< T x d: unit-length routing tokens (centred where the router centres)
  RowMatrix scores;                       ///< T x N: s(t,e), before normaliser and prior, concentration 1
  RowMatrix posteriorScores;              ///< T x N: s plus the amortised posterior's correction; empty where there is none
  Eigen::VectorXd logPrior;               ///< N: log pi_e, natural log
  Eigen::MatrixXd spectra;                ///< N x r: lambda_ej >= 0; empty where the router has none (then psi = 0)
  std::vector<Eigen::MatrixXf> frames;    ///< N frames, each d x r with orthonormal columns; empty where none
  RowMatrix routerDirections;             ///< N x d: unit direction of each expert's router row, centroid or leading frame axis
  Eigen::VectorXd trainingLoad;           ///< N: share of the last training steps' assignments as the router intended, sums to 1
  Eigen::VectorXd trainingDropped;        ///< N: share of all assignments that the expert's capacity dropped (<= trainingLoad)
};

struct Snapshot {
  std::int64_t step = 0;
  std::uint64_t generation = 0;           ///< rises at every reset or change of shape, so that views drop trails
  std::string router;                     ///< registry name of the router that was trained
  std::shared_ptr<const Probe> probe;
  std::vector<LayerSnapshot> layers;
  double trainingLoss = 0.0;              ///< cross-entropy in nats per byte, of this step's batch
  double heldOutLoss = 0.0;               ///< the same on the probe; NaN until first measured
  double stepsPerSecond = 0.0;
  double tokensPerSecond = 0.0;
};

using SnapshotPointer = std::shared_ptr<const Snapshot>;

}  // namespace moescope
