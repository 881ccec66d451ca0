#pragma once
// GGUF, the format of llama.cpp: one file with metadata and tensors. Files come from strangers: every length, count and offset is
// checked against the file's size before memory is taken, and each fault is one line with file, place and expectation. Format:
// ggml's docs/gguf.md; block types: the gguf package of the same project.

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/checkpoint/safetensors.h"

namespace moescope {

/// By its ending.
bool isGguf(const std::filesystem::path& path);

struct GgufHeader {
  std::map<std::string, std::string> texts;  ///< metadata that are texts
  std::map<std::string, double> numbers;     ///< metadata that are numbers or true and false; lists are left out
  TensorMap tensors;  ///< shapes as elsewhere, the longest stride first; types "F32", "BF16", "Q8_0", "Q4_K", ...
  std::uint64_t dataBegin = 0;               ///< first byte of the data in the file
};

/// Reads to.size() bytes from byte `at` of the file; is asked for none outside it.
using ReadBytes = std::function<void(std::uint64_t at, std::span<std::uint8_t> to)>;

/// Throws std::runtime_error that begins with `file`.
GgufHeader readGgufHeader(const ReadBytes& read, std::uint64_t size, const std::string& file);

/// What config.json would say, by the rows of the family table. Throws std::runtime_error with one line (file, expectation) for
/// an architecture that is not known, a part of a split model, and missing counts.
nlohmann::json configOfGguf(const GgufHeader& header, const std::string& file);

/// The names that the tensors of its MoE blocks have elsewhere: "blk.3.ffn_gate_inp.weight" is "model.layers.3.mlp.gate.weight".
/// Shapes of one row get it as their first dimension. Tensors of other kinds keep their names.
TensorMap renamedFromGguf(const GgufHeader& header, const std::string& file);

}  // namespace moescope
