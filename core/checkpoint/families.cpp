#include "core/checkpoint/families.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// What config.json says, with every fault named by file and key.
class Config {
 public:
  explicit Config(const fs::path& path) : file_(path.string()) {
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

Eigen::ArrayXXf sigmoid(const Eigen::ArrayXXf& x) { return 1.0f / (1.0f + (-x).exp()); }

/// Experts outside the best groups get -infinity.
void keepBestGroups(std::vector<float>& choice, const RoutingScheme& scheme) {
  const std::size_t size = choice.size() / static_cast<std::size_t>(scheme.groups);
  std::vector<std::pair<float, int>> ranks;
  for (int g = 0; g < scheme.groups; ++g) {
    std::vector<float> group(choice.begin() + static_cast<long>(g * size), choice.begin() + static_cast<long>((g + 1) * size));
    std::sort(group.begin(), group.end(), std::greater<>());
    ranks.push_back({scheme.groupByTopTwo && size > 1 ? group[0] + group[1] : group[0], -g});
  }
  std::sort(ranks.begin(), ranks.end(), std::greater<>());
  for (std::size_t r = static_cast<std::size_t>(scheme.keptGroups); r < ranks.size(); ++r)
    std::fill_n(choice.begin() - static_cast<long>(ranks[r].second) * static_cast<long>(size), size, -std::numeric_limits<float>::infinity());
}

}  // namespace

RoutedTokens routeTokens(const RouterWeights& router, const GateMatrix& tokens) {
  const RoutingScheme& scheme = router.scheme;
  RoutedTokens routed;
  routed.logits = tokens * router.weight.transpose();
  if (router.bias.size()) routed.logits.rowwise() += router.bias.transpose();
  routed.scores = scheme.sigmoid ? GateMatrix(sigmoid(routed.logits.array()).matrix()) : routingProbabilities(routed.logits, 1.0f);
  routed.weights = GateMatrix::Zero(routed.logits.rows(), routed.logits.cols());
  const auto count = static_cast<std::size_t>(routed.logits.cols());
  std::vector<int> order(count);
  std::vector<float> choice(count);
  for (Eigen::Index t = 0; t < routed.logits.rows(); ++t) {
    for (std::size_t e = 0; e < count; ++e)
      choice[e] = (scheme.softmaxOfChosen ? routed.logits : routed.scores)(t, static_cast<Eigen::Index>(e)) + (router.correctionBias.size() ? router.correctionBias[static_cast<Eigen::Index>(e)] : 0.0f);
    if (scheme.groups > 1) keepBestGroups(choice, scheme);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return choice[static_cast<std::size_t>(a)] > choice[static_cast<std::size_t>(b)]; });
    float sum = 0.0f;
    for (int n = 0; n < scheme.chosen; ++n) {
      const int e = order[static_cast<std::size_t>(n)];
      const float weight = scheme.softmaxOfChosen ? std::exp(routed.logits(t, e) - routed.logits(t, order[0])) : routed.scores(t, e);
      routed.weights(t, e) = weight;
      sum += weight;
    }
    if (scheme.renormalise || scheme.softmaxOfChosen) routed.weights.row(t) /= sum;
    routed.weights.row(t) *= scheme.scaling;
  }
  return routed;
}

GateMatrix ExpertWeights::operator()(const GateMatrix& tokens) const {
  GateMatrix a = tokens * gate.transpose(), u = tokens * up.transpose();
  if (gateBias.size()) a.rowwise() += gateBias.transpose();
  if (upBias.size()) u.rowwise() += upBias.transpose();
  GateMatrix units;
  if (activation == Activation::ClampedSwiGlu) {
    a = a.cwiseMin(7.0f);
    u = u.cwiseMin(7.0f).cwiseMax(-7.0f);
    units = ((u.array() + 1.0f) * a.array() * sigmoid(1.702f * a.array())).matrix();
  } else {
    units = (a.array() * sigmoid(a.array()) * u.array()).matrix();
  }
  GateMatrix out = units * down.transpose();
  if (downBias.size()) out.rowwise() += downBias.transpose();
  return out;
}

MoeCheckpoint::MoeCheckpoint(const fs::path& folder) : tensors_(folder), config_((folder / "config.json").string()) {
  const Config config(config_);
  const Family& family = familyOf(config);
  family_ = family.type;
  experts_ = config.count({"num_local_experts", "num_experts", "n_routed_experts"});
  width_ = config.count({"hidden_size"});
  units_ = config.count({family.unitsKey});
  scheme_ = family.scheme(config);
  scheme_.chosen = config.count({"num_experts_per_tok", "experts_per_token"});
  if (scheme_.chosen > experts_ || experts_ % scheme_.groups || scheme_.keptGroups > scheme_.groups || scheme_.chosen > experts_ / scheme_.groups * scheme_.keptGroups)
    throw std::runtime_error(config_ + ": " + std::to_string(scheme_.chosen) + " of " + std::to_string(experts_) + " experts cannot be chosen from " + std::to_string(scheme_.keptGroups) + " of " + std::to_string(scheme_.groups) + " groups");
  const int all = config.count({"num_hidden_layers"});
  for (int layer = 0; layer < all; ++layer)
    for (const char* name : {"gate.weight", "router.weight"})
      if (tensors_.contains(prefix(layer) + name)) layers_.push_back(layer);
  if (layers_.empty()) throw std::runtime_error(folder.string() + ": no layer has a router; expected tensors like " + prefix(0) + "gate.weight");
}

