#define MOESCOPE_ISA base
#include "core/kernels/host_kernels.inc"
