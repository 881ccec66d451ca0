#include "core/checkpoint/layer_routing.h"

#include <cmath>
#include <limits>

#include "core/checkpoint/traced_routing.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The largest entry of each row beside the diagonal; NaN where the diagonal is.
Eigen::VectorXd nearestOf(const Eigen::MatrixXd& cosines) {
  Eigen::VectorXd nearest = Eigen::VectorXd::Constant(cosines.rows(), kNone);
  for (Eigen::Index a = 0; a < cosines.rows(); ++a)
    for (Eigen::Index b = 0; b < cosines.cols(); ++b)
      if (a != b && !std::isnan(cosines(a, b)) && !(nearest[a] >= cosines(a, b))) nearest[a] = cosines(a, b);
  return nearest;
}

/// Mean over tokens of the chosen experts that two routings share, as a part of those that either chose.
double sharedChoices(const RowMatrix& one, const RowMatrix& other) {
  if (!one.allFinite() || !other.allFinite()) return kNone;
  const auto first = (one.array() != 0.0f), second = (other.array() != 0.0f);
  double sum = 0.0;
  for (Eigen::Index t = 0; t < one.rows(); ++t) sum += static_cast<double>((first.row(t) && second.row(t)).count()) / static_cast<double>((first.row(t) || second.row(t)).count());
  return sum / static_cast<double>(one.rows());
}

}  // namespace

LayerRouting routingOfLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace, std::int64_t tokens) {
  LayerRouting result;
  result.layer = layer;
  result.experts = checkpoint.experts(layer);
  const RouterWeights router = checkpoint.router(layer);
  checkpoint.noteNotFinite(layer, router, result.notes);
  std::vector<int> without;
  for (int e = 0; e < result.experts; ++e)
    if (router.weight.row(e).isZero(0.0f)) without.push_back(e);
  const Eigen::MatrixXd cosines = cosinesOfRows(router.weight);
  result.routerSimilarity = meanOverPairs(cosines.cwiseAbs(), without);
  result.nearest = nearestOf(cosines);
  if (!trace || !trace->has(layer)) return result;
  const TraceLayer traced = trace->layer(layer, result.experts, checkpoint.width(), tokens);
  result.notes.add(traced.notes);
  result.tokens = traced.hidden.rows();
  const RoutedTokens routed = routeAsTraced(router, traced);
  RowMatrix probabilities = routed.scores;
  for (Eigen::Index t = 0; t < probabilities.rows(); ++t) probabilities.row(t) /= probabilities.row(t).sum();
  result.probabilities = measureRouting(probabilities);
  result.load = assignedLoad(routed.weights);
  result.loadVariation = variationOf(result.load);
  result.sameWithoutBias = kNone;
  if (router.correctionBias.size() == 0) return result;
  RouterWeights plain = router;
  plain.correctionBias.resize(0);
  result.sameWithoutBias = sharedChoices(routeTokens(router, traced.hidden).weights, routeTokens(plain, traced.hidden).weights);
  return result;
}

}  // namespace moescope
