#pragma once
// What is measured on a capture, layer by layer and never pooled: balance, co-activation, churn. Definitions: the project's
// math specification, section 8.

#include <Eigen/Core>
#include <vector>

#include "core/checkpoint/capture.h"

namespace moescope {

struct CaptureMeasures {
  int experts = 0;                ///< N
  bool routed = true;             ///< false: every token has one and the same id k times, as engines fill dense layers
  Eigen::VectorXd load;           ///< N: share of the assignments, sums to 1
  double loadVariation = 0.0;     ///< CV: population standard deviation / mean
  double maxViolation = 0.0;      ///< MaxVio: largest load / mean - 1
  double gini = 0.0;              ///< of the load, in [0, 1 - 1/N]
  double loadEntropy = 0.0;       ///< nats, in [0, log N]
  int neverChosen = 0, dead = 0;  ///< experts with no assignment; with less than a tenth of the mean load
  Eigen::MatrixXd together;       ///< N x N: share of tokens that chose both; diagonal: that chose this one
  double meanLift = 0.0;          ///< of together(a, b) / (together(a, a) together(b, b)) over pairs that both occur: 1 if independent
  int firstOfPair = -1, secondOfPair = -1;  ///< the pair of greatest `together`; -1 for k = 1
  double churn = 0.0;             ///< mean share of the k experts that the next token of the same sequence does not have; NaN without neighbours
  double independentChurn = 0.0;  ///< what churn would be if tokens drew independently with this load: 1 - k sum_e load_e^2
  std::int64_t neighbours = 0;    ///< pairs that churn is a mean over
};

/// `layer`: place in the capture. `experts`: N, at least the capture's. Throws std::runtime_error naming token and layer where a
/// routed layer gives a token one expert twice.
CaptureMeasures measureCapture(const RoutingCapture& capture, int layer, int experts);

}  // namespace moescope
