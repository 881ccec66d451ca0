// The kernels for NVIDIA GPUs: how the bodies are spread over warps and blocks.

#include <cuda_runtime.h>

#include <algorithm>
#include <stdexcept>

#include "core/cuda/evaluate_token.h"
#include "core/cuda/gpu_kernels.h"
#include "core/cuda/grouped_products.h"
#include "core/cuda/pair_angles.h"
#include "core/cuda/router_math.h"

namespace moescope {
namespace {

constexpr int kBlock = 256, kWarps = kBlock / 32;

void require(cudaError_t code, const char* what) {
  if (code != cudaSuccess) throw std::runtime_error(std::string("GPU: ") + what + ": " + cudaGetErrorString(code));
}

/// Blocks of `size` for `count` pieces of work; kernels loop over what is left beyond the most that are started.
unsigned blocksFor(std::int64_t count, std::int64_t size) {
  return static_cast<unsigned>(std::clamp<std::int64_t>((count + size - 1) / size, 1, 65535));
}

__device__ std::int64_t threadIndex() { return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ std::int64_t threadCount() { return static_cast<std::int64_t>(gridDim.x) * blockDim.x; }

/// A warp takes a token. Shared memory: loads of the block (2 N doubles), then each warp's three rows of N floats.
__global__ void evaluateKernel(EvaluateTask task, EvaluateResult result) {
  extern __shared__ double shared[];
  const int experts = task.experts;
  double *load = shared, *appliedLoad = shared + experts;
  float* rows = reinterpret_cast<float*>(shared + 2 * experts) + threadIdx.x / 32 * 3 * experts;
  for (int e = threadIdx.x; e < 2 * experts; e += blockDim.x) shared[e] = 0.0;
  __syncthreads();
  const Warp warp;
  double sums[kEvaluateSums] = {};
  for (std::int64_t t = threadIndex() / 32; t < task.tokens; t += threadCount() / 32) {
    float *logits = rows, *probabilities = rows + experts, *gates = rows + 2 * experts;
    const TokenReading reading = evaluateToken(warp, task, task.scores + t * experts, logits, probabilities, gates);
    for (int e = warp.lane(); e < experts; e += 32) {
      if (result.logits) result.logits[t * experts + e] = logits[e];
      if (result.probabilities) result.probabilities[t * experts + e] = probabilities[e];
      if (result.gates) result.gates[t * experts + e] = gates[e];
      atomicAdd(load + e, static_cast<double>(probabilities[e]));
      if (gates[e] != 0.0f) atomicAdd(appliedLoad + e, static_cast<double>(gates[e]));
    }
    if (warp.lane() == 0) {
      result.entropy[t] = static_cast<float>(reading.entropy);
      result.appliedEntropy[t] = static_cast<float>(reading.appliedEntropy);
      sums[kSumEntropy] += reading.entropy;
      sums[kSumEffective] += exp(reading.entropy);
      sums[kSumAppliedEntropy] += reading.appliedEntropy;
      sums[kSumAppliedEffective] += exp(reading.appliedEntropy);
      sums[kSumLower] += reading.lower;
      sums[kSumUpper] += reading.upper;
    }
    warp.wait();
  }
  __syncthreads();
  for (int e = threadIdx.x; e < experts; e += blockDim.x) {
    atomicAdd(result.load + e, load[e]);
    atomicAdd(result.appliedLoad + e, appliedLoad[e]);
  }
  if (warp.lane() == 0)
    for (int i = 0; i < kEvaluateSums; ++i) atomicAdd(result.sums + i, sums[i]);
}

void evaluate(const EvaluateTask& given, const EvaluateResult& result) {
  EvaluateTask task = given;
  task.rule.k = std::clamp(task.rule.k, 1, task.experts);
  const std::size_t experts = static_cast<std::size_t>(task.experts);
  require(cudaMemsetAsync(result.load, 0, experts * sizeof(double)), "evaluate");
  require(cudaMemsetAsync(result.appliedLoad, 0, experts * sizeof(double)), "evaluate");
  require(cudaMemsetAsync(result.sums, 0, kEvaluateSums * sizeof(double)), "evaluate");
  constexpr std::size_t usual = 48 * 1024;  // of shared memory, without asking for more
  int warps = kWarps;
  const auto bytes = [&] { return 2 * experts * sizeof(double) + static_cast<std::size_t>(warps) * 3 * experts * sizeof(float); };
  while (warps > 1 && bytes() > usual) --warps;
  const int most = 132 * 8;  // blocks: a few for each multiprocessor, so that loads are added up in shared memory
  const unsigned blocks = std::min<unsigned>(blocksFor(task.tokens, warps), most);
  evaluateKernel<<<blocks, 32 * warps, bytes()>>>(task, result);
  require(cudaGetLastError(), "evaluate");
}

constexpr int kPairWarps = 4;

/// A warp takes a pair.
__global__ void pairAnglesKernel(const double* bases, int count, int dimension, int rank, double* angles) {
  __shared__ double scratch[kPairWarps][kPairScratch];
  const int i = static_cast<int>(blockIdx.y), j = i + 1 + static_cast<int>(threadIndex() / 32);
  if (j >= count) return;
  const std::int64_t size = static_cast<std::int64_t>(dimension) * rank,
                     pair = static_cast<std::int64_t>(i) * (2 * count - i - 1) / 2 + (j - i - 1);
  pairAnglesOf(Warp(), bases + i * size, bases + j * size, dimension, rank, scratch[threadIdx.x / 32], angles + pair * rank);
}

void pairAngles(const double* bases, int count, int dimension, int rank, double* angles) {
  if (rank > kLargestPairRank || count > 65535)
    throw std::invalid_argument("GPU: subspaces of rank 16 at most, and 65535 of them");
  pairAnglesKernel<<<dim3(blocksFor(count - 1, kPairWarps), static_cast<unsigned>(count)), 32 * kPairWarps>>>(
      bases, count, dimension, rank, angles);
  require(cudaGetLastError(), "principal angles");
}

__global__ void weightedSquaresKernel(const float* products, const float* weights, std::int64_t tokens, int experts, int rank,
                                      float* out) {
  for (std::int64_t i = threadIndex(); i < tokens * experts; i += threadCount())
    out[i] = weightedSquaresOf(products + i * rank, weights + i % experts * rank, rank);
}

void weightedSquares(const float* products, const float* weights, std::int64_t tokens, int experts, int rank, float* out) {
  weightedSquaresKernel<<<blocksFor(tokens * experts, kBlock), kBlock>>>(products, weights, tokens, experts, rank, out);
  require(cudaGetLastError(), "weighted squares");
}

__global__ void weightedSquareSlopeKernel(const float* products, const float* weights, const float* outGradient,
                                          std::int64_t entries, std::int64_t columns, int rank, float* gradient) {
  for (std::int64_t i = threadIndex(); i < entries; i += threadCount())
    gradient[i] = weightedSquareSlope(products[i], weights[i % columns], outGradient[i / rank]);
}

/// A block takes a weight: its warps share out the tokens and are added up in one order.
__global__ void weightSlopeKernel(const float* products, const float* outGradient, std::int64_t tokens, int experts, int rank,
                                  float* gradient) {
  __shared__ double parts[kWarps];
  const int e = static_cast<int>(blockIdx.x) / rank, j = static_cast<int>(blockIdx.x) % rank,
            warp = static_cast<int>(threadIdx.x / 32);
  const std::int64_t share = (tokens + kWarps - 1) / kWarps, first = min(tokens, warp * share),
                     count = min(tokens, first + share) - first;
  const std::int64_t at = first * experts;
  const double sum = weightSlope(Warp(), products + at * rank, outGradient + at, count, experts, rank, e, j);
  if (threadIdx.x % 32 == 0) parts[warp] = sum;
  __syncthreads();
  if (threadIdx.x != 0) return;
  double total = 0.0;
  for (int w = 0; w < kWarps; ++w) total += parts[w];
  gradient[blockIdx.x] = static_cast<float>(total);
}

void weightedSquaresGradient(const float* products, const float* weights, const float* outGradient, std::int64_t tokens,
                             int experts, int rank, float* productGradient, float* weightGradient) {
  const std::int64_t columns = static_cast<std::int64_t>(experts) * rank, entries = tokens * columns;
  weightedSquareSlopeKernel<<<blocksFor(entries, kBlock), kBlock>>>(products, weights, outGradient, entries, columns, rank,
                                                                    productGradient);
  weightSlopeKernel<<<static_cast<unsigned>(columns), kBlock>>>(products, outGradient, tokens, experts, rank, weightGradient);
  require(cudaGetLastError(), "weighted squares' gradient");
}

__global__ void binghamKernel(const float* spectra, int experts, int rank, int dimension, float* value, float* gradient) {
  const std::int64_t e = threadIndex();
  if (e < experts) binghamOf(spectra + e * rank, rank, dimension, value + e, gradient + e * rank);
}

void binghamNormaliser(const float* spectra, int experts, int rank, int dimension, float* value, float* gradient) {
  if (rank > kLargestNormaliserRank) throw std::invalid_argument("GPU: at most 64 eigenvalues");
  binghamKernel<<<blocksFor(experts, 32), 32>>>(spectra, experts, rank, dimension, value, gradient);
  require(cudaGetLastError(), "Bingham normaliser");
}

__global__ void vonMisesFisherKernel(const float* kappa, int experts, int dimension, float* value, float* slope) {
  const std::int64_t e = threadIndex();
  if (e < experts) vonMisesFisherOf(kappa[e], dimension, value + e, slope + e);
}

void vonMisesFisherNormaliser(const float* kappa, int experts, int dimension, float* value, float* slope) {
  vonMisesFisherKernel<<<blocksFor(experts, 32), 32>>>(kappa, experts, dimension, value, slope);
  require(cudaGetLastError(), "von Mises-Fisher normaliser");
}

__global__ void orthonormaliseKernel(float* frames, int dimension, int rank) {
  orthonormaliseFrame(Warp(), frames + static_cast<std::int64_t>(blockIdx.x) * dimension * rank, dimension, rank);
}

void orthonormalise(float* frames, int experts, int dimension, int rank) {
  orthonormaliseKernel<<<static_cast<unsigned>(experts), 32>>>(frames, dimension, rank);
  require(cudaGetLastError(), "orthonormal frames");
}

constexpr int kSortThreads = 1024;

/// Sum over the block's threads of a count; every thread gets it.
__device__ std::int64_t blockSum(std::int64_t value, std::int64_t* parts) {
  value = Warp().sum(value);
  __syncthreads();
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = value;
  __syncthreads();
  std::int64_t total = 0;
  for (unsigned w = 0; w < blockDim.x / 32; ++w) total += parts[w];
  return total;
}

/// A block takes an expert: counts what goes before its first row, then gives its assignments their rows in the order of the
/// tokens.
__global__ void __launch_bounds__(kSortThreads) sortAssignmentsKernel(AssignmentTask task, Assignments made) {
  __shared__ std::int64_t parts[kSortThreads / 32];
  const int own = static_cast<int>(blockIdx.x), lane = static_cast<int>(threadIdx.x % 32),
            warp = static_cast<int>(threadIdx.x / 32);
  const std::int64_t count = task.tokens * task.slots;
  std::int64_t before = 0, here = 0;
  for (std::int64_t i = threadIdx.x; i < count; i += kSortThreads) {
    const int e = expertOfAssignment(task, i);
    before += e >= 0 && e < own;
    here += e == own;
  }
  std::int64_t next = blockSum(before, parts);
  const std::int64_t end = next + blockSum(here, parts);
  if (threadIdx.x == 0) {
    made.starts[own] = next;
    if (own == task.experts - 1) made.starts[own + 1] = end;
  }
  for (std::int64_t from = 0; from < count; from += kSortThreads) {
    const std::int64_t i = from + threadIdx.x;
    const bool mine = i < count && expertOfAssignment(task, i) == own;
    const unsigned inWarp = __ballot_sync(0xffffffffu, mine);
    __syncthreads();
    if (lane == 0) parts[warp] = __popc(inWarp);
    __syncthreads();
    std::int64_t at = next;
    for (int w = 0; w < kSortThreads / 32; ++w) {
      if (w < warp) at += parts[w];
      next += parts[w];
    }
    at += __popc(inWarp & ((1u << lane) - 1u));
    if (mine) {
      made.place[i] = at;
      made.rows[at] = i / task.slots;
      made.order[at] = i;
    } else if (i < count && !task.chosen && i % task.slots == own) {
      made.place[i] = -1;  // its gate is 0
    }
  }
}

void sortAssignments(const AssignmentTask& task, const Assignments& made) {
  sortAssignmentsKernel<<<static_cast<unsigned>(task.experts), kSortThreads>>>(task, made);
  require(cudaGetLastError(), "sorting assignments");
}

__global__ void gatherRowsKernel(GroupedTask task, const float* tokens, const std::int64_t* rows, int width, float* out) {
  const std::int64_t entries = task.starts[task.experts] * width;
  for (std::int64_t i = threadIndex(); i < entries; i += threadCount()) out[i] = tokens[rows[i / width] * width + i % width];
}

void gatherRows(const GroupedTask& task, const float* tokens, const std::int64_t* rows, int width, float* out) {
  gatherRowsKernel<<<blocksFor(task.rows * width, kBlock), kBlock>>>(task, tokens, rows, width, out);
  require(cudaGetLastError(), "gathering rows");
}

__global__ void combineRowsKernel(const float* sorted, const float* weights, const std::int64_t* place, std::int64_t tokens,
                                  int slots, int width, float* out) {
  for (std::int64_t i = threadIndex(); i < tokens * width; i += threadCount()) {
    const std::int64_t t = i / width;
    out[i] =
        combinedOf(sorted, weights ? weights + t * slots : nullptr, place + t * slots, slots, width, static_cast<int>(i % width));
  }
}

void combineRows(const float* sorted, const float* weights, const std::int64_t* place, std::int64_t tokens, int slots, int width,
                 float* out) {
  combineRowsKernel<<<blocksFor(tokens * width, kBlock), kBlock>>>(sorted, weights, place, tokens, slots, width, out);
  require(cudaGetLastError(), "combining rows");
}

__global__ void swigluKernel(GroupedTask task, const float* both, int hidden, float* active) {
  const std::int64_t entries = task.starts[task.experts] * hidden;
  for (std::int64_t i = threadIndex(); i < entries; i += threadCount()) {
    const std::int64_t gate = i + i / hidden * hidden;
    active[i] = swigluOf(both[gate], both[gate + hidden]);
  }
}

void swiglu(const GroupedTask& task, const float* both, int hidden, float* active) {
  swigluKernel<<<blocksFor(task.rows * hidden, kBlock), kBlock>>>(task, both, hidden, active);
  require(cudaGetLastError(), "SwiGLU");
}

__global__ void swigluGradientKernel(GroupedTask task, const float* both, const float* activeGradient, int hidden,
                                     float* bothGradient) {
  const std::int64_t entries = task.starts[task.experts] * hidden;
  for (std::int64_t i = threadIndex(); i < entries; i += threadCount()) {
    const std::int64_t gate = i + i / hidden * hidden;
    const SwigluSlopes slopes = swigluSlopes(both[gate], both[gate + hidden], activeGradient[i]);
    bothGradient[gate] = slopes.gate;
    bothGradient[gate + hidden] = slopes.up;
  }
}

void swigluGradient(const GroupedTask& task, const float* both, const float* activeGradient, int hidden, float* bothGradient) {
  swigluGradientKernel<<<blocksFor(task.rows * hidden, kBlock), kBlock>>>(task, both, activeGradient, hidden, bothGradient);
  require(cudaGetLastError(), "SwiGLU's gradient");
}

/// A warp takes a row.
__global__ void gateRowsKernel(GroupedTask task, const float* upstream, const float* result, const float* gates,
                               const std::int64_t* rows, const std::int64_t* order, int width, float* resultGradient,
                               float* gateGradient) {
  const std::int64_t used = task.starts[task.experts];
  for (std::int64_t r = threadIndex() / 32; r < used; r += threadCount() / 32) {
    const float slope =
        gateRow(Warp(), upstream + rows[r] * width, result + r * width, gates[order[r]], width, resultGradient + r * width);
    if (threadIdx.x % 32 == 0) gateGradient[order[r]] = slope;
  }
}

void gateRows(const GroupedTask& task, const float* upstream, const float* result, const float* gates, const std::int64_t* rows,
              const std::int64_t* order, int width, float* resultGradient, float* gateGradient) {
  gateRowsKernel<<<blocksFor(task.rows, kWarps), kBlock>>>(task, upstream, result, gates, rows, order, width, resultGradient,
                                                           gateGradient);
  require(cudaGetLastError(), "gated rows");
}

// Products in tiles of kTileRows x kTileColumns entries: 256 threads, each kEachRow x kEachColumn of them, the depth in steps of
// kDepth through shared memory.
constexpr int kDepth = 16, kEachRow = 8, kEachColumn = 4, kAcross = kTileColumns / kEachColumn;
static_assert(kTileRows / kEachRow * kAcross == kBlock);

struct Tiles {
  float left[kDepth][kTileRows + 4],
      right[kDepth][kTileColumns + 4];  // padded: fewer bank conflicts, and rows stay aligned for four at once
};

using TileSums = float[kEachRow][kEachColumn];

__device__ void multiplyStep(const Tiles& tiles, TileSums& sum) {
  const int row = threadIdx.x / kAcross * kEachRow, column = threadIdx.x % kAcross * kEachColumn;
#pragma unroll
  for (int k = 0; k < kDepth; ++k) {
    const float4 a = *reinterpret_cast<const float4*>(&tiles.left[k][row]),
                 b = *reinterpret_cast<const float4*>(&tiles.left[k][row + 4]);
    const float4 c = *reinterpret_cast<const float4*>(&tiles.right[k][column]);
    const float x[kEachRow] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w}, y[kEachColumn] = {c.x, c.y, c.z, c.w};
#pragma unroll
    for (int i = 0; i < kEachRow; ++i)
#pragma unroll
      for (int j = 0; j < kEachColumn; ++j) sum[i][j] += x[i] * y[j];
  }
}

/// What a thread carries from global memory to a tile of `wide` entries by kDepth while the step before is computed: the entry i
/// at depth k lies at from[i * entryStep + k * depthStep], one of the two steps being 1, and is 0 outside of `entries` and
/// `depth`.
template <int wide>
struct Carried {
  static constexpr int kCount = wide * kDepth / kBlock;
  float values[kCount];

