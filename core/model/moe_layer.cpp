#include "core/model/moe_layer.h"

#include <cmath>

#include "core/model/capacity.h"

namespace moescope {
namespace {

/// The expert that works on every token with gate 1.
RouterOutput everyToken(const torch::Tensor& tokens) {
  RouterOutput output;
  output.gates = torch::ones({tokens.size(0), 1}, tokens.options());
  return output;
}

}  // namespace

torch::Tensor scaledNormal(torch::IntArrayRef shape, int fanIn, at::Generator& random) {
  return torch::randn(shape, random) / std::sqrt(static_cast<double>(fanIn));
}

MoeLayerImpl::MoeLayerImpl(const Knobs& knobs, double outputScale, Dispatch dispatch, at::Generator& random)
    : outputScale_(outputScale), capacityFactor_(knobs.capacityFactor), centreTokens_(knobs.centreTokens), dispatch_(dispatch) {
  const int width = knobs.width, hidden = knobs.expertWidth;
  routingMean_ = register_buffer("routing_mean", torch::zeros({width}));
  experts_.in = register_parameter("experts_in", scaledNormal({knobs.experts, width, 2 * hidden}, width, random));
  experts_.down = register_parameter("experts_down", scaledNormal({knobs.experts, hidden, width}, hidden, random) * outputScale);
}

void MoeLayerImpl::setRouter(std::shared_ptr<Router> router) {
  router->to(experts_.in.device());
  router_ = router_ ? replace_module("router", std::move(router)) : register_module("router", std::move(router));
}

void MoeLayerImpl::addShared(const Knobs& knobs, at::Generator& random) {
  if (knobs.sharedExpertWidth == 0) return;
  const int width = knobs.width, hidden = knobs.sharedExpertWidth;
  shared_.in = register_parameter("shared_in", scaledNormal({1, width, 2 * hidden}, width, random));
  shared_.down = register_parameter("shared_down", scaledNormal({1, hidden, width}, hidden, random) * outputScale_);
}

LayerPass MoeLayerImpl::route(const torch::Tensor& tokens, const torch::Tensor& bytes, const std::optional<at::Generator>& noise,
                              const GatesOverride& override) {
  LayerPass pass;
  pass.tokens = tokens;
  pass.input = {centreTokens_ ? tokens - routingMean_ : tokens, bytes, noise};
  if (override)
    pass.output.gates = override(pass.input);
  else
    pass.output = choose(pass.input);
  return pass;
}

RouterOutput MoeLayerImpl::choose(const RouterInput& input) {
  RouterOutput output = router_->route(input);
  limitCapacity(output, capacityFactor_, experts_.in.size(0));
  return output;
}

torch::Tensor MoeLayerImpl::mix(const LayerPass& pass) const {
  const torch::Tensor mixed = runExperts(pass.tokens, pass.output, experts_, dispatch_);
  return shared_.in.defined() ? mixed + runExperts(pass.tokens, everyToken(pass.tokens), shared_, dispatch_) : mixed;
}

void MoeLayerImpl::followTokens(const LayerPass& pass) {
  if (centreTokens_) routingMean_.add_(pass.input.tokens.detach().mean(0), kMeanRate);  // the tokens are centred already
}

void MoeLayerImpl::adopt(const Knobs& knobs) {
  capacityFactor_ = knobs.capacityFactor;
  router_->adopt(knobs);
}

LayerSnapshot MoeLayerImpl::describe(const LayerPass& pass) const {
  LayerSnapshot layer;
  layer.hidden = toMatrix(pass.input.tokens).rowwise().normalized();
  layer.trainedGates = toMatrix(appliedGates(pass.output, experts_.in.size(0)));
  router_->describe(pass.input, layer);
  layer.rule.capacityFactor = capacityFactor_;
  return layer;
}

}  // namespace moescope
