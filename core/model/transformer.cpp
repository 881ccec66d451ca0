#include "core/model/transformer.h"

#include <cmath>

#include "core/model/capacity.h"
#include "core/kernels/dense.h"

namespace moescope {
namespace {

constexpr int kBytes = 256;
constexpr double kEmbeddingDeviation = 0.02;

torch::Tensor scaled(torch::IntArrayRef shape, int fanIn) { return torch::randn(shape) / std::sqrt(static_cast<double>(fanIn)); }

/// Keeps the residual stream's size independent of depth.
double residualScale(const Knobs& knobs) { return 1.0 / std::sqrt(2.0 * knobs.layers); }

/// The expert that works on every token with gate 1.
RouterOutput everyToken(const torch::Tensor& tokens) {
  RouterOutput output;
  output.gates = torch::ones({tokens.size(0), 1}, tokens.options());
  return output;
}

}  // namespace

TransformerImpl::TransformerImpl(const Knobs& knobs, Dispatch dispatch)
    : heads_(knobs.heads), centreTokens_(knobs.centreTokens), capacityFactor_(knobs.capacityFactor), dispatch_(dispatch) {
  embedding_ = register_parameter("embedding", torch::randn({kBytes, knobs.width}) * kEmbeddingDeviation);
  positions_ = register_parameter("positions", torch::randn({knobs.context, knobs.width}) * kEmbeddingDeviation);
  for (int layer = 0; layer < knobs.layers; ++layer) addBlock(knobs, layer);
  finalNorm_ = register_parameter("final_norm", torch::ones({knobs.width}));
  head_ = register_parameter("head", scaled({knobs.width, kBytes}, knobs.width));
  // Last, so that all else starts the same from one seed whatever the router draws.
  for (std::size_t layer = 0; layer < blocks_.size(); ++layer) {
    blocks_[layer].router = register_module("block" + std::to_string(layer) + "_router", createRouter(knobs));
    addShared(blocks_[layer], knobs, "block" + std::to_string(layer) + "_");
  }
}

void TransformerImpl::addBlock(const Knobs& knobs, int layer) {
  const std::string prefix = "block" + std::to_string(layer) + "_";
  const int width = knobs.width, hidden = knobs.expertWidth;
  const double residual = residualScale(knobs);
  Block block;
  block.attentionNorm = register_parameter(prefix + "attention_norm", torch::ones({width}));
  block.queryKeyValue = register_parameter(prefix + "query_key_value", scaled({width, 3 * width}, width));
  block.attentionOut = register_parameter(prefix + "attention_out", scaled({width, width}, width) * residual);
  block.expertNorm = register_parameter(prefix + "expert_norm", torch::ones({width}));
  block.routingMean = register_buffer(prefix + "routing_mean", torch::zeros({width}));
  block.experts.in = register_parameter(prefix + "experts_in", scaled({knobs.experts, width, 2 * hidden}, width));
  block.experts.down = register_parameter(prefix + "experts_down", scaled({knobs.experts, hidden, width}, hidden) * residual);
  blocks_.push_back(std::move(block));
}

void TransformerImpl::addShared(Block& block, const Knobs& knobs, const std::string& prefix) {
  if (knobs.sharedExpertWidth == 0) return;
  const int width = knobs.width, hidden = knobs.sharedExpertWidth;
  block.shared.in = register_parameter(prefix + "shared_in", scaled({1, width, 2 * hidden}, width));
  block.shared.down = register_parameter(prefix + "shared_down", scaled({1, hidden, width}, hidden) * residualScale(knobs));
}

void TransformerImpl::adopt(const Knobs& knobs) {
  capacityFactor_ = knobs.capacityFactor;
  for (Block& block : blocks_) block.router->adopt(knobs);
}

void TransformerImpl::replaceRouters(const Knobs& knobs) {
  for (std::size_t layer = 0; layer < blocks_.size(); ++layer) {
    const torch::Device device = blocks_[layer].expertNorm.device();
    blocks_[layer].router = replace_module("block" + std::to_string(layer) + "_router", createRouter(knobs));
    blocks_[layer].router->to(device);
  }
}

torch::Tensor TransformerImpl::forward(const torch::Tensor& bytes, std::vector<LayerPass>* traces, const RoutingOverride& override) {
  const torch::Tensor flat = bytes.reshape({-1});
  torch::Tensor x = embed(bytes, embedding_, positions_, dispatch_);
  torch::Tensor tokens = rootMeanSquareNorm(x, blocks_.front().attentionNorm, dispatch_);
  for (std::size_t layer = 0; layer < blocks_.size(); ++layer) {
    const torch::Tensor& nextNorm = layer + 1 < blocks_.size() ? blocks_[layer + 1].attentionNorm : finalNorm_;
    const Residual attended = addAndNorm(x, attend(blocks_[layer], tokens, bytes.size(0)), blocks_[layer].expertNorm, dispatch_);
    const Residual mixed = addAndNorm(attended.sum, mixExperts(static_cast<int>(layer), attended.norm, flat, traces, override), nextNorm, dispatch_);
    x = mixed.sum;
    tokens = mixed.norm;
  }
  return product(tokens, head_, dispatch_);
}

void TransformerImpl::followTokens(const std::vector<LayerPass>& traces) {
  if (!centreTokens_) return;
  for (std::size_t layer = 0; layer < traces.size(); ++layer)  // the traced tokens are centred already
    blocks_[layer].routingMean.add_(traces[layer].input.tokens.detach().mean(0), kMeanRate);
}

torch::Tensor TransformerImpl::attend(const Block& block, const torch::Tensor& tokens, std::int64_t sequences) const {
  return product(causalAttention(product(tokens, block.queryKeyValue, dispatch_), sequences, heads_, dispatch_), block.attentionOut, dispatch_);
}

torch::Tensor TransformerImpl::mixExperts(int layer, const torch::Tensor& tokens, const torch::Tensor& bytes, std::vector<LayerPass>* traces,
                                          const RoutingOverride& override) {
  Block& block = blocks_[static_cast<std::size_t>(layer)];
  LayerPass trace;
  trace.tokens = tokens;
  trace.input = {tokens, bytes};
  if (centreTokens_) trace.input.tokens = tokens - block.routingMean;
  if (override) {
    trace.output.gates = override(layer, trace.input);
  } else {
    trace.output = block.router->route(trace.input);
    limitCapacity(trace.output, capacityFactor_, block.experts.in.size(0));
  }
  torch::Tensor mixed = runExperts(tokens, trace.output, block.experts, dispatch_);
  if (block.shared.in.defined()) mixed = mixed + runExperts(tokens, everyToken(tokens), block.shared, dispatch_);
  if (traces) traces->push_back(std::move(trace));
  return mixed;
}

}  // namespace moescope
