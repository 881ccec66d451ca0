#include "core/kernels/host_kernels.h"

namespace moescope {

extern const HostKernels kHostKernels_base;
#ifdef MOESCOPE_X86
extern const HostKernels kHostKernels_avx2, kHostKernels_avx512;
#endif

const HostKernels* const* allHostKernels(int& count) {
#ifdef MOESCOPE_X86
  static const HostKernels* const all[] = {&kHostKernels_base, &kHostKernels_avx2, &kHostKernels_avx512};
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  count = avx512 ? 3 : avx2 ? 2 : 1;
#else
  static const HostKernels* const all[] = {&kHostKernels_base};
  count = 1;
#endif
  return all;
}

const HostKernels& hostKernels() {
  static const HostKernels& best = [&]() -> const HostKernels& {
    int count = 0;
    const HostKernels* const* all = allHostKernels(count);
    return *all[count - 1];
  }();
  return best;
}

}  // namespace moescope
