// In place of kernels.cu where there is no nvcc.

#include <stdexcept>

#include "core/cuda/gpu_kernels.h"

namespace moescope {

const GpuKernels* gpuKernels() { return nullptr; }
std::string gpuKernelReport() { return "none in this build, which found no nvcc"; }

GpuMemory::GpuMemory(std::size_t) { throw std::runtime_error("this build has no kernels for GPUs: nvcc was not found"); }
GpuMemory::~GpuMemory() = default;
void GpuMemory::upload(const void*, std::size_t) {}
void GpuMemory::download(void*, std::size_t) const {}

}  // namespace moescope
