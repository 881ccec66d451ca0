#pragma once
// Models of earlier runs: where `train --from` and --save-model read and write them.

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/training/model_state.h"

namespace moescope {

struct ModelOrigin {
  TrainerStatePointer state;
  std::filesystem::path session{};  ///< that it lies in; empty: a file of its own
  std::uint64_t generation = 0;   ///< of the session
};

/// `from`: a file that writeModelFile() wrote, SESSION for the model that it kept last, or SESSION@STEP. `run`: of a session's
/// several; 0: the one of the model that was kept last. Throws
/// std::runtime_error, one line, where there is no such model, or it cannot be used; see readModelState().
ModelOrigin readModelOrigin(const std::string& from, OtherText otherText, std::int64_t run);

/// Atomically. Throws WriteError.
void writeModelFile(const std::filesystem::path& file, const TrainerState& state);

}  // namespace moescope
