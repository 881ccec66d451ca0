#include "app/bench_checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/data/output_file.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr int kExperts = 32, kWidth = 2048, kUnits = 1344;
constexpr std::uint64_t kMatrixBytes = std::uint64_t{2} * kWidth * kUnits, kExpertBytes = 3 * kMatrixBytes;

fs::path temporaryFolder() {
  std::string name = (fs::temp_directory_path() / "moescope-bench-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error(name + ": cannot be made");
  return name;
}

/// Small bf16 numbers of either sign.
std::vector<std::uint16_t> numbers(std::size_t count) {
  std::vector<std::uint16_t> all(count);
  std::uint32_t state = 1;
  for (std::uint16_t& bits : all) {
    state = state * 1664525u + 1013904223u;
    bits = static_cast<std::uint16_t>((state >> 31) << 15 | 0x3c00 | (state >> 16 & 0x7f));
  }
  return all;
}

void writeCheckpoint(const fs::path& folder) {
  const nlohmann::json config = {{"model_type", "qwen3_moe"}, {"num_experts", kExperts},         {"num_experts_per_tok", 2},
                                 {"hidden_size", kWidth},     {"moe_intermediate_size", kUnits}, {"num_hidden_layers", 1}};
  writeFileAtomically(folder / "config.json", config.dump());
  nlohmann::json header;
  std::uint64_t at = 0;
  const auto add = [&](const std::string& name, int rows, int columns) {
    const std::uint64_t end = at + std::uint64_t{2} * static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
    header["model.layers.0.mlp." + name] = {{"dtype", "BF16"}, {"shape", {rows, columns}}, {"data_offsets", {at, end}}};
    at = end;
  };
  for (int e = 0; e < kExperts; ++e) {
    const std::string own = "experts." + std::to_string(e) + ".";
    add(own + "gate_proj.weight", kUnits, kWidth);
    add(own + "up_proj.weight", kUnits, kWidth);
    add(own + "down_proj.weight", kWidth, kUnits);
  }
  add("gate.weight", kExperts, kWidth);
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  std::ofstream file(folder / "model.safetensors", std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length) << text;
  const std::vector<std::uint16_t> part = numbers(kMatrixBytes / 2);
  for (int i = 0; i < 3 * kExperts; ++i)
    file.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(kMatrixBytes));
  file.write(reinterpret_cast<const char*>(part.data()), 2 * kExperts * kWidth);
  if (!file.flush()) throw std::runtime_error((folder / "model.safetensors").string() + ": cannot be written");
}

}  // namespace

BenchCheckpoint::BenchCheckpoint() : folder_(temporaryFolder()), buffer_(kExpertBytes) {
  try {
    writeCheckpoint(folder_);
    checkpoint_ = std::make_unique<MoeCheckpoint>(folder_);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

BenchCheckpoint::~BenchCheckpoint() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::uint64_t BenchCheckpoint::bytes() const { return kExpertBytes * kExperts; }

void BenchCheckpoint::readExperts() {
  for (int e = 0; e < kExperts; ++e) checkpoint_->readExpertInto(0, e, expert_);
}

void BenchCheckpoint::readPlainly() {
  const int file = ::open((folder_ / "model.safetensors").c_str(), O_RDONLY | O_CLOEXEC);
  for (std::uint64_t left = bytes(); file >= 0 && left > 0;) {
    const ssize_t got = ::read(file, buffer_.data(), std::min<std::uint64_t>(left, buffer_.size()));
    if (got <= 0) break;
    left -= static_cast<std::uint64_t>(got);
  }
  if (file >= 0) ::close(file);
}

}  // namespace moescope
