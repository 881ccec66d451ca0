#pragma once
// Captures of routing from production engines: which experts each token was given, without hidden states or weights.
//   .npy, .npz   integers [tokens, layers, k], or [tokens, k] for one layer (in .npz: member routed_experts, or the only one)
//   JSON         every "routed_experts" in a response of SGLang (base64 of little-endian int32, whose shape the file does not
//                tell) or of vLLM (nested lists), or bare nested lists. Several responses become several sequences.
// A token all of whose ids are -1 is padding: left out, counted, and the end of a sequence. Files come from strangers: sizes are capped and checked before memory is taken, and each fault is one line.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace moescope {

inline constexpr std::uint64_t kLargestCapture = std::uint64_t{1} << 30;  ///< bytes of the file
inline constexpr std::int64_t kMostCapturedIds = std::int64_t{1} << 28;   ///< 1 GiB in memory
inline constexpr int kMostCapturedExperts = 4096;

/// What a base64 capture may hold; 0: whatever the data gives.
struct CaptureShape {
  std::int64_t tokens = 0, layers = 0, chosen = 0;
  bool operator==(const CaptureShape&) const = default;
};

struct RoutingCapture {
  std::string file;
  std::int64_t tokens = 0;
  int layers = 0, chosen = 0;
  int experts = 0;                   ///< largest id + 1
  std::vector<std::int64_t> starts;  ///< first token of each sequence, rising from 0
  std::vector<std::int32_t> ids;     ///< tokens x layers x chosen, in [0, experts)
  std::int64_t padding = 0;          ///< tokens left out, all of whose ids were -1
  std::int32_t id(std::int64_t token, int layer, int place) const {
    return ids[static_cast<std::size_t>((token * layers + layer) * chosen + place)];
  }
};

/// `shapes`: those that are possible; where there are any, what is read must fit one, and flat data exactly one. `experts`: ids
/// must lie below; 0: below kMostCapturedExperts. Throws std::runtime_error with one line: file, place, expectation.
RoutingCapture readCapture(const std::filesystem::path& file, const std::vector<CaptureShape>& shapes, int experts);

/// The same of a file's bytes; the fuzzer's entry.
RoutingCapture parseCapture(std::span<const std::uint8_t> bytes, const std::string& file, const std::vector<CaptureShape>& shapes, int experts);

inline constexpr std::int32_t kPaddingId = -1, kForeignId = -2;  ///< as a capture writes padding; every other number outside int32's natural ones
/// A number as it is kept until ids are checked: itself from 0 to the largest int32, kPaddingId, or kForeignId.
std::int32_t capturedId(std::int64_t number);

/// The ids of one sequence as they lie in the file: shape of two or three dimensions, or empty for flat base64.
struct CapturedSequence {
  std::vector<std::int64_t> shape;
  std::vector<std::int32_t> ids;
};
/// What the JSON holds (capture_json.cpp); throws as parseCapture.
std::vector<CapturedSequence> sequencesFromJson(std::span<const std::uint8_t> bytes, const std::string& file);

}  // namespace moescope
