#pragma once
// MOESCOPE_BOTH: a function that nvcc compiles for the GPU and the CPU, every other compiler for the CPU alone.

#ifdef __CUDACC__
#define MOESCOPE_BOTH __host__ __device__ inline
#else
#define MOESCOPE_BOTH inline
#endif