std::string MoeCheckpoint::prefix(int layer) const {
  const std::string start = "model.layers." + std::to_string(layer) + ".", mixtral = start + "block_sparse_moe.";
  return tensors_.contains(mixtral + "gate.weight") ? mixtral : start + "mlp.";
}

GateMatrix MoeCheckpoint::slice(const std::string& name, int expert, std::int64_t rows, std::int64_t columns) const {
  const TensorEntry& entry = tensors_.entry(name);
  if (entry.shape != std::vector<std::int64_t>{experts_, rows, columns})
    throw std::runtime_error(tensors_.path().string() + ": tensor \"" + name + "\": expected shape [" + std::to_string(experts_) + ", " + std::to_string(rows) + ", " + std::to_string(columns) + "]");
  const auto numbers = tensors_.read(name, expert * rows * columns, rows * columns);
  return Eigen::Map<const GateMatrix>(numbers.data(), rows, columns);
}

GateMatrix MoeCheckpoint::matrix(const std::string& name, std::int64_t rows, std::int64_t columns) const {
  const TensorEntry& entry = tensors_.entry(name);
  if (entry.shape != std::vector<std::int64_t>{rows, columns})
    throw std::runtime_error(tensors_.path().string() + ": tensor \"" + name + "\": expected shape [" + std::to_string(rows) + ", " + std::to_string(columns) + "]");
  const auto numbers = tensors_.read(name);
  GateMatrix result = Eigen::Map<const GateMatrix>(numbers.data(), rows, columns);
  const std::string scales = name + "_scale_inv";  // fp8 releases: one factor for each block of 128 x 128
  if (tensors_.contains(scales)) {
    const std::int64_t across = (columns + 127) / 128, along = (rows + 127) / 128;
    if (tensors_.entry(scales).shape != std::vector<std::int64_t>{along, across})
      throw std::runtime_error(tensors_.path().string() + ": tensor \"" + scales + "\": expected shape [" + std::to_string(along) + ", " + std::to_string(across) + "]");
    const auto factors = tensors_.read(scales);
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < columns; ++c) result(r, c) *= factors[static_cast<std::size_t>(r / 128 * across + c / 128)];
  }
  return result;
}

RouterWeights MoeCheckpoint::router(int layer) const {
  const std::string at = prefix(layer);
  const std::string name = at + (tensors_.contains(at + "router.weight") ? "router" : "gate");
  RouterWeights router{matrix(name + ".weight", experts_, width_), {}, {}, scheme_};
  const auto vector = [&](const std::string& tensor) {
    const auto numbers = tensors_.read(tensor, 0, experts_);
    return Eigen::VectorXf(Eigen::Map<const Eigen::VectorXf>(numbers.data(), experts_));
  };
  if (tensors_.contains(name + ".bias")) router.bias = vector(name + ".bias");
  if (tensors_.contains(name + ".e_score_correction_bias")) router.correctionBias = vector(name + ".e_score_correction_bias");
  return router;
}

ExpertWeights MoeCheckpoint::expert(int layer, int number) const {
  if (number < 0 || number >= experts_) throw std::runtime_error(config_ + ": there is no expert " + std::to_string(number));
  const std::string at = prefix(layer) + "experts.";
  ExpertWeights expert;
  if (family_ == "gpt_oss") {  // in x out, gate and up columns interleaved
    const GateMatrix both = slice(at + "gate_up_proj", number, width_, 2 * units_);
    const auto bias = [&](const std::string& name, std::int64_t size) {
      const auto numbers = tensors_.read(at + name, number * size, size);
      return Eigen::VectorXf(Eigen::Map<const Eigen::VectorXf>(numbers.data(), size));
    };
    const Eigen::VectorXf bothBias = bias("gate_up_proj_bias", 2 * units_);
    expert.gate = both(Eigen::all, Eigen::seqN(0, units_, 2)).transpose();
    expert.up = both(Eigen::all, Eigen::seqN(1, units_, 2)).transpose();
    expert.gateBias = bothBias(Eigen::seqN(0, units_, 2));
    expert.upBias = bothBias(Eigen::seqN(1, units_, 2));
    expert.down = slice(at + "down_proj", number, units_, width_).transpose();
    expert.downBias = bias("down_proj_bias", width_);
    expert.activation = Activation::ClampedSwiGlu;
  } else if (tensors_.contains(at + "gate_up_proj")) {  // fused by transformers 5: out x in, gate rows before up rows
    const GateMatrix both = slice(at + "gate_up_proj", number, 2 * units_, width_);
    expert.gate = both.topRows(units_);
    expert.up = both.bottomRows(units_);
    expert.down = slice(at + "down_proj", number, width_, units_);
  } else {
    const std::string own = at + std::to_string(number) + ".";
    const bool numbered = tensors_.contains(own + "w1.weight");  // Mixtral's names: w1 gate, w3 up, w2 down
    expert.gate = matrix(own + (numbered ? "w1" : "gate_proj") + ".weight", units_, width_);
    expert.up = matrix(own + (numbered ? "w3" : "up_proj") + ".weight", units_, width_);
    expert.down = matrix(own + (numbered ? "w2" : "down_proj") + ".weight", width_, units_);
  }
  return expert;
}

}  // namespace moescope
