#include "core/checkpoint/layer_routing.h"

#include <cmath>
#include <limits>

#include "core/checkpoint/traced_routing.h"
#include "core/metrics/load.h"
#include "core/reading/choice_margin.h"
#include "core/reading/routing_by_layer.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

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
  result.notes.add(notesOf(compareLogits(router, traced), layer, traced));
  const RoutedTokens routed = routeAsTraced(router, traced);
  RowMatrix probabilities = routed.scores;
  for (Eigen::Index t = 0; t < probabilities.rows(); ++t) probabilities.row(t) /= probabilities.row(t).sum();
  result.probabilities = measureRouting(probabilities);
  result.load = assignedLoad(routed.weights);
  result.loadVariation = variationOf(result.load);
  result.entropy = meanOfChoosers(routed.weights, result.probabilities.tokenEntropy);
  result.effective = meanOfChoosers(routed.weights, result.probabilities.tokenEntropy.array().exp());
  result.margin = choiceMargin(trainedRule(router), displayLogits(router, routed.logits), probabilities, routed.weights);
  result.weights = routed.weights;
  result.sameWithoutBias = kNone;
  if (router.correctionBias.size() == 0) return result;
  RouterWeights plain = router;
  plain.correctionBias.resize(0);
  result.sameWithoutBias = sharedChoices(routeByRule(router, traced).weights, routeByRule(plain, traced).weights);
  return result;
}

void tellNext(std::vector<LayerRouting>& layers) {
  for (std::size_t l = 0; l + 1 < layers.size(); ++l) {
    LayerRouting& layer = layers[l];
    const LayerRouting& next = layers[l + 1];
    if (layer.tokens == 0 || next.tokens != layer.tokens) continue;
    layer.next = chosenAfter(layer.weights, next.weights);
    layer.nextLayer = next.layer;
    layer.onwards = toldOfNext(*layer.next);
    layer.onwardsByChance = toldByChance(*layer.next, layer.tokens);
  }
}

}  // namespace moescope
