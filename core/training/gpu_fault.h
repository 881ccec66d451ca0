#pragma once
// What becomes of training when the GPU fails. Without LibTorch's headers.

#include <exception>

#include "core/training/trainer_state.h"

namespace moescope {

/// Whether an exception says that a GPU has too little memory, is lost or failed: what it did the CPU can do.
bool isGpuFault(const std::exception& error);

/// The same moment of training, to go on from on the CPU, whatever its knobs said. Shares the tensors.
TrainerStatePointer onCpu(const TrainerState& state);

/// The first line of what an exception says: LibTorch's go on with where they were raised.
std::string firstLine(const std::exception& error);

}  // namespace moescope
