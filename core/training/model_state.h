#pragma once
// A model's state as the bytes of a safetensors file (docs/model-state.md). Without LibTorch's headers.

#include <string>
#include <string_view>

#include "core/training/trainer_state.h"

namespace moescope {

/// What may be done with a state whose corpus is not the text that this machine has under its name.
enum class OtherText { Refused, Accepted };

/// Equal states give equal bytes.
std::string modelStateBytes(const TrainerState& state);

/// The state that the bytes hold. Loads its corpus, or takes `text` where that is of the same hash and lengths. `place`: what an error
/// begins with, such as the file. Throws std::runtime_error with one line that names the tensor or entry: missing, of no use, of another
/// type or shape, or with a value that is not finite.
TrainerStatePointer readModelState(std::string_view bytes, const std::string& place, OtherText otherText = OtherText::Refused,
                                   const TrainingTextPointer& text = {});

}  // namespace moescope
