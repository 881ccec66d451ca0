#pragma once
// Every layer at once, a few numbers for each of its experts.

#include <cmath>
#include <string>
#include <vector>

#include "core/reading/routing.h"

namespace moescope {

/// One layer. What is not known has no rows, or is NaN.
struct LayerOfExperts {
  int number = 0;   ///< for a person, as layerNumber() has it
  int experts = 0;  ///< N; 0: nothing is known of the layer
  std::string failure = {};  ///< why nothing is known; empty: it was not read yet
  Eigen::VectorXd load = {};       ///< N: share of the assignments, sums to 1
  Eigen::VectorXd entropy = {};    ///< N: mean entropy of the routing probabilities of the tokens that chose the expert, nats; NaN where none did
  Eigen::VectorXd effective = {};  ///< N: the same of exp H
  Eigen::VectorXd nearest = {};    ///< N: largest cosine of the expert's router direction and another's
  double meanEntropy = NAN, effectiveExperts = NAN;  ///< means over all tokens
  double routerSimilarity = NAN;                     ///< mean |cos| of different experts' router directions
};

/// Of every layer of a snapshot, read through a lens. A checkpoint's layers that are not held have what its reader found of them
/// (Snapshot::byLayer), else nothing.
std::vector<LayerOfExperts> routingByLayer(const Snapshot& snapshot, const Lens& lens);

/// Largest entry of each row beside the diagonal; NaN where there is none. `cosines`: N x N, NaN where a row has no direction.
Eigen::VectorXd nearestOf(const Eigen::MatrixXd& cosines);

}  // namespace moescope
