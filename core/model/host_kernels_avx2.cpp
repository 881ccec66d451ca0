#define MOESCOPE_ISA avx2
#include "core/model/host_kernels.inc"
