#pragma once
// Our own kernels for NVIDIA GPUs, as one table. nvcc compiles them in every build that finds it; whether they are used is
// decided when the program starts, and nothing needs them. Each kernel's arithmetic is one function that is compiled for the GPU
// and for the CPU alike (evaluate_token.h, pair_angles.h, router_math.h, grouped_products.h): the table of its twins works on
// plain memory. Knows neither LibTorch nor Eigen.
//
// Of gpuKernels() every pointer is to memory of the current GPU, and a call returns before the GPU has done the work, which
// follows what was given to the default stream before. Matrices are row-major without gaps. Sizes are at least 1.

#include <cstdint>
#include <string>

namespace moescope {

/// A gating policy (core/metrics/gates.h) as the kernels read it.
struct TokenRule {
  enum Policy { Soft, TopK, TopP, Threshold };
  int policy = Soft;
  int k = 2;
  float mass = 0.9f, threshold = 0.05f;
};

struct EvaluateTask {
  const float* scores;    ///< T x N
  const float* offset;    ///< N, added to concentration * scores
  std::int64_t tokens;
  int experts;
  float concentration;
  TokenRule rule;
};

/// What evaluate() measures; the T x N ones may be null: not wanted.
struct EvaluateResult {
  float *logits, *probabilities, *gates;  ///< T x N
  float *entropy, *appliedEntropy;        ///< T, nats: of the probabilities and of the gates
  double *load, *appliedLoad;             ///< N: sums over tokens
  double* sums;                           ///< kEvaluateSums: over tokens, see EvaluateSum
};

enum EvaluateSum { kSumEntropy, kSumEffective, kSumAppliedEntropy, kSumAppliedEffective, kSumLower, kSumUpper, kEvaluateSums };

/// Assignments of tokens to experts sorted by expert: rows [starts[e], starts[e + 1]) belong to expert e. The host knows only how
/// many there can be: rows from starts[experts] on are nobody's, and no kernel reads or writes them.
struct GroupedTask {
  const std::int64_t* starts;  ///< experts + 1, rising from 0
  int experts;
  std::int64_t rows;           ///< at least starts[experts]
};

/// Which of T x slots assignments are made, and what is to be known of them once they are sorted by expert, then token.
struct AssignmentTask {
  const std::int64_t* chosen;  ///< T x slots, expert of each; null: slot e is expert e, where its gate is above 0
  const float* gates;          ///< T x slots
  std::int64_t tokens;
  int slots, experts;
};
struct Assignments {
  std::int64_t *starts, *rows, *order,
      *place;  ///< experts + 1; row's token; row's place in the gates; row of each gate, -1: not used
};

inline constexpr int kLargestPairRank = 16;
inline constexpr double kLargestSeriesScale = 600.0;  ///< of spectra and concentrations: the plain series stay finite

struct GpuKernels {
  const char* name;  ///< "cuda" or "twin"

  /// Softmax at a concentration, gating policy, entropies, effective experts, loads and bounds of every token: one pass. Agrees
  /// with evaluate() to 1e-5 relative; a top-p or threshold choice may differ where mass or gate meets the limit to within that.
  void (*evaluate)(const EvaluateTask& task, const EvaluateResult& result);

  /// Principal angles, rising, of all pairs of `count` subspaces of one rank. bases: count x d x rank, orthonormal columns,
  /// column by column; angles: pair (i, j > i) at [i (2 count - i - 1) / 2 + j - i - 1], rank each. rank <= kLargestPairRank.
  void (*pairAngles)(const double* bases, int count, int dimension, int rank, double* angles);

  /// GrMoE's score s[t, e] = sum over j of weights[e, j] * products[t, e r + j]^2. products: T x (N r), weights: N x r, out: T x
  /// N.
  void (*weightedSquares)(const float* products, const float* weights, std::int64_t tokens, int experts, int rank, float* out);
  /// Its gradients; weightGradient is written, not added to, and is the same at every run.
  void (*weightedSquaresGradient)(const float* products, const float* weights, const float* outGradient, std::int64_t tokens,
                                  int experts, int rank, float* productGradient, float* weightGradient);

  /// log 1F1(1/2; d/2; Lambda_e) of each row of spectra (N x r) in [0, kLargestSeriesScale], and its gradient (N x r).
  void (*binghamNormaliser)(const float* spectra, int experts, int rank, int dimension, float* value, float* gradient);
  /// log 0F1(; d/2; kappa_e^2 / 4) of kappa (N) in [0, kLargestSeriesScale], and its derivative.
  void (*vonMisesFisherNormaliser)(const float* kappa, int experts, int dimension, float* value, float* slope);
  /// Orthonormal columns with the same spans, first to last (QR with positive diagonal). frames: N x d x r, in place.
  void (*orthonormalise)(float* frames, int experts, int dimension, int rank);

  /// Sorts assignments by expert.
  void (*sortAssignments)(const AssignmentTask& task, const Assignments& made);
  /// out[r] = tokens[rows[r]], each of `width` numbers.
  void (*gatherRows)(const GroupedTask& task, const float* tokens, const std::int64_t* rows, int width, float* out);
  /// out[t] = sum over slots of weight * sorted[place]; null weights count 1. The same at every run.
  void (*combineRows)(const float* sorted, const float* weights, const std::int64_t* place, std::int64_t tokens, int slots,
                      int width, float* out);
  /// active = silu(both[:, :hidden]) * both[:, hidden:], both: rows x 2 hidden.
  void (*swiglu)(const GroupedTask& task, const float* both, int hidden, float* active);
  void (*swigluGradient)(const GroupedTask& task, const float* both, const float* activeGradient, int hidden,
                         float* bothGradient);
  /// What comes back to row r is upstream[rows[r]]: the gate's gradient is its inner product with result[r], the result's it
  /// times the gate. gateGradient (as the gates) is written where a row belongs to a gate.
  void (*gateRows)(const GroupedTask& task, const float* upstream, const float* result, const float* gates,
                   const std::int64_t* rows, const std::int64_t* order, int width, float* resultGradient, float* gateGradient);

  /// out[rows of e] = in[rows of e] @ weights[e]. in: rows x inner; weights: experts x inner x columns, or experts x columns x
  /// inner where `transposed`; out: rows x columns.
  void (*groupedProduct)(const GroupedTask& task, const float* in, const float* weights, bool transposed, int inner, int columns,
                         float* out);
  /// out[e] = left[rows of e]' @ right[rows of e]; zeros for an expert without rows. out: experts x leftColumns x rightColumns.
  void (*groupedOuter)(const GroupedTask& task, const float* left, const float* right, int leftColumns, int rightColumns,
                       float* out);
};

/// Null where this build has no kernels or this machine no GPU that they run on.
const GpuKernels* gpuKernels();
/// The same arithmetic on the CPU: what tests compare.
const GpuKernels& gpuKernelTwins();

/// One line for a person: whether the kernels are used, else why not.
std::string gpuKernelReport();

/// Memory of the current GPU, freed with its owner. Throws std::runtime_error with one line when there is not enough.
class GpuMemory {
 public:
  explicit GpuMemory(std::size_t bytes);
  ~GpuMemory();
  GpuMemory(const GpuMemory&) = delete;
  GpuMemory& operator=(const GpuMemory&) = delete;
  void* data() const { return data_; }
  void upload(const void* from, std::size_t bytes);
  /// Waits until the GPU has done what it was given.
  void download(void* to, std::size_t bytes) const;

 private:
  void* data_ = nullptr;
};

}  // namespace moescope
