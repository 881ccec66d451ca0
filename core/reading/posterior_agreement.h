#pragma once
// How far a GrMoE layer's amortised posterior q and its prior p say the same of each token.

#include <optional>

#include "core/reading/lens.h"
#include "core/reading/snapshot.h"

namespace moescope {

/// T tokens. Natural logarithms.
struct PosteriorAgreement {
  Eigen::VectorXf posteriorEntropy, priorEntropy;  ///< T, nats: H(q), H(p)
  Eigen::VectorXf divergence;                      ///< T, nats: KL(q || p)
  std::vector<bool> sameLeader;                    ///< T: both rank the same expert first
  double meanDivergence = 0.0;                     ///< nats
  double agreement = 0.0;                          ///< share of tokens with the same leader
};

/// Both read at the lens's concentration and reading. None where the layer has no posterior.
std::optional<PosteriorAgreement> posteriorAgreement(const LayerSnapshot& layer, const Lens& lens);

}  // namespace moescope
