#include "core/checkpoint/family_config.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/data/files.h"

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// What config.json says, with every fault named by file and key.
class Config {
 public:
  explicit Config(const fs::path& path) : file_(path.string()) {
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
  std::string text(const char* key, const std::string& otherwise) const {
    return json_.contains(key) && json_[key].is_string() ? json_[key].get<std::string>() : otherwise;
  }
  double number(std::initializer_list<const char*> keys, double otherwise = std::nan("")) const {
    for (const char* key : keys)
      if (json_.contains(key) && json_[key].is_number()) return json_[key].get<double>();
    if (std::isnan(otherwise)) throw std::runtime_error(file_ + ": expected a number \"" + *keys.begin() + "\"");
    return otherwise;
  }
  int count(std::initializer_list<const char*> keys, double otherwise = std::nan("")) const {
    const double value = number(keys, otherwise);
    if (!(value >= 1 && value <= 1'000'000) || value != std::floor(value))
      throw std::runtime_error(file_ + ": \"" + *keys.begin() + "\": expected a whole number from 1 to 1000000");
    return static_cast<int>(value);
  }
  bool flag(const char* key, bool otherwise) const { return json_.contains(key) && json_[key].is_boolean() ? json_[key].get<bool>() : otherwise; }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  json json_;
};

/// One line for each family: the model_type of config.json, the router's arithmetic and its expert's width.
struct Family {
  const char* type;
  const char* unitsKey;
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
  scheme.scaling = static_cast<float>(config.number({"routed_scaling_factor"}, 1.0));
  if (config.text("topk_method", "greedy") != "greedy") {
    scheme.groups = config.count({"n_group"}, 1);
    scheme.keptGroups = config.count({"topk_group"}, 1);
  }
  return scheme;
}
RoutingScheme deepseek3Scheme(const Config& config) {
  return {.sigmoid = true, .renormalise = config.flag("norm_topk_prob", true), .groups = config.count({"n_group"}, 1),
          .keptGroups = config.count({"topk_group"}, 1), .groupByTopTwo = true,
          .scaling = static_cast<float>(config.number({"routed_scaling_factor"}, 2.5))};
}

constexpr Family kFamilies[] = {
    {"mixtral", "intermediate_size", mixtralScheme},
    {"qwen2_moe", "moe_intermediate_size", softmaxScheme},
    {"qwen3_moe", "moe_intermediate_size", softmaxScheme},
    {"olmoe", "intermediate_size", softmaxScheme},
    {"deepseek_v2", "moe_intermediate_size", deepseek2Scheme},
    {"deepseek_v3", "moe_intermediate_size", deepseek3Scheme},
    {"gpt_oss", "intermediate_size", gptOssScheme},
};

const Family& familyOf(const Config& config) {
  const std::string type = config.text("model_type", "");
  std::string known;
  for (const Family& family : kFamilies) {
    if (type == family.type) return family;
    known += std::string(known.empty() ? "" : ", ") + family.type;
  }
  throw std::runtime_error(config.file() + ": model_type \"" + type.substr(0, 60) + "\" is not known; expected one of " + known);
}

}  // namespace

FamilyConfig readFamilyConfig(const fs::path& path) {
  const Config config(path);
  const Family& family = familyOf(config);
  FamilyConfig result;
  result.file = config.file();
  result.family = family.type;
  result.experts = config.count({"num_local_experts", "num_experts", "n_routed_experts"});
  result.width = config.count({"hidden_size"});
  result.units = config.count({family.unitsKey});
  result.layers = config.count({"num_hidden_layers"});
  RoutingScheme& scheme = result.scheme = family.scheme(config);
  scheme.chosen = config.count({"num_experts_per_tok", "experts_per_token"});
  if (scheme.chosen > result.experts || result.experts % scheme.groups || scheme.keptGroups > scheme.groups ||
      scheme.chosen > result.experts / scheme.groups * scheme.keptGroups)
    throw std::runtime_error(config.file() + ": " + std::to_string(scheme.chosen) + " of " + std::to_string(result.experts) + " experts cannot be chosen from " +
                             std::to_string(scheme.keptGroups) + " of " + std::to_string(scheme.groups) + " groups");
  return result;
}

}  // namespace moescope
