#pragma once
// Small safetensors files and checkpoint folders for tests.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace moescope::testing {

struct FileTensor {
  std::string type;                 ///< as in the file; "F32" from `numbers`
  std::vector<std::int64_t> shape;
  std::string bytes;
};

using FileTensors = std::map<std::string, FileTensor>;

inline FileTensor floats(const std::vector<std::int64_t>& shape, const std::vector<float>& numbers) {
  return {"F32", shape, std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float))};
}

inline FileTensor gaussian(const std::vector<std::int64_t>& shape, std::mt19937& dice) {
  std::normal_distribution<float> normal(0.0f, 0.3f);
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  std::vector<float> numbers;
  for (std::int64_t i = 0; i < count; ++i) numbers.push_back(normal(dice));
  return floats(shape, numbers);
}

inline void writeSafetensors(const std::filesystem::path& file, const FileTensors& tensors) {
  std::string header = "{", data;
  for (const auto& [name, tensor] : tensors) {
    std::string shape;
    for (const std::int64_t size : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
    header += (header.size() > 1 ? ",\"" : "\"") + name + "\":{\"dtype\":\"" + tensor.type + "\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(data.size()) + "," + std::to_string(data.size() + tensor.bytes.size()) +
              "]}";
    data += tensor.bytes;
  }
  header += "}";
  const std::uint64_t length = header.size();
  std::ofstream(file, std::ios::binary) << std::string(reinterpret_cast<const char*>(&length), 8) << header << data;
}

/// A checkpoint of numbered experts, width 16 and 8 units, with random weights; what a test changes is changed in `tensors` and
/// `config` before save().
struct TinyCheckpoint {
  static constexpr int kWidth = 16, kUnits = 8;
  std::map<std::string, std::string> config = {
      {"model_type", "\"qwen3_moe\""}, {"hidden_size", "16"},      {"moe_intermediate_size", "8"},
      {"intermediate_size", "8"},      {"num_experts", "8"},       {"num_experts_per_tok", "2"},
      {"num_hidden_layers", "2"},      {"norm_topk_prob", "true"}, {"hidden_act", "\"silu\""}};
  FileTensors tensors;

  explicit TinyCheckpoint(const std::vector<int>& expertsOfLayers = {8, 8}) {
    std::mt19937 dice(5);
    tensors["model.embed_tokens.weight"] = gaussian({4, kWidth}, dice);
    for (std::size_t layer = 0; layer < expertsOfLayers.size(); ++layer) {
      const std::string prefix = "model.layers." + std::to_string(layer) + ".mlp.";
      tensors[prefix + "gate.weight"] = gaussian({expertsOfLayers[layer], kWidth}, dice);
      for (int e = 0; e < expertsOfLayers[layer]; ++e)
        for (const char* part : {"gate_proj", "up_proj", "down_proj"})
          tensors[prefix + "experts." + std::to_string(e) + "." + part + ".weight"] =
              std::string(part) == "down_proj" ? gaussian({kWidth, kUnits}, dice) : gaussian({kUnits, kWidth}, dice);
    }
  }
  /// Of the DeepSeek-V3 family, with a correction bias 0, 3/7, 6/7, ... 3 in both layers under `bias` ("mlp.gate.expert_bias").
  static TinyCheckpoint deepseek3(const std::string& bias) {
    TinyCheckpoint made;
    for (const auto& [key, value] : std::map<std::string, std::string>{{"model_type", "\"deepseek_v3\""},
                                                                       {"n_routed_experts", "8"},
                                                                       {"n_group", "1"},
                                                                       {"topk_group", "1"},
                                                                       {"routed_scaling_factor", "1.0"},
                                                                       {"scoring_func", "\"sigmoid\""},
                                                                       {"topk_method", "\"noaux_tc\""}})
      made.config[key] = value;
    made.config.erase("num_experts");
    std::vector<float> rising;
    for (int e = 0; e < 8; ++e) rising.push_back(3.0f * static_cast<float>(e) / 7.0f);
    for (int layer = 0; layer < 2 && !bias.empty(); ++layer)
      made.tensors["model.layers." + std::to_string(layer) + "." + bias] = floats({8}, rising);
    return made;
  }
  void save(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    std::string text;
    for (const auto& [key, value] : config) text += (text.empty() ? "{\"" : ",\"") + key + "\":" + value;
    std::ofstream(folder / "config.json") << text + "}";
    writeSafetensors(folder / "model.safetensors", tensors);
  }
};

}  // namespace moescope::testing
