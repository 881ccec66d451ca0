#pragma once
// Which of three equal computations of the model runs. Without LibTorch's headers.

namespace moescope {

/// Which of three equal computations of the model to run.
enum class Dispatch {
  Fused,      ///< our own kernels, compiled for the machine's vector unit or its GPU; as Grouped where there are none
  Grouped,    ///< LibTorch's operations, one product per expert
  PlainLoop,  ///< one plain loop over experts: the reference in tests and the baseline in `moescope bench`
};

}  // namespace moescope
