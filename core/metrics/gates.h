#pragma once
// Gates from logits, and what is measured on them. Natural logarithms; definitions in the project's math specification,
// sections 3.2, 3.6, 4 and 8.

#include <Eigen/Core>
#include <vector>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// Which experts of a token are kept after the softmax.
enum class GatingPolicy {
  AsTrained,  ///< those that the router's own rule keeps, with the gates that it gives them (core/reading/trained_rule.h)
  Soft,       ///< all of them
  TopK,       ///< the k largest gates, renormalised over the chosen ones
  TopP,       ///< the fewest largest gates whose mass reaches p, renormalised
  Threshold,  ///< every gate of at least the threshold (always the largest one), renormalised
};

struct GatingRule {
  GatingPolicy policy = GatingPolicy::AsTrained;
  int k = 2;                ///< TopK; clamped to [1, N]
  float mass = 0.9f;        ///< TopP, in (0, 1]
  float threshold = 0.05f;  ///< Threshold, in [0, 1]

  bool operator==(const GatingRule&) const = default;
};

/// Routing probabilities softmax over experts of alpha * logits, row by row ("tempered" reading of the concentration).
/// Entropy never rises with alpha for any token. Throws std::invalid_argument unless alpha is finite and >= 0.
RowMatrix routingProbabilities(const RowMatrix& logits, float alpha);

/// Applied gates: the probabilities after the policy. Rows sum to 1; experts not chosen get exactly 0. Ties go to the
/// expert with the lower index. Throws std::invalid_argument for AsTrained, which probabilities alone do not tell.
RowMatrix appliedGates(const RowMatrix& probabilities, const GatingRule& rule);

/// What is measured on one layer's routing.
struct RoutingMeasures {
  Eigen::VectorXf tokenEntropy;    ///< T, nats: H of each token's row, 0 log 0 = 0
  double meanEntropy = 0.0;        ///< nats
  double effectiveExperts = 0.0;   ///< mean over tokens of exp H
  Eigen::VectorXd load;            ///< N, mean gate of each expert, sums to 1
  double loadVariation = 0.0;      ///< CV: population standard deviation of load / mean load
  double maxViolation = 0.0;       ///< MaxVio: largest load / mean load - 1
  double loadEntropy = 0.0;        ///< H(load) / log N, in [0, 1]; 1 when N = 1
  double specialisation = 0.0;     ///< I(token; expert) = H(load) - mean token entropy, nats, >= 0
};

/// Rows sum to 1. A gate that is not finite makes every measure NaN. Throws std::invalid_argument for an empty matrix.
RoutingMeasures measureRouting(const RowMatrix& gates);

/// Of gates that need not sum to 1: each token's are scaled to do so, and tokens without any (their entropy is NaN) are left out
/// of means and loads. NaN without a token that has some. Throws as measureRouting().
RoutingMeasures measureGates(const RowMatrix& gates);

/// Fills what follows from load and meanEntropy: loadVariation, maxViolation, loadEntropy, specialisation.
void measureLoad(RoutingMeasures& measures);

}  // namespace moescope
