#pragma once
// The byte-level MoE language model. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <functional>
#include <memory>
#include <vector>

#include "core/knobs/knobs.h"
#include "core/kernels/dispatch.h"
#include "core/model/experts.h"
#include "core/routers/router.h"

namespace moescope {

inline constexpr double kMeanRate = 0.01;  ///< of the running mean of routing tokens (math specification, 3.1)

/// What one MoE layer did in a forward pass.
struct LayerPass {
  torch::Tensor tokens;  ///< T x width: what the experts read
  RouterInput input;
  RouterOutput output;   ///< as intended, with `kept` where the experts' capacity is limited
};

/// Replaces the routing of layer `layer`: given what the router would get, returns the gates to apply (T x N).
using RoutingOverride = std::function<torch::Tensor(int layer, const RouterInput& input)>;

class TransformerImpl : public torch::nn::Module {
 public:
  TransformerImpl(const Knobs& knobs, Dispatch dispatch);

  /// Logits of the next byte, (sequences * context) x 256. `bytes`: sequences x context, int64. `traces` gets one entry per
  /// layer when given.
  torch::Tensor forward(const torch::Tensor& bytes, std::vector<LayerPass>* traces, const RoutingOverride& override = {});

  Router& router(int layer) { return *blocks_[static_cast<std::size_t>(layer)].router; }
  const StackedExperts& experts(int layer) const { return blocks_[static_cast<std::size_t>(layer)].experts; }
  int layers() const { return static_cast<int>(blocks_.size()); }
  /// Moves each layer's running mean of routing tokens towards a step's tokens. After the step, so that a step that fails
  /// leaves the model as it was. Called without gradient recording.
  void followTokens(const std::vector<LayerPass>& traces);
  /// Takes over knobs that need no new model.
  void adopt(const Knobs& knobs);
  /// New routers from these knobs; attention, experts and everything else stay.
  void replaceRouters(const Knobs& knobs);

 private:
  struct Block {
    torch::Tensor attentionNorm, queryKeyValue, attentionOut;  ///< width; width x 3 width; width x width
    torch::Tensor expertNorm, routingMean;                     ///< width; width (running mean of routing tokens, no gradient)
    StackedExperts experts;
    StackedExperts shared;              ///< of one expert; undefined tensors: there is none
    std::shared_ptr<Router> router;
  };

  /// `tokens`: T x width, normed; what is added to the residual stream, T x width.
  torch::Tensor attend(const Block& block, const torch::Tensor& tokens, std::int64_t sequences) const;
  torch::Tensor mixExperts(int layer, const torch::Tensor& tokens, const torch::Tensor& bytes, std::vector<LayerPass>* traces,
                           const RoutingOverride& override);
  void addBlock(const Knobs& knobs, int layer);
  void addShared(Block& block, const Knobs& knobs, const std::string& prefix);

  int heads_;
  bool centreTokens_;
  double capacityFactor_;
  Dispatch dispatch_;
  torch::Tensor embedding_, positions_, finalNorm_, head_;
  std::vector<Block> blocks_;
};
TORCH_MODULE(Transformer);

}  // namespace moescope
