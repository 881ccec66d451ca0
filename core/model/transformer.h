#pragma once
// The byte-level MoE language model. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <functional>
#include <optional>
#include <vector>

#include "core/knobs/knobs.h"
#include "core/kernels/dispatch.h"
#include "core/model/moe_layer.h"

namespace moescope {

/// Replaces the routing of layer `layer`: given what the router would get, returns the gates to apply (T x N).
using RoutingOverride = std::function<torch::Tensor(int layer, const RouterInput& input)>;

class TransformerImpl : public torch::nn::Module {
 public:
  /// All weights from `random`; all but the routers and shared experts first, so that they are the same whatever a router draws.
  TransformerImpl(const Knobs& knobs, Dispatch dispatch, at::Generator& random);

  /// Logits of the next byte, (sequences * context) x 256. `bytes`: sequences x context, int64. `passes` gets one entry per layer
  /// when given. `noise`: for a training step of routers that draw some.
  torch::Tensor forward(const torch::Tensor& bytes, std::vector<LayerPass>* passes,
                        const std::optional<at::Generator>& noise = {}, const RoutingOverride& override = {});

  MoeLayer& layer(int layer) { return blocks_[static_cast<std::size_t>(layer)].moe; }
  int layers() const { return static_cast<int>(blocks_.size()); }
  /// Takes over knobs that need no new model.
  void adopt(const Knobs& knobs);
  /// New routers from these knobs, drawn from `random`; attention, experts and everything else stay.
  void replaceRouters(const Knobs& knobs, at::Generator& random);

 private:
  struct Block {
    torch::Tensor attentionNorm, queryKeyValue, attentionOut;  ///< width; width x 3 width; width x width
    torch::Tensor expertNorm;                                  ///< width
    MoeLayer moe{nullptr};
  };

  /// `tokens`: T x width, normed; what is added to the residual stream, T x width.
  torch::Tensor attend(const Block& block, const torch::Tensor& tokens, std::int64_t sequences) const;
  void addBlock(const Knobs& knobs, int layer, at::Generator& random);

  int heads_;
  Dispatch dispatch_;
  torch::Tensor embedding_, positions_, finalNorm_, head_;
  std::vector<Block> blocks_;
};
TORCH_MODULE(Transformer);

}  // namespace moescope
