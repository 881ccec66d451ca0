#pragma once
// Captures of routing as files, with ids that a formula gives.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace moescope::testing {

struct CapturedShape {
  int tokens = 300, layers = 3, chosen = 2, experts = 8;
};

/// Place `i` of a token's experts in a layer: different ones for each i; layer 1 follows layer 0, and in its first half a
/// sequence uses the lower experts only.
inline int capturedExpert(const CapturedShape& shape, int token, int layer, int i) {
  const int room = token < shape.tokens / 2 ? shape.experts / 2 : shape.experts, base = (token * 7 + token / 5) % room;
  return (base + (layer == 2 ? token % 3 : layer) + i) % room;
}

inline std::string nestedLists(const CapturedShape& shape) {
  std::string text = "[";
  for (int t = 0; t < shape.tokens; ++t) {
    text += t ? ",[" : "[";
    for (int l = 0; l < shape.layers; ++l) {
      text += l ? ",[" : "[";
      for (int i = 0; i < shape.chosen; ++i) text += (i ? "," : "") + std::to_string(capturedExpert(shape, t, l, i));
      text += "]";
    }
    text += "]";
  }
  return text + "]";
}

/// A response of a serving engine.
inline std::filesystem::path writeCapture(const std::filesystem::path& file, const CapturedShape& shape = {}) {
  std::ofstream(file, std::ios::binary) << "{\"id\":\"x\",\"choices\":[{\"routed_experts\":" << nestedLists(shape) << "}]}";
  return file;
}

}  // namespace moescope::testing
