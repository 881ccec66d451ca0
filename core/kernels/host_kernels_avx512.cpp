#define MOESCOPE_ISA avx512
#include "core/kernels/host_kernels.inc"
