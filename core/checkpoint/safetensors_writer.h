#pragma once
// Writes safetensors, the format that safetensors.h reads.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace moescope {

struct TensorToWrite {
  std::string name;
  std::string type;                     ///< "F32", "I64", ... as TensorEntry
  std::vector<std::int64_t> shape;      ///< empty: a single number
  std::span<const std::uint8_t> bytes;  ///< row-major, little-endian
};

/// A whole file. The widest elements come first and then names in order, so that every tensor is aligned and equal contents give
/// equal bytes. Names must differ, and be none that the format reserves. `metadata`: the header's __metadata__.
std::string safetensorsBytes(std::vector<TensorToWrite> tensors, const std::map<std::string, std::string>& metadata);

}  // namespace moescope
