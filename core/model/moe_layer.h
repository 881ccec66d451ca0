#pragma once
// One MoE layer: centring, routing, capacity, experts and the shared expert. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <functional>
#include <memory>
#include <optional>

#include "core/kernels/dispatch.h"
#include "core/knobs/knobs.h"
#include "core/model/experts.h"
#include "core/routers/router.h"

namespace moescope {

inline constexpr double kMeanRate = 0.01;  ///< of the running mean of routing tokens (math specification, 3.1)

/// What one MoE layer did with tokens.
struct LayerPass {
  torch::Tensor tokens;  ///< T x width: what the experts read
  RouterInput input;
  RouterOutput output;   ///< as intended, with `kept` where the experts' capacity is limited
};

/// Stands in for a layer's routing: given what the router would get, returns the gates to apply (T x N).
using GatesOverride = std::function<torch::Tensor(const RouterInput& input)>;

/// Normal, of standard deviation 1 / sqrt(fanIn).
torch::Tensor scaledNormal(torch::IntArrayRef shape, int fanIn, at::Generator& random);

class MoeLayerImpl : public torch::nn::Module {
 public:
  /// Draws the experts. `outputScale` multiplies their output weights, the shared expert's too. It needs a router before it is
  /// used.
  MoeLayerImpl(const Knobs& knobs, double outputScale, Dispatch dispatch, at::Generator& random);

  /// On the layer's device from now on; the one that was there goes.
  void setRouter(std::shared_ptr<Router> router);
  /// Draws the shared expert, where the knobs want one.
  void addShared(const Knobs& knobs, at::Generator& random);

  /// `tokens`: T x width, normed; `bytes`: T. `noise`: for a training step of a router that draws some.
  LayerPass route(const torch::Tensor& tokens, const torch::Tensor& bytes, const std::optional<at::Generator>& noise,
                  const GatesOverride& override = {});
  /// The router's choice within the experts' capacity.
  RouterOutput choose(const RouterInput& input);
  /// What the experts make of it, T x width.
  torch::Tensor mix(const LayerPass& pass) const;

  /// Moves the running mean of routing tokens towards a step's tokens. After the step, so that a step that fails leaves the layer
  /// as it was. Called without gradient recording.
  void followTokens(const LayerPass& pass);
  /// Takes over knobs that need no new layer.
  void adopt(const Knobs& knobs);
  /// The layer as a snapshot shows it; without what training alone knows (trainingLoad, trainingDropped). Without gradient
  /// recording.
  LayerSnapshot describe(const LayerPass& pass) const;

  Router& router() { return *router_; }
  const Router& router() const { return *router_; }
  const StackedExperts& experts() const { return experts_; }

 private:
  double outputScale_, capacityFactor_;
  bool centreTokens_;
  Dispatch dispatch_;
  torch::Tensor routingMean_;  // width, no gradient
  StackedExperts experts_;
  StackedExperts shared_;      // of one expert; undefined tensors: there is none
  std::shared_ptr<Router> router_;
};
TORCH_MODULE(MoeLayer);

}  // namespace moescope
