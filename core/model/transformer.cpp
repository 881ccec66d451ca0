#include "core/model/transformer.h"

#include <cmath>

#include "core/kernels/dense.h"

namespace moescope {
namespace {

constexpr int kBytes = 256;
constexpr double kEmbeddingDeviation = 0.02;

/// Keeps the residual stream's size independent of depth.
double residualScale(const Knobs& knobs) { return 1.0 / std::sqrt(2.0 * knobs.layers); }

}  // namespace

TransformerImpl::TransformerImpl(const Knobs& knobs, Dispatch dispatch, at::Generator& random)
    : heads_(knobs.heads), dispatch_(dispatch) {
  embedding_ = register_parameter("embedding", torch::randn({kBytes, knobs.width}, random) * kEmbeddingDeviation);
  positions_ = register_parameter("positions", torch::randn({knobs.context, knobs.width}, random) * kEmbeddingDeviation);
  for (int layer = 0; layer < knobs.layers; ++layer) addBlock(knobs, layer, random);
  finalNorm_ = register_parameter("final_norm", torch::ones({knobs.width}));
  head_ = register_parameter("head", scaledNormal({knobs.width, kBytes}, knobs.width, random));
  for (Block& block : blocks_) {
    block.moe->setRouter(createRouter(knobs, random));
    block.moe->addShared(knobs, random);
  }
}

void TransformerImpl::addBlock(const Knobs& knobs, int layer, at::Generator& random) {
  const std::string prefix = "block" + std::to_string(layer) + "_";
  const int width = knobs.width;
  Block block;
  block.attentionNorm = register_parameter(prefix + "attention_norm", torch::ones({width}));
  block.queryKeyValue = register_parameter(prefix + "query_key_value", scaledNormal({width, 3 * width}, width, random));
  block.attentionOut =
      register_parameter(prefix + "attention_out", scaledNormal({width, width}, width, random) * residualScale(knobs));
  block.expertNorm = register_parameter(prefix + "expert_norm", torch::ones({width}));
  block.moe = register_module(prefix + "moe", MoeLayer(knobs, residualScale(knobs), dispatch_, random));
  blocks_.push_back(std::move(block));
}

void TransformerImpl::adopt(const Knobs& knobs) {
  for (Block& block : blocks_) block.moe->adopt(knobs);
}

void TransformerImpl::replaceRouters(const Knobs& knobs, at::Generator& random) {
  for (Block& block : blocks_) block.moe->setRouter(createRouter(knobs, random));
}

torch::Tensor TransformerImpl::forward(const torch::Tensor& bytes, std::vector<LayerPass>* passes,
                                       const std::optional<at::Generator>& noise, const RoutingOverride& override) {
  const torch::Tensor flat = bytes.reshape({-1});
  torch::Tensor x = embed(bytes, embedding_, positions_, dispatch_);
  torch::Tensor tokens = rootMeanSquareNorm(x, blocks_.front().attentionNorm, dispatch_);
  for (std::size_t layer = 0; layer < blocks_.size(); ++layer) {
    Block& block = blocks_[layer];
    const torch::Tensor& nextNorm = layer + 1 < blocks_.size() ? blocks_[layer + 1].attentionNorm : finalNorm_;
    const Residual attended = addAndNorm(x, attend(block, tokens, bytes.size(0)), block.expertNorm, dispatch_);
    const GatesOverride gates =
        override ? GatesOverride([&](const RouterInput& input) { return override(static_cast<int>(layer), input); })
                 : GatesOverride();
    LayerPass pass = block.moe->route(attended.norm, flat, noise, gates);
    const Residual mixed = addAndNorm(attended.sum, block.moe->mix(pass), nextNorm, dispatch_);
    if (passes) passes->push_back(std::move(pass));
    x = mixed.sum;
    tokens = mixed.norm;
  }
  return product(tokens, head_, dispatch_);
}

torch::Tensor TransformerImpl::attend(const Block& block, const torch::Tensor& tokens, std::int64_t sequences) const {
  return product(causalAttention(product(tokens, block.queryKeyValue, dispatch_), sequences, heads_, dispatch_),
                 block.attentionOut, dispatch_);
}

}  // namespace moescope
