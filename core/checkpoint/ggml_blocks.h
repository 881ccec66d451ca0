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

/// Whether unpackGgml() knows these blocks: Q4_0 to Q8_0, Q2_K to Q6_K, IQ4_NL, IQ4_XS, MXFP4.
bool isGgmlPacking(const std::string& type);
/// to.size() values, whole blocks, of such a type.
void unpackGgml(const std::string& type, const std::uint8_t* from, std::span<float> to);

}  // namespace moescope
