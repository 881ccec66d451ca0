#pragma once
// What a language model trains on and is measured on.

#include <memory>
#include <string>
#include <vector>

#include "core/data/corpus.h"
#include "core/knobs/knobs.h"

namespace moescope {

/// Rounded down to whole sequences, the domains in equal shares; a small corpus has less held out, whose sequences then overlap.
inline constexpr int kValidationTokens = 65536;

/// Never changes: trainers and kept states share it by pointer.
struct TrainingText {
  std::vector<Domain> training;
  std::shared_ptr<const Probe> probe;  ///< of held-out text
  std::shared_ptr<const Probe> validation;  ///< kValidationTokens of held-out text, for what needs more tokens than a probe has
  std::string corpus, hash;            ///< its name, and contentHash() of all of it
  std::vector<std::string> notes;      ///< what a person should know: text missing, files cut, another corpus in its place
  std::uint64_t bytes = 0;             ///< of memory, about
};
using TrainingTextPointer = std::shared_ptr<const TrainingText>;

/// For the corpus, context and probe-tokens of the knobs. Throws CorpusError.
TrainingTextPointer loadTrainingText(const Knobs& knobs);

}  // namespace moescope
