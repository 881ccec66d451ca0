#pragma once
// Every layer at once, a few numbers for each of its experts.

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/reading/choice_statistics.h"
#include "core/reading/routing.h"

namespace moescope {

/// One layer. What is not known has no rows, or is NaN.
struct LayerOfExperts {
  int number = 0;   ///< for a person, as layerNumber() has it
  int experts = 0;  ///< N; 0: nothing is known of the layer
  std::string failure = {};  ///< why nothing is known; empty: it was not read yet
  Eigen::VectorXd load = {};       ///< N: share of the assignments, sums to 1
  Eigen::VectorXd entropy =
      {};  ///< N: mean entropy of the routing probabilities of the tokens that chose the expert, nats; NaN where none did
  Eigen::VectorXd effective = {};  ///< N: the same of exp H
  Eigen::VectorXd nearest = {};    ///< N: largest cosine of the expert's router direction and another's
  std::shared_ptr<const ChosenExperts> choices = {};  ///< of the drawn tokens; null: not known
  Eigen::VectorXd onwards = {},
                  onwardsByChance = {};  ///< N: toldOfNext() and toldByChance() of the next layer; of the last layer nothing
  Eigen::VectorXd sharedNorm =
      {};  ///< N: mean length of the shared expert's output over that of the routed sum, of the tokens that chose the expert
  double sharedOverRouted = NAN;    ///< the same over all tokens that it was taken of
  std::int64_t sharedTokens = 0;    ///< how many these are
  std::string sharedFailure = {};   ///< why it could not be taken
  double meanEntropy = NAN, effectiveExperts = NAN;  ///< means over all tokens
  double routerSimilarity = NAN;                     ///< mean |cos| of different experts' router directions
};

/// Of every layer of a snapshot, read through a lens. A checkpoint's layers that are not held have what its reader found of them
/// (Snapshot::byLayer), else nothing.
std::vector<LayerOfExperts> routingByLayer(const Snapshot& snapshot, const Lens& lens);

/// What the choices of one layer tell of those of the next; nothing where either is not known.
void tellOnwards(LayerOfExperts& layer, const LayerOfExperts& next);

/// Largest entry of each row beside the diagonal; NaN where there is none. `cosines`: N x N, NaN where a row has no direction.
Eigen::VectorXd nearestOf(const Eigen::MatrixXd& cosines);

}  // namespace moescope
