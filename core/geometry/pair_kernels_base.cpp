#define MOESCOPE_ISA base
#include "core/geometry/pair_kernels.inc"
