#pragma once
// Blocks of numbers that share scales, as ggml packs them.
// Layouts: ggml's quantisation sources and the gguf package (quants.py) of the same project.

#include <cstdint>
#include <span>
#include <string>

namespace moescope {

/// How many values and bytes make a block of this type; of types that stand one by one, one value. {0, 0} for an unknown type.
struct GgmlBlock {
  int values = 0, bytes = 0;
};
GgmlBlock ggmlBlock(const std::string& type);
/// The name of ggml's number of a type; empty where it is not known.
std::string ggmlTypeName(std::uint32_t number);

/// Whether toFloats() unpacks these blocks: Q8_0, Q4_K, Q6_K.
bool isGgmlPacking(const std::string& type);
/// to.size() values, whole blocks, of such a type.
void unpackGgml(const std::string& type, const std::uint8_t* from, std::span<float> to);

}  // namespace moescope
