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

}  // namespace

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
    if (snapshot.capture)
      all.push_back(captured(*snapshot.capture, layer));
    else if (snapshot.layers[l].scores.size() > 0)
      all.push_back(measured(snapshot, lens, layer));
    else if (snapshot.byLayer && l < snapshot.byLayer->size())
      all.push_back((*snapshot.byLayer)[l]);
    else
      all.push_back({});
    all.back().number = layerNumber(snapshot, layer);
  }
  return all;
}

}  // namespace moescope
