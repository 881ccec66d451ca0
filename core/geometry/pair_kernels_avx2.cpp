#define MOESCOPE_ISA avx2
#include "core/geometry/pair_kernels.inc"