  /// Neighbouring threads read what lies side by side.
  static __device__ int entryOf(int n, bool alongDepth) {
    const int at = n * kBlock + threadIdx.x;
    return alongDepth ? at / kDepth : at % wide;
  }
  static __device__ int depthOf(int n, bool alongDepth) {
    const int at = n * kBlock + threadIdx.x;
    return alongDepth ? at % kDepth : at / wide;
  }

  __device__ void fetch(const float* from, std::int64_t entryStep, std::int64_t depthStep, std::int64_t entries,
                        std::int64_t depth) {
#pragma unroll
    for (int n = 0; n < kCount; ++n) {
      const int i = entryOf(n, depthStep == 1), k = depthOf(n, depthStep == 1);
      values[n] = i < entries && k < depth ? from[i * entryStep + k * depthStep] : 0.0f;
    }
  }
  __device__ void put(float (*tile)[wide + 4], bool alongDepth) const {
#pragma unroll
    for (int n = 0; n < kCount; ++n) tile[depthOf(n, alongDepth)][entryOf(n, alongDepth)] = values[n];
  }
};

/// What one side of a product reads: see Carried.
struct Side {
  const float* from;
  std::int64_t entryStep, depthStep, entries;
};

/// sum += left' right over the depth.
__device__ void multiplyTiles(Tiles& tiles, const Side& left, const Side& right, std::int64_t depth, TileSums& sum) {
  Carried<kTileRows> rows;
  Carried<kTileColumns> columns;
  rows.fetch(left.from, left.entryStep, left.depthStep, left.entries, depth);
  columns.fetch(right.from, right.entryStep, right.depthStep, right.entries, depth);
  for (std::int64_t k = 0; k < depth; k += kDepth) {
    rows.put(tiles.left, left.depthStep == 1);
    columns.put(tiles.right, right.depthStep == 1);
    __syncthreads();
    const std::int64_t next = k + kDepth;
    if (next < depth) {
      rows.fetch(left.from + next * left.depthStep, left.entryStep, left.depthStep, left.entries, depth - next);
      columns.fetch(right.from + next * right.depthStep, right.entryStep, right.depthStep, right.entries, depth - next);
    }
    multiplyStep(tiles, sum);
    __syncthreads();
  }
}

__device__ void storeTile(const TileSums& sum, float* to, std::int64_t step, std::int64_t rows, std::int64_t columns) {
  const int row = threadIdx.x / kAcross * kEachRow, column = threadIdx.x % kAcross * kEachColumn;
  for (int i = 0; i < kEachRow; ++i)
    for (int j = 0; j < kEachColumn; ++j)
      if (row + i < rows && column + j < columns) to[(row + i) * step + column + j] = sum[i][j];
}

__global__ void __launch_bounds__(kBlock) groupedProductKernel(GroupedTask task, const float* in, const float* weights,
                                                               bool transposed, int inner, int columns, float* out) {
  __shared__ Tiles tiles;
  __shared__ RowTile shared;
  if (threadIdx.x == 0) shared = rowTile(task.starts, task.experts, blockIdx.x);
  __syncthreads();
  const RowTile rows = shared;
  if (rows.expert < 0) return;
  const int first = static_cast<int>(blockIdx.y) * kTileColumns, width = min(kTileColumns, columns - first);
  const float* weight = weights + static_cast<std::int64_t>(rows.expert) * inner * columns;
  TileSums sum = {};
  const Side left{in + rows.first * inner, inner, 1, rows.end - rows.first};
  const Side right = transposed ? Side{weight + static_cast<std::int64_t>(first) * inner, inner, 1, width}
                                : Side{weight + first, 1, columns, width};
  multiplyTiles(tiles, left, right, inner, sum);
  storeTile(sum, out + rows.first * columns + first, columns, rows.end - rows.first, width);
}

void groupedProduct(const GroupedTask& task, const float* in, const float* weights, bool transposed, int inner, int columns,
                    float* out) {
  const dim3 grid(static_cast<unsigned>(mostRowTiles(task.rows, task.experts)),
                  static_cast<unsigned>((columns + kTileColumns - 1) / kTileColumns));
  groupedProductKernel<<<grid, kBlock>>>(task, in, weights, transposed, inner, columns, out);
  require(cudaGetLastError(), "grouped product");
}

__global__ void __launch_bounds__(kBlock)
    groupedOuterKernel(GroupedTask task, const float* left, const float* right, int leftColumns, int rightColumns, float* out) {
  __shared__ Tiles tiles;
  const int expert = static_cast<int>(blockIdx.z), row = static_cast<int>(blockIdx.x) * kTileRows,
            column = static_cast<int>(blockIdx.y) * kTileColumns;
  const std::int64_t end = task.starts[expert + 1];
  const int height = min(kTileRows, leftColumns - row), width = min(kTileColumns, rightColumns - column);
  TileSums sum = {};
  const std::int64_t start = task.starts[expert];
  multiplyTiles(tiles, {left + start * leftColumns + row, 1, leftColumns, height},
                {right + start * rightColumns + column, 1, rightColumns, width}, end - start, sum);
  storeTile(sum, out + (static_cast<std::int64_t>(expert) * leftColumns + row) * rightColumns + column, rightColumns, height,
            width);
}

void groupedOuter(const GroupedTask& task, const float* left, const float* right, int leftColumns, int rightColumns, float* out) {
  const auto tiles = [](int count, int size) { return static_cast<unsigned>((count + size - 1) / size); };
  groupedOuterKernel<<<
      dim3(tiles(leftColumns, kTileRows), tiles(rightColumns, kTileColumns), static_cast<unsigned>(task.experts)), kBlock>>>(
      task, left, right, leftColumns, rightColumns, out);
  require(cudaGetLastError(), "grouped outer product");
}

const GpuKernels kKernels = {"cuda",
                             evaluate,
                             pairAngles,
                             weightedSquares,
                             weightedSquaresGradient,
                             binghamNormaliser,
                             vonMisesFisherNormaliser,
                             orthonormalise,
                             sortAssignments,
                             gatherRows,
                             combineRows,
                             swiglu,
                             swigluGradient,
                             gateRows,
                             groupedProduct,
                             groupedOuter};

/// Whether the kernels run on this machine, and a line that says so.
struct Usable {
  bool usable = false;
  std::string line;
};

__global__ void nothing() {}

Usable lookForGpu() {
  int devices = 0;
  const cudaError_t found = cudaGetDeviceCount(&devices);
  if (found != cudaSuccess || devices == 0) {
    cudaGetLastError();  // not to be taken for a later call's
    return {false, std::string("built, not used: no usable NVIDIA GPU (") +
                       (found == cudaSuccess ? "none is there" : cudaGetErrorString(found)) + ")"};
  }
  cudaDeviceProp card{};
  cudaGetDeviceProperties(&card, 0);
  const std::string name =
      std::string(card.name) + ", compute capability " + std::to_string(card.major) + "." + std::to_string(card.minor);
  nothing<<<1, 1>>>();  // a driver too old for this build, or a card older than its code, shows here
  const cudaError_t run = cudaGetLastError();
  const cudaError_t ended = run == cudaSuccess ? cudaDeviceSynchronize() : run;
  if (ended == cudaSuccess) return {true, "used, on " + name};
  cudaGetLastError();
  return {false, "built, not used: they do not run on " + name + " (" + cudaGetErrorString(ended) + ")"};
}

const Usable& usable() {
  static const Usable found = lookForGpu();
  return found;
}

}  // namespace

const GpuKernels* gpuKernels() { return usable().usable ? &kKernels : nullptr; }
std::string gpuKernelReport() { return usable().line; }

GpuMemory::GpuMemory(std::size_t bytes) {
  const cudaError_t code = cudaMalloc(&data_, std::max<std::size_t>(1, bytes));
  if (code == cudaSuccess) return;
  cudaGetLastError();
  throw std::runtime_error("GPU: no " + std::to_string(bytes >> 20) + " MiB of memory left (" + cudaGetErrorString(code) + ")");
}

GpuMemory::~GpuMemory() { cudaFree(data_); }
void GpuMemory::upload(const void* from, std::size_t bytes) {
  require(cudaMemcpy(data_, from, bytes, cudaMemcpyHostToDevice), "upload");
}
void GpuMemory::download(void* to, std::size_t bytes) const {
  require(cudaMemcpy(to, data_, bytes, cudaMemcpyDeviceToHost), "download");
}

}  // namespace moescope
