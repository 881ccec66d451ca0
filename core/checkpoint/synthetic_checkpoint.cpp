#include "core/checkpoint/synthetic_checkpoint.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <system_error>
#include <string>
#include <vector>

#include "core/data/output_file.h"
#include "core/data/split_mix.h"
#include "core/metrics/row_matrix.h"

namespace moescope {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr int kWidth = 32, kUnits = 24, kExperts = 8, kDomains = 4, kLayers = 2, kTokens = 1024;

RowMatrix normal(SplitMix64& dice, int rows, int columns) {
  RowMatrix numbers(rows, columns);
  for (Eigen::Index i = 0; i < numbers.size(); ++i) numbers.data()[i] = static_cast<float>(dice.normal());
  return numbers;
}

/// A safetensors file, tensor by tensor.
class TensorFile {
 public:
  void add(const std::string& name, const RowMatrix& values) {
    put(name, "F32", {values.rows(), values.cols()}, values.data(), sizeof(float) * static_cast<std::size_t>(values.size()));
  }
  void add(const std::string& name, const std::vector<float>& values) {
    put(name, "F32", {static_cast<std::int64_t>(values.size())}, values.data(), sizeof(float) * values.size());
  }
  void add(const std::string& name, const std::vector<std::uint8_t>& values) {
    put(name, "U8", {static_cast<std::int64_t>(values.size())}, values.data(), values.size());
  }

  void write(const std::filesystem::path& file) const {
    std::string header = header_.dump();
    header.append((8 - header.size() % 8) % 8, ' ');
    const std::uint64_t length = header.size();
    writeFileAtomically(file, std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + data_);
  }

 private:
  void put(const std::string& name, const char* type, const std::vector<std::int64_t>& shape, const void* bytes,
           std::size_t count) {
    header_[name] = {{"dtype", type}, {"shape", shape}, {"data_offsets", {data_.size(), data_.size() + count}}};
    data_.append(static_cast<const char*>(bytes), count);
  }
  nlohmann::json header_ = nlohmann::json::object();
  std::string data_;
};

/// Rows of root mean square 1, as a norm before the layer makes them.
RowMatrix normed(const RowMatrix& rows) { return rows.rowwise().normalized() * std::sqrt(static_cast<float>(kWidth)); }

}  // namespace

void writeSyntheticCheckpoint(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw WriteError(folder, error.value());
  SplitMix64 dice(5);
  const RowMatrix centres = normed(normal(dice, kDomains, kWidth));
  TensorFile model, trace;
  model.add("model.embed_tokens.weight", RowMatrix(0.1f * normal(dice, 4, kWidth)));
  std::vector<std::uint8_t> domains;
  for (int t = 0; t < kTokens; ++t) domains.push_back(static_cast<std::uint8_t>(t * kDomains / kTokens));
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string mlp = "model.layers." + std::to_string(layer) + ".mlp.";
    RowMatrix rows = 0.03f * normal(dice, kExperts, kWidth);
    for (int e = 0; e < kExperts; ++e) rows.row(e) += 0.06f * centres.row(e % kDomains);
    model.add(mlp + "gate.weight", rows);
    std::vector<float> bias(kExperts, 0.0f);
    if (layer == 1) bias.back() = 1.0f;
    model.add(mlp + "gate.e_score_correction_bias", bias);
    for (int e = 0; e < kExperts; ++e) {
      const std::string expert = mlp + "experts." + std::to_string(e) + ".";
      model.add(expert + "gate_proj.weight", RowMatrix(0.2f * normal(dice, kUnits, kWidth)));
      model.add(expert + "up_proj.weight", RowMatrix(0.2f * normal(dice, kUnits, kWidth)));
      model.add(expert + "down_proj.weight", RowMatrix(0.2f * normal(dice, kWidth, kUnits)));
    }
    RowMatrix hidden = normal(dice, kTokens, kWidth);
    for (int t = 0; t < kTokens; ++t) hidden.row(t) += centres.row(domains[static_cast<std::size_t>(t)]);
    trace.add("hidden." + std::to_string(layer), normed(hidden));
  }
  const std::string names = "invented A\ninvented B\ninvented C\ninvented D";
  trace.add("domains", domains);
  trace.add("domain_names", std::vector<std::uint8_t>(names.begin(), names.end()));
  trace.add("synthetic", std::vector<std::uint8_t>{1});
  const nlohmann::json config = {{"model_type", "deepseek_v3"},
                                 {"hidden_size", kWidth},
                                 {"moe_intermediate_size", kUnits},
                                 {"intermediate_size", kUnits},
                                 {"n_routed_experts", kExperts},
                                 {"num_experts_per_tok", 2},
                                 {"num_hidden_layers", kLayers},
                                 {"first_k_dense_replace", 0},
                                 {"norm_topk_prob", true},
                                 {"hidden_act", "silu"},
                                 {"n_group", 1},
                                 {"topk_group", 1},
                                 {"routed_scaling_factor", 1.0},
                                 {"scoring_func", "sigmoid"},
                                 {"topk_method", "noaux_tc"}};
  writeFileAtomically(folder / "config.json", config.dump(2));
  model.write(folder / "model.safetensors");
  trace.write(folder / "trace.safetensors");
}

}  // namespace moescope
