#include "core/checkpoint/family_config.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "core/data/files.h"

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 60;  // of a text from the file in a message

std::string plain(double value) {
  std::string text = json(value).dump();
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

/// What config.json says, with every fault named by file and key, and what it leaves open noted.
class Config {
 public:
  Config(const fs::path& path, ReadingNotes& notes) : file_(path.string()), notes_(notes) {
    requireRegularFile(path);
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    if (failed || size > 1'000'000) throw std::runtime_error(file_ + ": expected a config.json of at most 1 MB");
    std::ifstream stream(path);
    json_ = json::parse(stream, [&](int depth, json::parse_event_t, json&) {
      if (depth > 32) throw std::runtime_error(file_ + ": nested deeper than 32");
      return true;
    }, false);
    if (!json_.is_object()) throw std::runtime_error(file_ + ": expected a JSON object");
  }
  /// Neither missing nor null, which means the same.
  bool has(const char* key) const { return json_.contains(key) && !json_[key].is_null(); }
  const json& at(const char* key) const { return json_[key]; }

  std::string text(const char* key, const std::string& otherwise) const {
    if (!has(key)) return assumed(key, "\"" + otherwise + "\""), otherwise;
    require(json_[key].is_string(), key, "a text");
    return json_[key].get<std::string>();
  }
  double number(const char* key, double otherwise) const {
    if (!has(key)) return assumed(key, plain(otherwise)), otherwise;
    require(json_[key].is_number(), key, "a number");
    return json_[key].get<double>();
  }
  bool flag(const char* key, bool otherwise) const {
    if (!has(key)) return assumed(key, otherwise ? "true" : "false"), otherwise;
    require(json_[key].is_boolean(), key, "true or false");
    return json_[key].get<bool>();
  }
  /// The first of the keys that is there.
  int count(std::initializer_list<const char*> keys) const {
    for (const char* key : keys)
      if (has(key)) return countOf(key);
    throw std::runtime_error(file_ + ": expected a number \"" + *keys.begin() + "\"");
  }
  int countOr(const char* key, int otherwise) const { return has(key) ? countOf(key) : (assumed(key, std::to_string(otherwise)), otherwise); }

  void require(bool holds, const char* key, const std::string& expected) const {
    if (!holds) throw std::runtime_error(file_ + ": \"" + key + "\": expected " + expected + ", found " + json_.at(key).dump().substr(0, kLongestName));
  }
  void note(ReadingNoteKind kind, const std::string& what) const { notes_.add(kind, file_ + ": " + what); }
  const std::string& file() const { return file_; }

 private:
  void assumed(const char* key, const std::string& value) const { note(ReadingNoteKind::Assumed, "no \"" + std::string(key) + "\": " + value + ", the family's default"); }
  int countOf(const char* key) const {
    const double value = json_[key].is_number() ? json_[key].get<double>() : 0.0;
    require(value >= 1 && value <= 1'000'000 && value == std::floor(value), key, "a whole number from 1 to 1000000");
    return static_cast<int>(value);
  }

  std::string file_;
  ReadingNotes& notes_;
  json json_;
};

/// One line for each family: the model_type of config.json, its keys, what its routers and experts have, the router's arithmetic.
struct Family {
  const char* type;
  const char* expertsKey;
  const char* expertsAlias;  ///< that the transformers library takes for the same
  const char* unitsKey;
  bool correctionBias, routerAndExpertBiases;
  RoutingScheme (*scheme)(const Config&);
};

RoutingScheme softmaxScheme(const Config& config) {
  RoutingScheme scheme;
  scheme.renormalise = config.flag("norm_topk_prob", false);
  return scheme;
}
RoutingScheme mixtralScheme(const Config&) { return {.renormalise = true}; }
RoutingScheme gptOssScheme(const Config&) { return {.softmaxOfChosen = true}; }
RoutingScheme deepseek2Scheme(const Config& config) {
  RoutingScheme scheme;
  scheme.scaling = static_cast<float>(config.number("routed_scaling_factor", 1.0));
  if (config.has("scoring_func")) config.require(config.at("scoring_func") == "softmax", "scoring_func", "\"softmax\"");
  if (config.has("norm_topk_prob") && config.at("norm_topk_prob") == true)
    config.note(ReadingNoteKind::NotRead, "\"norm_topk_prob\" true is left aside: this family's weights are never renormalised");
  if (const std::string method = config.text("topk_method", "greedy"); method != "greedy") {
    config.require(method == "group_limited_greedy", "topk_method", "\"greedy\" or \"group_limited_greedy\"");
    scheme.groups = config.count({"n_group"});
    scheme.keptGroups = config.count({"topk_group"});
  }
  return scheme;
}
RoutingScheme deepseek3Scheme(const Config& config) {
  if (config.has("scoring_func")) config.require(config.at("scoring_func") == "sigmoid", "scoring_func", "\"sigmoid\"");
  if (config.has("topk_method")) config.require(config.at("topk_method") == "noaux_tc", "topk_method", "\"noaux_tc\"");
  return {.sigmoid = true, .renormalise = config.flag("norm_topk_prob", true), .groups = config.countOr("n_group", 8),
          .keptGroups = config.countOr("topk_group", 4), .groupByTopTwo = true,
          .scaling = static_cast<float>(config.number("routed_scaling_factor", 2.5))};
}

constexpr Family kFamilies[] = {
    {"mixtral", "num_local_experts", "num_experts", "intermediate_size", false, false, mixtralScheme},
    {"qwen2_moe", "num_experts", nullptr, "moe_intermediate_size", false, false, softmaxScheme},
    {"qwen3_moe", "num_experts", "num_local_experts", "moe_intermediate_size", false, false, softmaxScheme},
    {"olmoe", "num_experts", "num_local_experts", "intermediate_size", false, false, softmaxScheme},
    {"deepseek_v2", "n_routed_experts", "num_experts", "moe_intermediate_size", false, false, deepseek2Scheme},
    {"deepseek_v3", "n_routed_experts", "num_local_experts", "moe_intermediate_size", true, false, deepseek3Scheme},
    {"gpt_oss", "num_local_experts", "num_experts", "intermediate_size", false, true, gptOssScheme},
};

constexpr const char* kExpertKeys[] = {"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"};

const Family& familyOf(const Config& config) {
  if (!config.has("model_type")) throw std::runtime_error(config.file() + ": expected a text \"model_type\"");
  const std::string type = config.text("model_type", "");
  std::string known;
  for (const Family& family : kFamilies) {
    if (type == family.type) return family;
    known += std::string(known.empty() ? "" : ", ") + family.type;
  }
  bool experts = false;
  for (const char* key : {"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "text_config", "llm_config", "thinker_config", "ffn_config"})
    experts |= config.has(key) && config.at(key) != 0;
  throw std::runtime_error(config.file() + ": model_type \"" + type.substr(0, kLongestName) + "\" is not known" +
                           (experts ? "" : ", and no key gives a number of experts: a dense model: no experts?") + "; expected one of " + known);
}

/// The number of experts by the family's own key; 0 where it gives none. What other families' keys say is left aside.
int expertsOf(const Config& config, const Family& family) {
  const char* own = config.has(family.expertsKey) || !family.expertsAlias || !config.has(family.expertsAlias) ? family.expertsKey : family.expertsAlias;
  const int experts = !config.has(own) || config.at(own) == 0 ? 0 : config.count({own});
  for (const char* other : kExpertKeys)
    if (config.has(other) && config.at(other) != experts)
      config.note(ReadingNoteKind::NotRead, "\"" + std::string(other) + "\" " + config.at(other).dump().substr(0, kLongestName) + " is left aside: " + family.type + " goes by \"" + own +
                                                "\", " + (experts > 0 ? std::to_string(experts) : "which gives none"));
  return experts;
}

Activation activationOf(const Config& config, const Family& family) {
  const std::string name = config.text("hidden_act", "silu");
  if (!family.routerAndExpertBiases) {
    const std::optional<ActivationKind> kind = activationNamed(name);
    config.require(kind.has_value(), "hidden_act", "one of " + knownActivations());
    return {.kind = *kind};
  }
  if (name != "silu") config.require(name == "swish", "hidden_act", "\"silu\", which this family's clamped SwiGLU is built on");
  Activation activation{ActivationKind::ClampedSwiGlu, static_cast<float>(config.number("swiglu_alpha", 1.702)), static_cast<float>(config.number("swiglu_limit", 7.0))};
  if (config.has("swiglu_alpha")) config.require(std::isfinite(activation.alpha), "swiglu_alpha", "a finite number");
  if (config.has("swiglu_limit")) config.require(activation.limit > 0.0f && std::isfinite(activation.limit), "swiglu_limit", "a number above 0");
  return activation;
}

std::string quantisationOf(const Config& config) {
  if (!config.has("quantization_config")) return {};
  const json& said = config.at("quantization_config");
  config.require(said.is_object(), "quantization_config", "an object");
  if (said.contains("weight_block_size") && !said["weight_block_size"].is_null() && said["weight_block_size"] != json::array({128, 128}))
    throw std::runtime_error(config.file() + ": \"quantization_config\": weight_block_size: expected [128, 128], found " + said["weight_block_size"].dump().substr(0, kLongestName));
  std::string text;
  for (const char* key : {"quant_method", "format", "fmt", "bits", "weight_block_size"})
    if (said.contains(key) && !said[key].is_null()) text += (text.empty() ? "" : ", ") + std::string(key) + " " + said[key].dump().substr(0, kLongestName);
  return text.empty() ? "no quant_method" : text;
}

}  // namespace

void requireChoice(const RoutingScheme& scheme, int experts, const std::string& place) {
  if (scheme.chosen > experts || experts % scheme.groups || scheme.keptGroups > scheme.groups || scheme.chosen > experts / scheme.groups * scheme.keptGroups)
    throw std::runtime_error(place + ": " + std::to_string(scheme.chosen) + " of " + std::to_string(experts) + " experts cannot be chosen from " +
                             std::to_string(scheme.keptGroups) + " of " + std::to_string(scheme.groups) + " groups");
}

FamilyConfig readFamilyConfig(const fs::path& path, bool routers) {
  FamilyConfig result;
  const Config config(path, result.notes);
  const Family& family = familyOf(config);
  result.file = config.file();
  result.family = family.type;
  result.expertsKey = family.expertsKey;
  result.correctionBias = family.correctionBias;
  result.routerBias = result.expertBiases = family.routerAndExpertBiases;
  result.experts = expertsOf(config, family);
  if (result.experts == 0 && !routers)
    throw std::runtime_error(config.file() + ": a dense model: no experts (\"" + family.expertsKey + "\" gives none, and no layer has a router)");
  result.width = config.count({"hidden_size"});
  result.units = config.count({family.unitsKey});
  result.layers = config.count({"num_hidden_layers"});
  result.scheme = family.scheme(config);
  result.scheme.chosen = config.count({"num_experts_per_tok", "experts_per_token"});
  if (result.experts > 0) requireChoice(result.scheme, result.experts, config.file());
  result.activation = activationOf(config, family);
  result.quantisation = quantisationOf(config);
  return result;
}

}  // namespace moescope
