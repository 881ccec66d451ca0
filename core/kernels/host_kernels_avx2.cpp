#define MOESCOPE_ISA avx2
#include "core/kernels/host_kernels.inc"
