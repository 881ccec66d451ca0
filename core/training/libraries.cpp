#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "core/training/libraries.h"
#include "core/cuda/gpu_kernels.h"
#include "core/kernels/host_kernels.h"

namespace moescope {

TorchReport torchReport() {
  TorchReport report;
  report.version = TORCH_VERSION;
  report.cuda = torch::cuda::is_available();
  report.threads = at::get_num_threads();
  report.kernels = hostKernels().name;
  report.gpuKernels = gpuKernelReport();
  return report;
}

}  // namespace moescope
