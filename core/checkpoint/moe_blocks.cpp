#include "core/checkpoint/moe_blocks.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include "core/checkpoint/tensor_matrices.h"
#include "core/words/words.h"

namespace moescope {
namespace {

/// What comes before a layer's number: text models, the text part of models that also see or hear, and others.
constexpr const char* kLayers[] = {"model.layers.",
                                   "model.language_model.layers.",
                                   "language_model.model.layers.",
                                   "language_model.layers.",
                                   "model.llm.layers.",
                                   "thinker.model.layers.",
                                   "backbone.layers.",
                                   "layers.",
                                   "transformer.blocks.",
                                   "transformer.layers."};
/// Of a router's bias that counts for the choice only, below the block's prefix; the first is what most releases call it.
constexpr const char* kCorrectionBiases[] = {"gate.e_score_correction_bias",
                                             "e_score_correction_bias",
                                             "gate.expert_bias",
                                             "expert_bias",
                                             "gate.bias",
                                             "moe_statics.e_score_correction_bias",
                                             "experts.e_score_correction_bias",
                                             "router_bias",
                                             "router.e_score_correction_bias"};
/// The same below the layer's prefix.
constexpr const char* kCorrectionBiasesOfLayer[] = {"moe.router.expert_bias"};
/// Experts that every token passes through, below the block's prefix and below the layer's.
constexpr const char* kShared[] = {"shared_expert.", "shared_experts.", "shared_mlp."};
constexpr const char* kSharedOfLayer[] = {"shared_mlp.", "share_expert.", "residual_mlp."};
constexpr const char* kSharedGate = "shared_expert_gate.weight";
constexpr const char* kMatrices[] = {"gate_proj.weight", "up_proj.weight", "down_proj.weight",
                                     "w1.weight",        "w2.weight",      "w3.weight"};
constexpr const char* kSharedMatrices[] = {"linear_gate.weight", "input_linear.weight", "output_linear.weight",
                                           "gate_up_proj.weight"};
/// DeepSeek-V4: which experts a token id goes to, below the router's name.
constexpr const char* kHashTable = ".tid2eid";

/// A tensor of a layer: "model.layers.3.mlp.gate.weight" is layer 3, prefix "model.layers.3.", rest "mlp.gate.weight".
struct Place {
  int layer = 0;
  std::string prefix, rest;
};

std::optional<Place> placeOf(const std::string& name) {
  for (const std::string start : kLayers) {
    if (!name.starts_with(start)) continue;
    Place place;
    const char* end = name.data() + name.size();
    const auto number = std::from_chars(name.data() + start.size(), end, place.layer);
    if (number.ec != std::errc() || number.ptr == end || *number.ptr != '.' || place.layer < 0) continue;
    const auto after = static_cast<std::size_t>(number.ptr + 1 - name.data());
    place.prefix = name.substr(0, after);
    place.rest = name.substr(after);
    return place;
  }
  return std::nullopt;
}

/// "mlp." for the block "mlp"; nothing for ".", the layer itself.
std::string beginningOf(const std::string& block) { return block == "." ? "" : block + "."; }

/// The router tensors of a family below a layer, each with its block: "mlp.gate.weight" in "mlp.".
using RouterNames = std::map<std::string, std::string>;

RouterNames routerNamesOf(const Family& family) {
  RouterNames names;
  for (const std::string& block : wordsOf(family.blocks))
    for (const std::string& router : wordsOf(family.routers))
      names.emplace(beginningOf(block) + router + ".weight", beginningOf(block));
  return names;
}

/// The first of a family's router tensors, for messages.
std::string usualRouter(const Family& family) {
  return beginningOf(wordsOf(family.blocks).front()) + wordsOf(family.routers).front() + ".weight";
}

bool oneOf(const std::string& text, std::initializer_list<const char*> texts) {
  return std::any_of(texts.begin(), texts.end(), [&](const char* each) { return text == each; });
}

/// A weight matrix of a numbered or shared expert.
bool isMatrix(const std::string& rest, bool shared) {
  const auto equal = [&](const char* matrix) { return rest == matrix; };
  return std::any_of(std::begin(kMatrices), std::end(kMatrices), equal) ||
         (shared && std::any_of(std::begin(kSharedMatrices), std::end(kSharedMatrices), equal));
}

/// Number of "experts.12.gate_proj.weight"; nothing of another name.
std::optional<int> numberOf(const std::string& rest) {
  const char* end = rest.data() + rest.size();
  int number = 0;
  if (!rest.starts_with("experts.")) return std::nullopt;
  const auto parsed = std::from_chars(rest.data() + 8, end, number);
  return parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '.' && number >= 0 ? std::optional(number)
                                                                                            : std::nullopt;
}

/// Below the block: one of N numbered experts' matrices, or one of the stacked tensors that readExpert() takes.
bool isExpertTensor(const std::string& rest, int experts, const Family& family) {
  if (oneOf(rest, {"experts.gate_exps", "experts.up_exps", "experts.down_exps"})) return true;  // of GGUF
  for (const std::string stacked : {family.fused, family.stackedUp, family.stackedDown})
    if (!stacked.empty() && rest.starts_with(stacked)) {
      const std::string ending = rest.substr(stacked.size());
      if (ending.empty() || (family.expertBiases && oneOf(ending, {"_blocks", "_scales", "_bias"}))) return true;
    }
  const std::optional<int> number = numberOf(rest);
  return number && *number < experts && isMatrix(rest.substr(rest.find('.', 8) + 1), false);
}

/// "experts 8 to 11", "expert 3"
std::string expertRange(int first, int count) {
  if (count == 1) return translated("expert %1", std::to_string(first));
  return translated("experts %1 to %2", std::to_string(first), std::to_string(first + count - 1));
}

/// What a tensor belongs to that the family keeps beside the experts of its tokens; empty where it belongs to nothing of the
/// kind.
std::string asideOf(const std::string& name, const MoeBlock& block, const FamilyConfig& config) {
  const std::optional<int> number = numberOf(name.substr(block.prefix.size()));
  if (config.row->picturesApart &&
      (name == block.router + ".weight_1" || (number && *number >= block.experts && *number < 2 * block.experts)))
    return translated("%1 and their router weight_1, which are for pictures,", expertRange(block.experts, block.experts));
  if (number && *number >= block.weighted && *number < block.experts)
    return translated("tensors of %1, which are identities,", expertRange(block.weighted, config.identities));
  return {};
}

/// Tensors of the layer that the router needs beside its own.
std::vector<std::string> routerCompanions(const MoeBlock& block, const FamilyConfig& config) {
  std::vector<std::string> names;
  for (const char* name : {config.row->inputNorm, config.row->routerScale, config.row->expertScale})
    if (*name) names.push_back(block.layerPrefix + name);
  return names;
}

bool isRead(const Safetensors& tensors, const std::string& name, const MoeBlock& block, const FamilyConfig& config) {
  const std::vector<std::string> companions = routerCompanions(block, config);
  if (std::find(companions.begin(), companions.end(), name) != companions.end()) return true;
  if (name == block.router + ".weight" || name == block.correctionBias) return true;
  if (config.row->routerBias && name == block.router + ".bias") return true;
  const std::string rest = name.substr(block.prefix.size());
  if (rest == kSharedGate) return true;
  const bool shared = !block.shared.empty() && name.starts_with(block.shared);
  if (shared ? isMatrix(name.substr(block.shared.size()), true) : isExpertTensor(rest, block.weighted, *config.row)) return true;
  const std::string matrix = matrixOfCompanion(tensors, name);
  return !matrix.empty() && matrix != name && isRead(tensors, matrix, block, config);
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

/// Experts, router and everything with a dimension of N: numbers that are measured here depend on it. Where the layer itself is
/// the block, only what is named as experts and router are.
bool wouldBeMissed(const Safetensors& tensors, const std::string& name, const std::string& rest, const MoeBlock& block) {
  if (rest.ends_with("input_scale") || rest.ends_with("activation_scale") || rest.ends_with("input_global_scale"))
    return false;  // of the activations: they are not rounded here
  for (const char* part : {"experts.", "shared_expert.", "shared_experts.", "shared_mlp.", "gate.", "router."})
    if (rest.starts_with(part)) return true;
  const auto& shape = tensors.entry(name).shape;
  return block.prefix != block.layerPrefix && std::find(shape.begin(), shape.end(), block.experts) != shape.end();
}

[[noreturn]] void refuseUnread(const Safetensors& tensors, const std::string& name, const FamilyConfig& config) {
  throw std::runtime_error(translated(
      "%1: tensor \"%2\", %3 %4, belongs to an MoE block and would not be read: no such tensor, or no such packing, is known of family %5%6",
      tensors.path().string(), name, tensors.entry(name).type, shapeText(tensors.entry(name).shape), config.family,
      (config.quantisation.empty() ? "" : " (quantization_config: " + config.quantisation + ")")));
}

std::string oneOfBoth(const std::string& file, const std::string& one, const std::string& other) {
  return translated("%1: ambiguous: expected either \"%2\" or \"%3\", not both", file, one, other);
}

/// Which tensor holds the layer's correction bias. Empty where the family has none.
std::string correctionBiasOf(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config) {
  if (!config.correctionBias) return {};
  std::vector<std::string> names;
  for (const char* name : kCorrectionBiases) names.push_back(block.prefix + name);
  for (const char* name : kCorrectionBiasesOfLayer) names.push_back(block.layerPrefix + name);
  std::string found, others;
  for (const std::string& name : names) {
    if (!tensors.contains(name)) {
      others += std::string(others.empty() ? "" : ", ") + name.substr(block.layerPrefix.size());
      continue;
    }
    if (!found.empty()) throw std::runtime_error(oneOfBoth(tensors.path().string(), found, name));
    found = name;
  }
  if (found.empty())
    throw std::runtime_error(
        translated("%1: there is no tensor \"%2\": routers of family %3 have a bias for the choice (other names looked for: %4)",
                   tensors.path().string(), names.front(), config.family, others.substr(others.find(' ') + 1)));
  const auto& shape = tensors.entry(found).shape;
  if (config.row->picturesApart) return requireShape(tensors, found, {2, block.experts}), found;
  if (shape != std::vector<std::int64_t>{block.experts} && shape != std::vector<std::int64_t>{1, block.experts})
    throw std::runtime_error(translated("%1: tensor \"%2\": expected shape [%3], found %4", tensors.path().string(), found,
                                        std::to_string(block.experts), shapeText(shape)));
  return found;
}

/// Where the layer's shared expert lies; empty where there is none.
std::string sharedOf(const std::vector<std::string>& names, const MoeBlock& block, const std::string& file) {
  std::vector<std::string> places;
  for (const char* shared : kShared) places.push_back(block.prefix + shared);
  for (const char* shared : kSharedOfLayer) places.push_back(block.layerPrefix + shared);
  std::string found;
  for (const std::string& place : places) {
    const auto at = std::lower_bound(names.begin(), names.end(), place);
    if (at == names.end() || !at->starts_with(place) || place == found) continue;
    if (!found.empty())
      throw std::runtime_error(oneOfBoth(file, found.substr(0, found.size() - 1), place.substr(0, place.size() - 1)));
    found = place;
  }
  return found;
}

MoeBlock blockAt(const Safetensors& tensors, const std::vector<std::string>& names, const Place& place, const std::string& block,
                 const FamilyConfig& config) {
  MoeBlock found;
  found.layer = place.layer;
  found.layerPrefix = place.prefix;
  found.prefix = place.prefix + block;
  found.router = place.prefix + place.rest.substr(0, place.rest.size() - std::string(".weight").size());
  const std::string weight = found.router + ".weight";
  auto shape = tensors.entry(weight).shape;
  const bool turned = config.row->picturesApart;
  if (shape.size() == 2 && turned) std::swap(shape[0], shape[1]);
  if (shape.size() != 2 || shape[0] < 1 || shape[0] > 1'000'000 || shape[1] != config.width)
    throw std::runtime_error(translated(turned ? "%1: tensor \"%2\": expected shape [%3, experts], found %4"
                                               : "%1: tensor \"%2\": expected shape [experts, %3], found %4",
                                        tensors.path().string(), weight, std::to_string(config.width),
                                        shapeText(tensors.entry(weight).shape)));
  found.experts = static_cast<int>(shape[0]);
  found.weighted = found.experts - config.identities;
  if (found.weighted < 1)
    throw std::runtime_error(translated("%1: tensor \"%2\": %3 rows, of which %4 are to be identities without weights",
                                        tensors.path().string(), weight, std::to_string(found.experts),
                                        std::to_string(config.identities)));
  requireChoice(config.schemeOf(found.layer), found.experts, tensors.path().string() + ": layer " + std::to_string(found.layer));
  found.correctionBias = correctionBiasOf(tensors, found, config);
  found.shared = sharedOf(names, found, tensors.path().string());
  if (const std::string gate = found.prefix + kSharedGate;
      !found.shared.empty() && config.row->sharedGate && !tensors.contains(gate))
    throw std::runtime_error(translated("%1: there is no tensor \"%2\": shared experts of family %3 have a gate",
                                        tensors.path().string(), gate, config.family));
  if (config.row->routerBias && !tensors.contains(found.router + ".bias"))
    throw std::runtime_error(translated("%1: there is no tensor \"%2.bias\": routers of family %3 have a bias",
                                        tensors.path().string(), found.router, config.family));
  for (const std::string& name : routerCompanions(found, config))
    requireShape(tensors, name, {name == found.layerPrefix + config.row->expertScale ? found.experts : config.width});
  return found;
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
    notes.add(ReadingNoteKind::Assumed,
              layers.size() > 1
                  ? translated("%1: \"%2\" gives %3 experts, the router has %4 rows in layers %5: so many are taken", config.file,
                               config.expertsKey, config.experts > 0 ? std::to_string(config.experts) : translated("no"),
                               std::to_string(experts), listed(layers))
                  : translated("%1: \"%2\" gives %3 experts, the router has %4 rows in layer %5: so many are taken", config.file,
                               config.expertsKey, config.experts > 0 ? std::to_string(config.experts) : translated("no"),
                               std::to_string(experts), listed(layers)));
}

/// config.json speaks of shared experts, and a layer has none.
void noteSharedMissing(const std::vector<MoeBlock>& blocks, const FamilyConfig& config, ReadingNotes& notes) {
  std::set<int> without;
  for (const MoeBlock& block : blocks)
    if (block.shared.empty()) without.insert(block.layer);
  if (!config.sharedKey.empty() && !without.empty())
    notes.add(ReadingNoteKind::Missing,
              translated("%1: \"%2\" speaks of shared experts; no tensors of one, by a name that is known, are in layer %3",
                         config.file, config.sharedKey, listed(without)));
}

/// "2 to 4, 7"
std::string rangesOf(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0, last = 0; i < numbers.size(); i = last + 1) {
    for (last = i; last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1; ++last) {
    }
    const std::string from = std::to_string(numbers[i]);
    text += (text.empty() ? "" : ", ") + (last > i ? translated("%1 to %2", from, std::to_string(numbers[last])) : from);
  }
  return text;
}

/// Layers that config.json counts and no tensor is of: the rest of a model, or files that are not there.
void noteLayersMissing(const std::vector<std::string>& names, const FamilyConfig& config, ReadingNotes& notes) {
  std::vector<bool> found(static_cast<std::size_t>(config.layers), false);
  for (const std::string& name : names)
    if (const std::optional<Place> place = placeOf(name); place && place->layer < config.layers)
      found[static_cast<std::size_t>(place->layer)] = true;
  std::vector<int> missing;
  for (int layer = 0; layer < config.layers; ++layer)
    if (!found[static_cast<std::size_t>(layer)]) missing.push_back(layer);
  if (missing.empty()) return;
  notes.add(ReadingNoteKind::Missing,
            translated("%1: \"%2\" gives %3 layers, and there are tensors of %4: no tensor is of layer %5; are files missing?",
                       config.file, config.layersKey, std::to_string(config.layers),
                       std::to_string(found.size() - missing.size()), rangesOf(missing)));
}

/// The routers' layers; those after the model's last and those whose experts token ids choose are noted.
std::map<int, MoeBlock> blocksOf(const Safetensors& tensors, const std::vector<std::string>& names, const FamilyConfig& config,
                                 std::set<int>& hashed, ReadingNotes& notes) {
  const std::string file = tensors.path().string();
  const RouterNames routers = routerNamesOf(*config.row);
  std::map<int, MoeBlock> blocks;
  std::set<int> beyond;
  for (const std::string& name : names) {
    const std::optional<Place> place = placeOf(name);
    if (!place) {
      if (name.ends_with(".gate.weight") || name.ends_with(".router.weight"))
        notes.add(ReadingNoteKind::NotRead, translated("tensor \"%1\": a router outside the model's layers", name));
      continue;
    }
    const auto router = routers.find(place->rest);
    if (router == routers.end()) continue;
    if (place->layer >= config.layers) {
      beyond.insert(place->layer);
      continue;
    }
    if (tensors.contains(name.substr(0, name.rfind('.')) + kHashTable)) {
      hashed.insert(place->layer);
      continue;
    }
    const auto [at, fresh] = blocks.emplace(place->layer, blockAt(tensors, names, *place, router->second, config));
    if (!fresh) throw std::runtime_error(oneOfBoth(file, at->second.router + ".weight", name));
  }
  if (!hashed.empty())
    notes.add(ReadingNoteKind::NotRead, translated("layer %1: token ids choose the experts there (%2), not the router's scores",
                                                   listed(hashed), std::string(kHashTable + 1)));
  if (blocks.empty())
    throw std::runtime_error(translated("%1: no layer has a router%2; expected tensors like model.layers.0.%3", file,
                                        hashed.empty() ? "" : translated(" that chooses"), usualRouter(*config.row)));
  if (!beyond.empty())
    notes.add(ReadingNoteKind::NotRead, translated("layer %1: after the model's last layer (%2), for multi-token prediction",
                                                   listed(beyond), std::to_string(config.layers - 1)));
  return blocks;
}

/// Refuses what would be left unread of the experts and routers, and notes what else lies in their blocks.
void checkThatAllIsRead(const Safetensors& tensors, const std::vector<std::string>& names, const std::map<int, MoeBlock>& blocks,
                        const std::set<int>& hashed, const FamilyConfig& config, ReadingNotes& notes) {
  std::vector<std::string> blockNames;
  for (const std::string& block : wordsOf(config.row->blocks)) blockNames.push_back(beginningOf(block));
  std::map<std::string, std::set<int>> unread, aside;  // by name below the block, or by what they belong to, the layers
  for (const std::string& name : names) {
    const std::optional<Place> place = placeOf(name);
    if (!place || place->layer >= config.layers || hashed.contains(place->layer)) continue;
    const auto found = blocks.find(place->layer);
    if (found == blocks.end() || !name.starts_with(found->second.prefix)) {
      for (const std::string& block : blockNames)
        if (place->rest.starts_with(block + "experts.") ||
            (place->rest.starts_with(block) && isExpertTensor(place->rest.substr(block.size()), 1, *config.row)))
          throw std::runtime_error(translated("%1: there is no tensor \"%2%3\", the router of \"%4\"", tensors.path().string(),
                                              place->prefix, usualRouter(*config.row), name));
      continue;
    }
    const std::string rest = name.substr(found->second.prefix.size());
    if (isRead(tensors, name, found->second, config)) continue;
    if (const std::string owner = asideOf(name, found->second, config); !owner.empty()) {
      aside[owner].insert(place->layer);
      continue;
    }
    if (wouldBeMissed(tensors, name, rest, found->second)) refuseUnread(tensors, name, config);
    if (found->second.prefix != found->second.layerPrefix) unread[rest].insert(place->layer);
  }
  for (const auto& [owner, layers] : aside)
    notes.add(ReadingNoteKind::NotRead, translated("%1 of the MoE block of layer %2", owner, listed(layers)));
  for (const auto& [rest, layers] : unread)
    notes.add(ReadingNoteKind::NotRead, translated("tensor \"%1\" of the MoE block of layer %2", rest, listed(layers)));
}

}  // namespace

bool hasRouters(const Safetensors& tensors) {
  RouterNames routers;
  for (const Family& family : familyTable()) routers.merge(routerNamesOf(family));
  const std::vector<std::string> names = tensors.names();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const std::optional<Place> place = placeOf(name);
    return place && routers.contains(place->rest);
  });
}

std::vector<MoeBlock> findMoeBlocks(const Safetensors& tensors, const FamilyConfig& config, ReadingNotes& notes) {
  const std::vector<std::string> names = tensors.names();
  std::set<int> hashed;
  std::map<int, MoeBlock> blocks = blocksOf(tensors, names, config, hashed, notes);
  checkThatAllIsRead(tensors, names, blocks, hashed, config, notes);
  std::vector<MoeBlock> found;
  for (auto& [layer, block] : blocks) found.push_back(std::move(block));
  noteLayersMissing(names, config, notes);
  noteCounts(found, config, notes);
  noteSharedMissing(found, config, notes);
  if (config.identities > 0)
    notes.add(
        ReadingNoteKind::Missing,
        translated(
            "weights of the last %1 experts of each layer: they are identities, which give back what they are given, and have no weights to measure",
            std::to_string(config.identities)));
  return found;
}

}  // namespace moescope
