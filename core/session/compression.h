#pragma once
// Zstandard, for blobs of a session.

#include <string>
#include <string_view>

namespace moescope {

/// What a blob may hold when it is decompressed: some 200 times a snapshot of the default model.
inline constexpr std::size_t kLargestBlob = std::size_t{512} << 20;

/// How hard Zstandard tries: kFastest for floats, which hardly shrink, where the checksum is what the frame is for.
inline constexpr int kQuick = 1, kFastest = -7;
std::string compressed(std::string_view bytes, int level = kQuick);

/// Whether it begins as a frame does. No safetensors file does: its header would have 4 GB.
bool isFrame(std::string_view bytes);

/// One frame that says how long its content is. Throws std::runtime_error, "PLACE: ...", before memory is taken for more than
/// kLargestBlob, and for what is damaged or has another length than it says.
std::string decompressed(std::string_view frame, const std::string& place);

}  // namespace moescope
