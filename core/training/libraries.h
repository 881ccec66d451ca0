#pragma once
// What LibTorch finds on this machine, without its headers.

#include <string>

namespace moescope {

struct TorchReport {
  std::string version;             ///< "2.11.0"
  bool cuda = false;               ///< a usable NVIDIA GPU
  int threads = 1;                 ///< that LibTorch's work uses
  std::string kernels;             ///< instruction set of our own kernels: base, avx2 or avx512
  std::string gpuKernels;          ///< a line: whether our kernels for GPUs are used, else why not
};

TorchReport torchReport();

}  // namespace moescope
