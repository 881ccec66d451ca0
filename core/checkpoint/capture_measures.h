#pragma once
// What is measured on a capture, layer by layer and never pooled: balance, co-activation, churn. Definitions: the project's
// math specification, section 8.

#include <Eigen/Core>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/checkpoint/capture_repeats.h"

namespace moescope {

/// What does not exist is NaN: balance of a layer that is not routed, pairs for k = 1, churn without neighbours.
struct CaptureMeasures {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  int experts = 0;                ///< N
  std::int64_t tokens = 0;        ///< that were measured
  bool routed = true;             ///< false: every token has one and the same id k times, as engines fill dense layers
  Eigen::VectorXd load;           ///< N: share of the assignments, sums to 1
  double loadVariation = kNone;   ///< CV: population standard deviation / mean
  double maxViolation = kNone;    ///< MaxVio: largest load / mean - 1
  double gini = kNone;            ///< of the load, in [0, 1 - 1/N]
  double loadEntropy = kNone;     ///< nats, in [0, log N]
  int neverChosen = 0, dead = 0;  ///< experts with no assignment; with less than a tenth of the mean load
  Eigen::MatrixXd together;       ///< N x N: share of tokens that chose both; diagonal: that chose this one
  double meanLift = kNone;  ///< of together(a, b) / (together(a, a) together(b, b)) over pairs that both occur: 1 if independent
  int firstOfPair = -1, secondOfPair = -1;  ///< the pair of greatest `together`; -1 for k = 1
  double churn = kNone;             ///< mean share of the k experts that the next token of the same sequence does not have
  double independentChurn = kNone;  ///< what churn would be if tokens drew independently with this load: 1 - k sum_e load_e^2
  std::int64_t neighbours = 0;      ///< pairs that churn is a mean over
};

/// Those of one part; empty where the capture does not tell of parts.
CapturedTokens tokensOf(const RoutingCapture& capture, CapturedPart part);

/// N: share of the assignments of each expert, of the tokens that are measured; empty where the layer (its place in the capture)
/// is not routed.
Eigen::VectorXd loadsOf(const RoutingCapture& capture, int layer, int experts, const CapturedTokens& measured = {});

/// `layer`: place in the capture. `experts`: N, at least the capture's. `measured`: tokens left out also end a sequence. Throws
/// std::runtime_error naming token and layer where a routed layer gives a token one expert twice.
CaptureMeasures measureCapture(const RoutingCapture& capture, int layer, int experts, const CapturedTokens& measured = {});

}  // namespace moescope
