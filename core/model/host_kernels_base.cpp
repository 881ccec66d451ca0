#define MOESCOPE_ISA base
#include "core/model/host_kernels.inc"
