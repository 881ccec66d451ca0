#pragma once
// Of which type the numbers of a capture are that are plain bytes with no dtype beside them.

#include <cstdint>
#include <span>
#include <string>

namespace moescope {

/// "int32", as SGLang writes ids: where all of them are then from -1 to kMostCapturedExperts - 1, and read as int64 they are not.
/// Throws CaptureUntold with the types that give such ids, the likeliest first, and std::runtime_error where none does; both
/// begin with `place`.
std::string assumedType(std::span<const std::uint8_t> bytes, const std::string& place);

/// The type of `ids` numbers that fill so many bytes; empty: of none.
std::string typeOfWidth(std::uint64_t bytes, std::uint64_t ids);

/// Whether capturedType() knows it.
bool isCaptureType(const std::string& name);

}  // namespace moescope
