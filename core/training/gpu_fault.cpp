#include "core/training/gpu_fault.h"

#include <string_view>

#include "core/training/trainer_contents.h"

namespace moescope {

bool isGpuFault(const std::exception& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) || dynamic_cast<const c10::AcceleratorError*>(&error)) return true;
  const std::string_view line = error.what();
  if (dynamic_cast<const c10::Error*>(&error))
    return line.starts_with("CUDA ") || line.starts_with("cuDNN ");  // of cuBLAS and others it has no type
  return line.starts_with("GPU: ");  // our own kernels' (core/cuda)
}

TrainerStatePointer onCpu(const TrainerState& state) {
  auto there = std::make_unique<TrainerState::Contents>(state.contents());
  there->knobs.device = "cpu";
  return std::make_shared<const TrainerState>(std::move(there));
}

std::string firstLine(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace moescope
