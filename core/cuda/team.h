#pragma once
// Who works together on one body of a kernel: on a CPU one lane alone, on a GPU the lanes of a warp. Lane l of n takes the
// elements l, l + n, ...; sums and extremes are over all lanes, and every lane gets them.

#include "core/metrics/both.h"

namespace moescope {

struct OneLane {
  MOESCOPE_BOTH int lane() const { return 0; }
  MOESCOPE_BOTH int lanes() const { return 1; }
  template <typename Value>
  MOESCOPE_BOTH Value sum(Value value) const { return value; }
  template <typename Value>
  MOESCOPE_BOTH Value largest(Value value) const { return value; }
  MOESCOPE_BOTH void wait() const {}
};

#ifdef __CUDACC__
struct Warp {
  MOESCOPE_BOTH int lane() const {
#ifdef __CUDA_ARCH__
    return static_cast<int>(threadIdx.x % 32);
#else
    return 0;
#endif
  }
  MOESCOPE_BOTH int lanes() const { return 32; }
  template <typename Value>
  MOESCOPE_BOTH Value sum(Value value) const {
#ifdef __CUDA_ARCH__
    for (int other = 16; other > 0; other /= 2) value += __shfl_xor_sync(0xffffffffu, value, other);
#endif
    return value;
  }
  template <typename Value>
  MOESCOPE_BOTH Value largest(Value value) const {
#ifdef __CUDA_ARCH__
    for (int other = 16; other > 0; other /= 2) {
      const Value there = __shfl_xor_sync(0xffffffffu, value, other);
      value = there > value ? there : value;
    }
#endif
    return value;
  }
  /// Until every lane's writes are seen by the others.
  MOESCOPE_BOTH void wait() const {
#ifdef __CUDA_ARCH__
    __syncwarp();
#endif
  }
};
#endif

}  // namespace moescope
