#include "core/checkpoint/family_config.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/checkpoint/config_file.h"
#include "core/words/words.h"

namespace moescope {
namespace {

using nlohmann::json;

const Family& familyOf(const ConfigFile& config) {
  if (!config.has("model_type")) throw std::runtime_error(translated("%1: expected a text \"model_type\"", config.file()));
  const std::string type = config.text("model_type", "");
  if (const Family* family = familyNamed(type)) {
    if (family->check == FamilyCheck::Refused)
      throw std::runtime_error(
          translated("%1: model_type \"%2\" cannot be read: %3", config.file(), type, translated(family->refused)));
    return *family;
  }
  const auto refused = static_cast<std::size_t>(std::count_if(
      familyTable().begin(), familyTable().end(), [](const Family& family) { return family.check == FamilyCheck::Refused; }));
  bool experts = false;
  for (const char* key : {"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "ffn_config"})
    experts |= config.has(key) && config.at(key) != 0;
  throw std::runtime_error(
      translated("%1: model_type \"%2\" is not known%3; expected one of the %4 families that moescope doctor --families lists",
                 config.file(), shortened(type),
                 experts ? "" : translated(", and no key gives a number of experts: a dense model: no experts?"),
                 std::to_string(familyTable().size() - refused)));
}

/// The largest of a list, or the number itself; 0 where there is none.
int mostOf(const ConfigFile& config, const std::string& key) {
  if (!config.has(key) || config.at(key) == 0) return 0;
  if (!config.at(key).is_array()) return config.countOf(key);
  int most = 0;
  for (const json& each : config.at(key)) {
    config.require(each.is_number_integer() && each >= 0 && each <= 1'000'000, key,
                   translated("whole numbers from 0 to 1000000"));
    most = std::max(most, each.get<int>());
  }
  return most;
}

/// The number of experts by the family's own key; 0 where it gives none. What other families' keys say is left aside.
int expertsOf(const ConfigFile& config, const Family& family) {
  const std::vector<std::string> keys = wordsOf(family.experts);
  const std::string found = config.firstOf(keys), own = found.empty() ? keys.front() : found;
  const int experts = mostOf(config, own);
  for (const char* other : {"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"})
    if (config.has(other) && other != own && config.at(other) != experts)
      config.note(ReadingNoteKind::NotRead, translated("\"%1\" %2 is left aside: %3 goes by \"%4\", %5", std::string(other),
                                                       shortened(config.at(other).dump()), wordsOf(family.types).front(), own,
                                                       experts > 0 ? std::to_string(experts) : translated("which gives none")));
  return experts;
}

double valueOf(const ConfigFile& config, const ConfigKey& key) {
  const std::vector<std::string> names = wordsOf(key.names);
  if (names.empty()) return key.otherwise;
  const std::string found = config.firstOf(names);
  return config.number(found.empty() ? names.front() : found, key.otherwise);
}

int groupsOf(const ConfigFile& config, const ConfigKey& key) {
  const double value = valueOf(config, key);
  const std::string found = config.firstOf(wordsOf(key.names));
  if (!found.empty()) return config.countOf(found);
  return static_cast<int>(value);
}

void requireText(const ConfigFile& config, const char* key, const char* expected) {
  if (*expected && config.has(key)) config.require(config.at(key) == expected, key, "\"" + std::string(expected) + "\"");
}

/// Whether dividing by the sum, which the family always or never does, is what norm_topk_prob says.
void noteRenormalisation(const ConfigFile& config, const RoutingScheme& scheme) {
  const bool always = scheme.rule == RouterRule::RenormalisedSoftmax || scheme.rule == RouterRule::BiasedSigmoid ||
                      scheme.rule == RouterRule::SqrtSoftplus;
  const bool never =
      scheme.rule == RouterRule::GroupedSoftmax || scheme.rule == RouterRule::CappedSoftmax || scheme.rule == RouterRule::Softmax;
  if ((always || never) && config.has("norm_topk_prob") && config.at("norm_topk_prob") == !always)
    config.note(ReadingNoteKind::NotRead,
                always ? translated("\"norm_topk_prob\" %1 is left aside: this family's weights are always renormalised",
                                    config.at("norm_topk_prob").dump())
                       : translated("\"norm_topk_prob\" %1 is left aside: this family's weights are never renormalised",
                                    config.at("norm_topk_prob").dump()));
}

/// What DeepSeek-V2's topk_method and the row's `selection` choose between.
void chooseRule(const ConfigFile& config, RoutingScheme& scheme, const Family& family) {
  if (scheme.rule == RouterRule::GroupedSoftmax)
    if (const std::string method = config.text("topk_method", "greedy"); method != "greedy") {
      config.require(method == "group_limited_greedy", "topk_method", translated("\"greedy\" or \"group_limited_greedy\""));
      scheme.groups = config.count(wordsOf("n_group"));
      scheme.keptGroups = config.count(wordsOf("topk_group"));
    }
  if (!*family.selection) return;
  const std::string function = config.text(family.selection, "softmax");
  if (function == "softmax") return;
  config.require(function == "sigmoid", family.selection, translated("\"softmax\" or \"sigmoid\""));
  scheme.rule = RouterRule::Sigmoid;
}

RoutingScheme schemeOf(const ConfigFile& config, const Family& family) {
  RoutingScheme scheme;
  scheme.rule = family.rule;
  requireText(config, "scoring_func", family.scoring);
  requireText(config, "topk_method", family.method);
  if (*family.renormalise.names || family.renormalise.otherwise != 0.0)
    scheme.renormalise = valueOf(config, family.renormalise) != 0.0;
  else noteRenormalisation(config, scheme);
  const auto value = [&](const ConfigKey& key) { return static_cast<float>(valueOf(config, key)); };
  scheme.scaling = value(family.scaling);
  scheme.groups = groupsOf(config, family.groups);
  scheme.keptGroups = groupsOf(config, family.keptGroups);
  scheme.leastSum = value(family.leastSum);
  scheme.addedToSum = value(family.addedToSum);
  scheme.outsideGroups = value(family.outsideGroups);
  scheme.logitFactor = value(family.logitFactor);
  scheme.logitCap = value(family.logitCap);
  scheme.nearness = value(family.nearness);
  chooseRule(config, scheme, family);
  return scheme;
}

/// Experts per token, which some models give layer by layer.
void readChosen(const ConfigFile& config, FamilyConfig& result) {
  const std::vector<std::string> keys = wordsOf(result.row->chosen);
  const std::string key = config.firstOf(keys);
  if (key.empty() || !config.at(key).is_array()) {
    result.scheme.chosen = config.count(keys);
    return;
  }
  for (const json& each : config.at(key)) {
    config.require(each.is_number_integer() && each >= 1 && each <= 1'000'000, key,
                   translated("whole numbers from 1 to 1000000"));
    result.chosen.push_back(each.get<int>());
  }
  config.require(static_cast<int>(result.chosen.size()) >= result.layers, key,
                 translated("a number for each of %1 layers", std::to_string(result.layers)));
  result.scheme.chosen = *std::max_element(result.chosen.begin(), result.chosen.end());
}

Activation activationOf(const ConfigFile& config, const Family& family) {
  const std::vector<std::string> keys = wordsOf(family.activationKey);
  const std::string found = config.firstOf(keys), key = found.empty() ? keys.front() : found;
  const std::string name = config.text(key, family.defaultActivation);
  Activation activation;
  if (family.activation == ActivationRule::ClampedSwiGlu) {
    if (name != "silu")
      config.require(name == "swish" || name == "swigluoai", key,
                     translated("\"silu\", which this family's clamped SwiGLU is built on"));
    activation = {ActivationKind::ClampedSwiGlu, static_cast<float>(config.number("swiglu_alpha", 1.702)),
                  static_cast<float>(valueOf(config, family.limit))};
    if (config.has("swiglu_alpha"))
      config.require(std::isfinite(activation.alpha), "swiglu_alpha", translated("a finite number"));
  } else if (family.activation == ActivationRule::SoftCapped) {
    config.require(name == "silu", key, translated("\"silu\", which this family's capped SwiGLU is built on"));
    activation = {ActivationKind::SoftCappedSwiGlu, static_cast<float>(config.number("mlp_gate_softcap", 4.0)),
                  static_cast<float>(config.number("mlp_up_softcap", 25.0))};
    for (const char* cap : {"mlp_gate_softcap", "mlp_up_softcap"})
      if (config.has(cap))
        config.require(config.number(cap, 1.0) > 0.0 && std::isfinite(config.number(cap, 1.0)), cap,
                       translated("a number above 0"));
    return activation;
  } else {
    const std::optional<ActivationKind> kind = activationNamed(name);
    config.require(kind.has_value(), key, translated("one of %1", knownActivations()));
    activation.kind = *kind;
    if (family.activation != ActivationRule::ClampedBefore) return activation;
    activation.limit = static_cast<float>(valueOf(config, family.limit));
    activation.clamping = Clamping::BeforeActivation;
  }
  if (config.has("swiglu_limit"))
    config.require(activation.limit > 0.0f && std::isfinite(activation.limit), "swiglu_limit", translated("a number above 0"));
  return activation;
}

/// A limit for each layer; 0, null or no list: none.
std::vector<float> limitsOf(const ConfigFile& config, const char* key, int layers) {
  std::vector<float> limits;
  if (!*key) return limits;
  if (!config.has(key)) return std::vector<float>(static_cast<std::size_t>(layers), 0.0f);
  config.require(config.at(key).is_array() && static_cast<int>(config.at(key).size()) >= layers, key,
                 translated("a number for each of %1 layers", std::to_string(layers)));
  for (const json& each : config.at(key)) {
    config.require(each.is_null() || (each.is_number() && each.get<float>() >= 0.0f && std::isfinite(each.get<float>())), key,
                   translated("numbers of at least 0, or null"));
    limits.push_back(each.is_null() ? 0.0f : each.get<float>());
  }
  return limits;
}

/// Of text where a list gives one for text and one for pictures.
int unitsOf(const ConfigFile& config, const Family& family) {
  const std::vector<std::string> keys = wordsOf(family.units);
  const std::string key = config.firstOf(keys);
  if (!family.picturesApart || key.empty()) return config.count(keys);
  const json& two = config.at(key);
  config.require(two.is_array() && two.size() == 2 && two[0].is_number_integer() && two[0] >= 1 && two[0] <= 1'000'000, key,
                 translated("two whole numbers, for text and for pictures"));
  return two[0].get<int>();
}

Activation limited(Activation activation, const std::vector<float>& limits, int layer) {
  const float limit = limits.empty() ? 0.0f : limits.at(static_cast<std::size_t>(layer));
  if (limit > 0.0f) activation.limit = limit, activation.clamping = Clamping::AfterActivation;
  return activation;
}

std::string quantisationOf(const ConfigFile& config) {
  const json& said = config.quantisation();
  if (said.is_null()) return {};
  if (!said.is_object())
    throw std::runtime_error(
        translated("%1: \"quantization_config\": expected an object, found %2", config.file(), shortened(said.dump())));
  if (said.contains("weight_block_size") && !said["weight_block_size"].is_null() &&
      said["weight_block_size"] != json::array({128, 128}))
    throw std::runtime_error(translated("%1: \"quantization_config\": weight_block_size: expected [128, 128], found %2",
                                        config.file(), shortened(said["weight_block_size"].dump())));
  std::string text;
  for (const char* key : {"quant_method", "format", "fmt", "bits", "weight_block_size"})
    if (said.contains(key) && !said[key].is_null())
      text += (text.empty() ? "" : ", ") + std::string(key) + " " + shortened(said[key].dump());
  return text.empty() ? "no quant_method" : text;
}

void readLayers(const ConfigFile& config, FamilyConfig& result) {
  const std::vector<std::string> keys = wordsOf("num_hidden_layers num_layers n_layers");
  const char* list = "layers_block_type";
  const bool listed = config.has(list) && config.at(list).is_array() && !config.has(keys.front());
  result.layersKey = listed ? list : config.firstOf(keys);
  result.layers = listed ? static_cast<int>(config.at(list).size()) : config.count(keys);
}

/// Routed and shared experts may be averaged instead of added.
void readAverage(const ConfigFile& config, FamilyConfig& result) {
  if (!*result.row->combination || (config.has("num_shared_experts") && config.at("num_shared_experts") == 0)) return;
  const std::string strategy = config.text(result.row->combination, "average");
  if (strategy == "sum") return;
  config.require(strategy == "average", result.row->combination, translated("\"average\" or \"sum\""));
  result.scheme.scaling = result.sharedFactor = 0.5f;
}

}  // namespace

RoutingScheme FamilyConfig::schemeOf(int layer) const {
  RoutingScheme own = scheme;
  if (!chosen.empty()) own.chosen = chosen.at(static_cast<std::size_t>(layer));
  return own;
}

Activation FamilyConfig::activationOf(int layer) const { return limited(activation, limits, layer); }

Activation FamilyConfig::sharedActivationOf(int layer) const {
  Activation own = activation;
  if (row->sharedUnclamped) own.clamping = Clamping::None;
  return limited(own, sharedLimits, layer);
}

void requireChoice(const RoutingScheme& scheme, int experts, const std::string& place) {
  if (scheme.chosen > experts || experts % scheme.groups || scheme.keptGroups > scheme.groups ||
      scheme.chosen > experts / scheme.groups * scheme.keptGroups)
    throw std::runtime_error(translated("%1: %2 of %3 experts cannot be chosen from %4 of %5 groups", place,
                                        std::to_string(scheme.chosen), std::to_string(experts), std::to_string(scheme.keptGroups),
                                        std::to_string(scheme.groups)));
}

FamilyConfig readFamilyConfig(const ConfigFile& config, bool routers) {
  FamilyConfig result;
  const Family& family = familyOf(config);
  result.row = &family;
  result.file = config.file();
  result.family = config.text("model_type", "");
  result.expertsKey = wordsOf(family.experts).front();
  for (const char* key : {"n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert",
                          "shared_expert_intermediate_size", "shared_intermediate_size"})
    if (config.has(key) && config.at(key).is_number() && config.at(key) > 0) result.sharedKey = key;
  result.correctionBias =
      family.correctionBias && (!*family.correctionBiasIf || config.number(family.correctionBiasIf, 1.0) != 0.0);
  result.experts = expertsOf(config, family);
  if (*family.identities.names) {
    const double identities = valueOf(config, family.identities);
    config.require(identities >= 0 && identities <= 1'000'000 && identities == std::floor(identities),
                   wordsOf(family.identities.names).front(), "a whole number from 0 to 1000000");
    result.identities = static_cast<int>(identities);
    if (result.experts > 0) result.experts += result.identities;
  }
  if (result.experts == 0 && !routers)
    throw std::runtime_error(translated("%1: a dense model: no experts (\"%2\" gives none, and no layer has a router)",
                                        config.file(), result.expertsKey));
  result.width = config.count(wordsOf("hidden_size d_model"));
  result.units = unitsOf(config, family);
  readLayers(config, result);
  result.scheme = schemeOf(config, family);
  readChosen(config, result);
  readAverage(config, result);
  if (result.experts > 0) requireChoice(result.scheme, result.experts, config.file());
  result.activation = activationOf(config, family);
  result.limits = limitsOf(config, family.limitsByLayer, result.layers);
  result.sharedLimits = limitsOf(config, family.sharedLimitsByLayer, result.layers);
  result.quantisation = quantisationOf(config);
  return result;
}

}  // namespace moescope
