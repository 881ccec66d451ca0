#include "core/checkpoint/moe_blocks.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

namespace moescope {
namespace {

constexpr const char* kLayers = "model.layers.";
constexpr const char* kBlocks[] = {"mlp.", "block_sparse_moe."};
constexpr const char* kRouters[] = {"gate", "router"};
/// Of a router's bias that counts for the choice only, below the block's prefix; the first is what most releases call it.
constexpr const char* kCorrectionBiases[] = {"gate.e_score_correction_bias", "e_score_correction_bias", "gate.expert_bias", "expert_bias",
                                             "gate.bias", "moe_statics.e_score_correction_bias", "experts.e_score_correction_bias",
                                             "router_bias", "router.e_score_correction_bias"};
constexpr const char* kMatrices[] = {"gate_proj.weight", "up_proj.weight", "down_proj.weight", "w1.weight", "w2.weight", "w3.weight"};

/// A tensor of a layer's block: "model.layers.3.mlp.gate.weight" is layer 3, block "mlp.", rest "gate.weight".
struct Place {
  int layer = 0;
  std::string prefix, rest;
};

std::optional<Place> placeOf(const std::string& name) {
  const std::string start = kLayers;
  if (!name.starts_with(start)) return std::nullopt;
  Place place;
  const char* end = name.data() + name.size();
  const auto number = std::from_chars(name.data() + start.size(), end, place.layer);
  if (number.ec != std::errc() || number.ptr == end || *number.ptr != '.' || place.layer < 0) return std::nullopt;
  const auto after = static_cast<std::size_t>(number.ptr + 1 - name.data());
  for (const char* block : kBlocks)
    if (name.compare(after, std::string(block).size(), block) == 0) {
      place.prefix = name.substr(0, after + std::string(block).size());
      place.rest = name.substr(place.prefix.size());
      return place;
    }
  return std::nullopt;
}

bool isRouter(const std::string& rest) {
  return std::any_of(std::begin(kRouters), std::end(kRouters), [&](const char* router) { return rest == std::string(router) + ".weight"; });
}

bool oneOf(const std::string& text, std::initializer_list<const char*> texts) {
  return std::any_of(texts.begin(), texts.end(), [&](const char* each) { return text == each; });
}

/// A weight matrix of a numbered or shared expert, or its block scales.
bool isMatrix(std::string rest) {
  if (rest.ends_with("_scale_inv")) rest.resize(rest.size() - 10);
  return std::any_of(std::begin(kMatrices), std::end(kMatrices), [&](const char* matrix) { return rest == matrix; });
}

/// Below "experts.": is it one of N numbered experts' matrices, or one of the stacked tensors that readExpert() takes?
bool isExpertTensor(const std::string& rest, int experts, bool biases) {
  int number = 0;
  const char* end = rest.data() + rest.size();
  const auto parsed = std::from_chars(rest.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '.') return number >= 0 && number < experts && isMatrix(std::string(parsed.ptr + 1, end));
  for (const char* stacked : {"gate_up_proj", "down_proj"})
    if (rest.starts_with(stacked)) {
      const std::string ending = rest.substr(std::string(stacked).size());
      return oneOf(ending, {"", "_scale_inv"}) || (biases && oneOf(ending, {"_blocks", "_scales", "_bias"}));
    }
  return false;
}

bool isRead(const std::string& name, const std::string& rest, const MoeBlock& block, const FamilyConfig& config) {
  if (name == block.router + ".weight" || name == block.router + ".weight_scale_inv" || name == block.correctionBias) return true;
  if (config.routerBias && name == block.router + ".bias") return true;
  if (rest == "shared_expert_gate.weight") return true;
  for (const char* shared : {"shared_expert.", "shared_experts."})
    if (rest.starts_with(shared)) return isMatrix(rest.substr(std::string(shared).size()));
  return rest.starts_with("experts.") && isExpertTensor(rest.substr(8), block.experts, config.expertBiases);
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

/// Experts, router and everything with a dimension of N: numbers that are measured here depend on it.
bool wouldBeMissed(const Safetensors& tensors, const std::string& name, const std::string& rest, const MoeBlock& block) {
  if (rest.ends_with("input_scale") || rest.ends_with("activation_scale")) return false;  // of the activations: they are not rounded here
  for (const char* part : {"experts.", "shared_expert.", "shared_experts.", "gate.", "router."})
    if (rest.starts_with(part)) return true;
  const auto& shape = tensors.entry(name).shape;
  return std::find(shape.begin(), shape.end(), block.experts) != shape.end();
}

[[noreturn]] void refuseUnread(const Safetensors& tensors, const std::string& name, const FamilyConfig& config) {
  throw std::runtime_error(tensors.path().string() + ": tensor \"" + name + "\", " + tensors.entry(name).type + " " + shapeText(tensors.entry(name).shape) +
                           ", belongs to an MoE block and would not be read: no such tensor, or no such packing, is known of family " + config.family +
                           (config.quantisation.empty() ? "" : " (quantization_config: " + config.quantisation + ")"));
}

/// Which tensor holds the layer's correction bias. Empty where the family has none.
std::string correctionBiasOf(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config) {
  if (!config.correctionBias) return {};
  std::string found, others;
  for (const char* name : kCorrectionBiases) {
    if (!tensors.contains(block.prefix + name)) {
      others += std::string(others.empty() ? "" : ", ") + name;
      continue;
    }
    if (!found.empty()) throw std::runtime_error(tensors.path().string() + ": ambiguous: expected either \"" + found + "\" or \"" + block.prefix + name + "\", not both");
    found = block.prefix + name;
  }
  if (found.empty())
    throw std::runtime_error(tensors.path().string() + ": there is no tensor \"" + block.prefix + kCorrectionBiases[0] + "\": routers of family " + config.family +
                             " have a bias for the choice (other names looked for: " + others.substr(others.find(' ') + 1) + ")");
  const auto& shape = tensors.entry(found).shape;
  if (shape != std::vector<std::int64_t>{block.experts} && shape != std::vector<std::int64_t>{1, block.experts})
    throw std::runtime_error(tensors.path().string() + ": tensor \"" + found + "\": expected shape [" + std::to_string(block.experts) + "], found " + shapeText(shape));
  return found;
}

MoeBlock blockAt(const Safetensors& tensors, const Place& place, const FamilyConfig& config) {
  MoeBlock block{place.layer, place.prefix, place.prefix + place.rest.substr(0, place.rest.find('.')), {}, 0};
  const std::string weight = block.router + ".weight";
  const auto& shape = tensors.entry(weight).shape;
  if (shape.size() != 2 || shape[0] < 1 || shape[0] > 1'000'000 || shape[1] != config.width)
    throw std::runtime_error(tensors.path().string() + ": tensor \"" + weight + "\": expected shape [experts, " + std::to_string(config.width) + "], found " + shapeText(shape));
  block.experts = static_cast<int>(shape[0]);
  requireChoice(config.scheme, block.experts, tensors.path().string() + ": layer " + std::to_string(block.layer));
  block.correctionBias = correctionBiasOf(tensors, block, config);
  if (config.routerBias && !tensors.contains(block.router + ".bias"))
    throw std::runtime_error(tensors.path().string() + ": there is no tensor \"" + block.router + ".bias\": routers of family " + config.family + " have a bias");
  return block;
}

std::string listed(const std::set<int>& numbers) {
  std::string text;
  for (const int number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

void noteCounts(const std::vector<MoeBlock>& blocks, const FamilyConfig& config, ReadingNotes& notes) {
  std::map<int, std::set<int>> others;
  for (const MoeBlock& block : blocks)
    if (block.experts != config.experts) others[block.experts].insert(block.layer);
  for (const auto& [experts, layers] : others)
    notes.add(ReadingNoteKind::Assumed, config.file + ": \"" + config.expertsKey + "\" gives " + (config.experts > 0 ? std::to_string(config.experts) : "no") + " experts, the router has " +
                                            std::to_string(experts) + " rows in layer" + (layers.size() > 1 ? "s " : " ") + listed(layers) + ": so many are taken");
}

}  // namespace

bool hasRouters(const Safetensors& tensors) {
  const std::vector<std::string> names = tensors.names();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    const std::optional<Place> place = placeOf(name);
    return place && isRouter(place->rest);
  });
}

std::vector<MoeBlock> findMoeBlocks(const Safetensors& tensors, const FamilyConfig& config, ReadingNotes& notes) {
  const std::string file = tensors.path().string();
  std::map<int, MoeBlock> blocks;
  std::set<int> beyond;
  const std::vector<std::string> names = tensors.names();
  for (const std::string& name : names) {
    const std::optional<Place> place = placeOf(name);
    if (!place) {
      if (name.ends_with(".gate.weight") || name.ends_with(".router.weight")) notes.add(ReadingNoteKind::NotRead, "tensor \"" + name + "\": a router outside the model's layers");
      continue;
    }
    if (!isRouter(place->rest)) continue;
    if (place->layer >= config.layers) {
      beyond.insert(place->layer);
      continue;
    }
    const auto [at, fresh] = blocks.emplace(place->layer, blockAt(tensors, *place, config));
    if (!fresh) throw std::runtime_error(file + ": ambiguous: expected either \"" + at->second.router + ".weight\" or \"" + name + "\", not both");
  }
  if (blocks.empty())
    throw std::runtime_error(file + ": no layer has a router; expected tensors like " + kLayers + "0.mlp.gate.weight");
  if (!beyond.empty())
    notes.add(ReadingNoteKind::NotRead, "layer " + listed(beyond) + ": after the model's last layer (" + std::to_string(config.layers - 1) + "), for multi-token prediction");
  std::map<std::string, std::set<int>> unread;  // by name below the block, the layers
  for (const std::string& name : names) {
    const std::optional<Place> place = placeOf(name);
    if (!place || place->layer >= config.layers) continue;
    const auto block = blocks.find(place->layer);
    if (block == blocks.end() || block->second.prefix != place->prefix) {
      if (place->rest.starts_with("experts.")) throw std::runtime_error(file + ": there is no tensor \"" + place->prefix + "gate.weight\", the router of \"" + name + "\"");
      continue;
    }
    if (isRead(name, place->rest, block->second, config)) continue;
    if (wouldBeMissed(tensors, name, place->rest, block->second)) refuseUnread(tensors, name, config);
    unread[place->rest].insert(place->layer);
  }
  for (const auto& [rest, layers] : unread)
    notes.add(ReadingNoteKind::NotRead, "tensor \"" + rest + "\" of the MoE block of layer " + listed(layers));
  std::vector<MoeBlock> found;
  for (auto& [layer, block] : blocks) found.push_back(std::move(block));
  noteCounts(found, config, notes);
  return found;
}

}  // namespace moescope
