#define MOESCOPE_ISA avx512
#include "core/model/host_kernels.inc"
