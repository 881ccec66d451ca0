#include "core/geometry/pair_kernels.h"

namespace moescope {

extern const PairKernels kPairKernels_base;
#ifdef MOESCOPE_X86
extern const PairKernels kPairKernels_avx2;
#endif

std::span<const PairKernels* const> allPairKernels() {
#ifdef MOESCOPE_X86
  static const PairKernels* const all[] = {&kPairKernels_base, &kPairKernels_avx2};
  return {all, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 2u : 1u};
#else
  static const PairKernels* const all[] = {&kPairKernels_base};
  return all;
#endif
}

const PairKernels& pairKernels() {
  static const PairKernels& best = *allPairKernels().back();
  return best;
}

}  // namespace moescope
