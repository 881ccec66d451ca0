#pragma once
// Small dense matrices eight at a time, one in each lane of the CPU's vector unit, for the angles between many subspaces.
// Compiled once for each instruction set (x86-64: base, AVX2 + FMA) and chosen when the program starts.
//
// A lane matrix of `rows` x `columns` holds kPairLanes matrices: entry (row, column) of lane l lies at
// [(column * rows + row) * kPairLanes + l].

#include <span>

namespace moescope {

inline constexpr int kPairLanes = 8;

/// Entry (row, k) of a plain matrix lies at data[row * rowStride + k * innerStride].
struct StridedMatrix {
  const double* data = nullptr;
  int rows = 0, inner = 0, rowStride = 0, innerStride = 0;
};

struct PairKernels {
  const char* name;  ///< "base" or "avx2"

  /// out = a b, or minuend - a b where a minuend is given. a: one plain matrix (rows x inner); b: lane matrix (inner x
  /// columns); minuend, out: lane matrices (rows x columns).
  void (*multiply)(StridedMatrix a, const double* b, int columns, const double* minuend, double* out);

  /// Singular values of a lane matrix with rows >= columns and entries of at most about 1, which is destroyed: Householder
  /// reduction to bidiagonal form, then implicitly shifted QR (Golub and Kahan 1965; Golub and Van Loan, section 8.6). Absolute
  /// error a few 1e-16. values: columns x kPairLanes, in no order. Returns the lanes, a bit each, that did not converge.
  unsigned (*singularValues)(double* matrices, int rows, int columns, double* values);
};

/// The best of this machine.
const PairKernels& pairKernels();
/// Every one that this machine can run, base first: for tests.
std::span<const PairKernels* const> allPairKernels();

}  // namespace moescope
