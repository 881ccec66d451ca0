#pragma once
// A trainer at one moment, kept in memory. Without LibTorch's headers.

#include <cstdint>
#include <memory>
#include <string>

#include "core/knobs/knobs.h"
#include "core/training/training_text.h"

namespace moescope {

/// Weights, the optimiser's moments and step counts, routers' buffers and counters, running means and loads, the dice of batches
/// and the step. Never changes: a trainer made of it goes on exactly as the one that was saved would have, however often.
class TrainerState {
 public:
  struct Contents;
  explicit TrainerState(std::unique_ptr<const Contents> contents);
  ~TrainerState();

  const Knobs& knobs() const;
  std::int64_t step() const;
  const std::string& device() const;  ///< that it was trained on: "cpu" or "cuda"
  int threads() const;                ///< by how many
  const TrainingTextPointer& text() const;
  std::uint64_t bytes() const;  ///< of memory, without the text, which others share
  const Contents& contents() const { return *contents_; }

 private:
  std::unique_ptr<const Contents> contents_;
};
using TrainerStatePointer = std::shared_ptr<const TrainerState>;

}  // namespace moescope
