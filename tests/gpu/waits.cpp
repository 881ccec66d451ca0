// How often the host waits for the GPU, told by LibTorch's own debug mode.

#include "tests/gpu/check.h"

#include <torch/cuda.h>

#ifdef MOESCOPE_COUNTS_WAITS
#include <c10/cuda/CUDAFunctions.h>
#include <c10/util/Exception.h>
#endif

namespace moescope {

#ifdef MOESCOPE_COUNTS_WAITS
namespace {

class Counter : public c10::WarningHandler {
 public:
  void process(const c10::Warning& warning) override {
    count += warning.msg().find("synchronizing CUDA operation") != std::string::npos;
  }
  int count = 0;
};

}  // namespace
#endif

int synchronisationsOf(const std::function<void()>& work) {
#ifdef MOESCOPE_COUNTS_WAITS
  if (torch::cuda::is_available()) {
    Counter counter;
    c10::WarningUtils::WarningHandlerGuard guard(&counter);
    c10::cuda::warning_state().set_sync_debug_mode(c10::cuda::SyncDebugMode::L_WARN);
    work();
    c10::cuda::warning_state().set_sync_debug_mode(c10::cuda::SyncDebugMode::L_DISABLED);
    return counter.count;
  }
#endif
  work();
  return -1;
}

void waitForGpu() {
  if (torch::cuda::is_available()) torch::cuda::synchronize();
}

}  // namespace moescope
