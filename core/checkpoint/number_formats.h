#pragma once
// The number formats of checkpoints as floats.

#include <cstdint>
#include <span>
#include <string>

namespace moescope {

/// to.size() numbers of a safetensors dtype, little-endian, from `from`. BF16 and F16 go eight at a time where the machine can,
/// past the caches when the result is larger than they are. Throws std::runtime_error that begins with `place` for a type that
/// holds no plain numbers.
void toFloats(const std::string& type, const std::uint8_t* from, std::span<float> to, const std::string& place);

/// The same number by number: what the tests compare toFloats() with.
void toFloatsPlainly(const std::string& type, const std::uint8_t* from, std::span<float> to, const std::string& place);

}  // namespace moescope
