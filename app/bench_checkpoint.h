#pragma once
// A generated checkpoint for moescope bench: reading all its experts against plain reading of the same bytes.

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/checkpoint/families.h"

namespace moescope {

/// One layer of 32 experts in bf16 (Qwen3-MoE names, width 2048, 1344 units, 528 MB), synthetic, in a temporary folder that goes
/// with this object. Throws std::runtime_error where it cannot be written.
class BenchCheckpoint {
 public:
  BenchCheckpoint();
  ~BenchCheckpoint();
  BenchCheckpoint(const BenchCheckpoint&) = delete;
  BenchCheckpoint& operator=(const BenchCheckpoint&) = delete;

  std::uint64_t bytes() const;          ///< of the experts, as they lie in the file
  void readExperts();                   ///< every expert as floats, into the same memory
  void readPlainly();                   ///< the experts' bytes by read(), into a buffer of one expert's size

 private:
  std::filesystem::path folder_;
  std::unique_ptr<MoeCheckpoint> checkpoint_;
  ExpertWeights expert_;
  std::vector<char> buffer_;
};

}  // namespace moescope
