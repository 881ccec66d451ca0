#include "core/reading/routing_by_layer.h"

#include <cmath>
#include <limits>

#include "core/geometry/cosines.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

LayerOfExperts measured(const Snapshot& snapshot, Lens lens, int layer) {
  lens.layer = layer;
  const Routing routing = evaluate(snapshot, lens);
  LayerOfExperts result;
  result.experts = static_cast<int>(routing.gates.cols());
  result.choices = std::make_shared<const ChosenExperts>(chosenExperts(routing.gates));
  result.load = assignedLoad(routing.gates);
  result.entropy = meanOfChoosers(routing.gates, routing.probability.tokenEntropy);
  result.effective = meanOfChoosers(routing.gates, routing.probability.tokenEntropy.array().exp());
  result.meanEntropy = routing.probability.meanEntropy;
  result.effectiveExperts = routing.probability.effectiveExperts;
  const RowMatrix& directions = snapshot.layers[static_cast<std::size_t>(layer)].routerDirections;
  if (directions.rows() != result.experts) return result;
  const Eigen::MatrixXd cosines = cosinesOfRows(directions);
  result.nearest = nearestOf(cosines);
  result.routerSimilarity = meanOverPairs(cosines.cwiseAbs(), {}).value;
  return result;
}

LayerOfExperts captured(const CapturedRouting& capture, int layer) {
  LayerOfExperts result;
  result.experts = capture.experts;
  result.load = capture.loads[static_cast<std::size_t>(layer)];
  return result;
}

/// What the lens does not change: found by the model's own routing, on a worker.
void takeFound(const LayerOfExperts& found, LayerOfExperts& layer) {
  layer.onwards = found.onwards;
  layer.onwardsByChance = found.onwardsByChance;
  layer.sharedNorm = found.sharedNorm;
  layer.sharedOverRouted = found.sharedOverRouted;
  layer.sharedTokens = found.sharedTokens;
  layer.sharedFailure = found.sharedFailure;
}

}  // namespace

void tellOnwards(LayerOfExperts& layer, const LayerOfExperts& next) {
  if (!layer.choices || !next.choices || layer.choices->tokens() == 0 || next.choices->tokens() == 0) return;
  const JointChoices joint = chosenAfter(*layer.choices, *next.choices);
  layer.onwards = toldOfNext(joint);
  layer.onwardsByChance = toldByChance(joint, layer.choices->tokens());
}

Eigen::VectorXd nearestOf(const Eigen::MatrixXd& cosines) {
  Eigen::VectorXd nearest = Eigen::VectorXd::Constant(cosines.rows(), kNone);
  for (Eigen::Index a = 0; a < cosines.rows(); ++a)
    for (Eigen::Index b = 0; b < cosines.cols(); ++b)
      if (a != b && !std::isnan(cosines(a, b)) && !(nearest[a] >= cosines(a, b))) nearest[a] = cosines(a, b);
  return nearest;
}

std::vector<LayerOfExperts> routingByLayer(const Snapshot& snapshot, const Lens& lens) {
  std::vector<LayerOfExperts> all;
  for (std::size_t l = 0; l < snapshot.layers.size(); ++l) {
    const int layer = static_cast<int>(l);
    const LayerOfExperts* found = snapshot.byLayer && l < snapshot.byLayer->size() ? &(*snapshot.byLayer)[l] : nullptr;
    if (snapshot.capture)
      all.push_back(captured(*snapshot.capture, layer));
    else if (snapshot.layers[l].scores.size() > 0)
      all.push_back(measured(snapshot, lens, layer));
    else
      all.push_back(found ? *found : LayerOfExperts{});
    if (found) takeFound(*found, all.back());
    all.back().number = layerNumber(snapshot, layer);
  }
  for (std::size_t l = 0; !snapshot.checkpoint && l + 1 < all.size(); ++l) tellOnwards(all[l], all[l + 1]);
  return all;
}

}  // namespace moescope
