#pragma once
// The dense arithmetic of a training step on plain row-major float memory, for CPUs. Compiled once for each instruction set
// (x86-64: base, AVX2 + FMA, AVX-512) and chosen when the program starts. Single-threaded: callers share out the work.
// LibTorch computes the same on a GPU, and in the plain twin that the tests compare with. Knows no LibTorch.
//
// Why: MKL, which LibTorch's wheel carries, takes its AVX2 path on AMD processors; Eigen's product compiled for AVX-512 was
// measured three times as fast there at these sizes (128 x 64 x 256), and spends a quarter of its time on packing and clearing,
// which our register tiles do without.

#include <cstdint>

namespace moescope {

/// A row-major matrix inside a larger one: rows are `stride` floats apart.
struct ConstHostMatrix {
  const float* data = nullptr;
  std::int64_t rows = 0, columns = 0, stride = 0;
};
struct HostMatrix {
  float* data = nullptr;
  std::int64_t rows = 0, columns = 0, stride = 0;
  operator ConstHostMatrix() const { return {data, rows, columns, stride}; }
};

struct AdamRates {
  float rate = 0.0f, gradientScale = 1.0f, first = 0.9f, second = 0.95f, epsilon = 1e-8f, decay = 0.0f;
  float firstBias = 1.0f, secondBias = 1.0f;  ///< 1 / (1 - beta^steps)
};

struct HostKernels {
  const char* name;  ///< "base", "avx2" or "avx512"

  /// c = op(a) b, op transposing where asked.
  void (*multiply)(ConstHostMatrix a, bool transposeA, ConstHostMatrix b, HostMatrix c);
  /// out (n x m) = in' (in: m x n).
  void (*transpose)(ConstHostMatrix in, HostMatrix out);

  /// active (n x I) = silu(both[:, :I]) * both[:, I:], both n x 2I.
  void (*swiglu)(ConstHostMatrix both, HostMatrix active);
  /// bothGradient (n x 2I) from activeGradient (n x I).
  void (*swigluGradient)(ConstHostMatrix both, ConstHostMatrix activeGradient, HostMatrix bothGradient);

  /// For each row, with slot s[row]: gateGradients[s] = active . activeGradient, then both gradients times gates[s].
  void (*gateRows)(ConstHostMatrix active, HostMatrix activeGradient, HostMatrix resultGradient, const std::int64_t* slot,
                   const float* gates, float* gateGradients);

  /// out = x / sqrt(mean(x^2) + epsilon) * gain, row by row; inverse[row] = 1 / sqrt(...). Unless sum's data is null, x + more
  /// takes x's place and is written to sum.
  void (*rootMeanSquareNorm)(ConstHostMatrix x, ConstHostMatrix more, HostMatrix sum, const float* gain, float epsilon,
                             HostMatrix out, float* inverse);
  /// xGradient, plus sumGradient unless its data is null, and gainGradient (one value a column) added to what is there.
  void (*rootMeanSquareNormGradient)(ConstHostMatrix x, const float* gain, const float* inverse, ConstHostMatrix outGradient,
                                     ConstHostMatrix sumGradient, HostMatrix xGradient, float* gainGradient);

  /// out[t, e] = sum over j < r of weights[e r + j] * products[t, e r + j]^2; products: T x (N r), out: T x N.
  void (*weightedSquares)(ConstHostMatrix products, const float* weights, HostMatrix out);
  /// productGradient, and weightGradient (N r) added to what is there.
  void (*weightedSquaresGradient)(ConstHostMatrix products, const float* weights, ConstHostMatrix outGradient,
                                  HostMatrix productGradient, float* weightGradient);

  /// One head of causal attention over one sequence (q, k, v: n x h): out = softmax(scale q k') v, each row over the positions up
  /// to its own; logNormaliser (n): log of the sum of exponentials of each row.
  void (*attention)(ConstHostMatrix q, ConstHostMatrix k, ConstHostMatrix v, float scale, HostMatrix out, float* logNormaliser);
  /// The three gradients from out's (n x h). Computes the weights again, so that no n x n matrix is kept.
  void (*attentionGradient)(ConstHostMatrix q, ConstHostMatrix k, ConstHostMatrix v, float scale, const float* logNormaliser,
                            ConstHostMatrix outGradient, HostMatrix qGradient, HostMatrix kGradient, HostMatrix vGradient);

  /// out = softmax of each row; a row with anything that is no finite number becomes NaN. Both without gaps between rows.
  void (*softmax)(ConstHostMatrix in, HostMatrix out);
  /// The logits' gradient from the probabilities and theirs.
  void (*softmaxGradient)(ConstHostMatrix probabilities, ConstHostMatrix upstream, HostMatrix gradient);

  /// Sum over rows of log sum exp(row) - row[target]; gradient, unless its data is null, scale * (softmax(row) - one-hot).
  double (*crossEntropy)(ConstHostMatrix logits, const std::int64_t* targets, float scale, HostMatrix gradient);

  /// Sum of the squares of `count` values.
  double (*squaredSum)(const float* value, std::int64_t count);
  /// AdamW on `count` values.
  void (*adam)(float* value, const float* gradient, float* first, float* second, std::int64_t count, AdamRates rates);
};

/// The best of this machine.
const HostKernels& hostKernels();
/// Every one that this machine can run, base first: for tests.
const HostKernels* const* allHostKernels(int& count);

}  // namespace moescope
