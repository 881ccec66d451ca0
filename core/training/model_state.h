#pragma once
// A model's state as the bytes of a safetensors file (docs/model-state.md). Without LibTorch's headers.

#include <string>
#include <string_view>

#include "core/training/trainer_state.h"

namespace moescope {

/// What is done with a state that was trained on other text than this machine has under the corpus's name.
enum class OtherText { Refused, Accepted };

/// Equal states give equal bytes.
std::string modelStateBytes(const TrainerState& state);

/// The state that the bytes hold, and its corpus, loaded. `place`: what an error begins with, such as the file. Throws
/// std::runtime_error with one line that names the tensor or entry that is missing, unknown, of another type or shape, not finite
/// or out of its range; CorpusError where the text cannot be used, or is other text and that is refused. Other text that is
/// accepted is said by the text's first note.
TrainerStatePointer readModelState(std::string_view bytes, const std::string& place, OtherText otherText = OtherText::Refused);

}  // namespace moescope
