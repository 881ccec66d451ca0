#pragma once
// The tokens that every snapshot is measured on.

#include <cstdint>
#include <string>
#include <vector>

namespace moescope {

/// The fixed labelled tokens on which every snapshot is measured.
struct Probe {
  std::vector<std::uint8_t> bytes;       ///< T: the byte that the model sees at each position; empty where tokens are not bytes
  std::vector<std::string> labels;       ///< T: what to call each token where tokens are not bytes, else empty
  std::vector<int> domain;               ///< T: index into domainNames
  std::vector<std::string> domainNames;  ///< at least one
  int context = 0;                       ///< tokens per sequence; T is a multiple of it
  bool synthetic = false;                ///< true for procedural text or invented tokens: views must say so on screen
  std::string syntheticMark = "SYNTHETIC DATA";  ///< in these words
};

}  // namespace moescope
