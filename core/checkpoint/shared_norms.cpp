#include "core/checkpoint/shared_norms.h"

#include <memory>
#include <stdexcept>

#include "core/checkpoint/routed_outputs.h"
#include "core/checkpoint/traced_routing.h"
#include "core/reading/choice_statistics.h"

namespace moescope {

std::optional<SharedNorms> sharedNorms(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace& trace, std::int64_t tokens,
                                       const std::function<bool(int)>& progress) {
  std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer);
  if (!shared) return std::nullopt;
  const RouterWeights router = checkpoint.router(layer);
  const int experts = checkpoint.experts(layer);
  const TraceLayer traced = trace.layer(layer, experts, checkpoint.width(), tokens);
  const std::unique_ptr<RoutedOutputs> routed =
      sampledOutputs(traced.hidden, routeAsTraced(router, traced).weights, router.scheme.rule == RouterRule::InputSigmoid);
  const Eigen::VectorXd sharedLength = (*shared)(routed->tokens()).rowwise().norm().cast<double>();
  shared.reset();
  ExpertWeights expert;
  for (int e = 0; e < experts; ++e) {
    if (!progress(e)) throw std::runtime_error("stopped");
    if ((routed->weights().col(e).array() == 0.0f).all()) continue;
    checkpoint.readExpertInto(layer, e, expert);
    routed->add(e, expert);
  }
  SharedNorms norms;
  norms.ratio = sharedLength.cwiseQuotient(routed->norms().cast<double>());
  norms.ofExpert = meanOfChoosers(routed->weights(), norms.ratio.cast<float>());
  return norms;
}

}  // namespace moescope
