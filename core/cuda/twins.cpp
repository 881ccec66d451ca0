// The kernels' arithmetic on the CPU, one lane at a time.

#include <algorithm>
#include <vector>

#include "core/cuda/evaluate_token.h"
#include "core/cuda/gpu_kernels.h"
#include "core/cuda/grouped_products.h"
#include "core/cuda/pair_angles.h"
#include "core/cuda/router_math.h"

namespace moescope {
namespace {

void evaluate(const EvaluateTask& given, const EvaluateResult& result) {
  EvaluateTask task = given;
  task.rule.k = std::clamp(task.rule.k, 1, task.experts);
  const auto experts = static_cast<std::size_t>(task.experts);
  std::vector<float> logits(experts), probabilities(experts), gates(experts);
  std::fill_n(result.load, experts, 0.0);
  std::fill_n(result.appliedLoad, experts, 0.0);
  std::fill_n(result.sums, kEvaluateSums, 0.0);
  for (std::int64_t t = 0; t < task.tokens; ++t) {
    const TokenReading reading =
        evaluateToken(OneLane(), task, task.scores + t * task.experts, logits.data(), probabilities.data(), gates.data());
    if (result.logits) std::copy(logits.begin(), logits.end(), result.logits + t * task.experts);
    if (result.probabilities) std::copy(probabilities.begin(), probabilities.end(), result.probabilities + t * task.experts);
    if (result.gates) std::copy(gates.begin(), gates.end(), result.gates + t * task.experts);
    result.entropy[t] = static_cast<float>(reading.entropy);
    result.appliedEntropy[t] = static_cast<float>(reading.appliedEntropy);
    for (std::size_t e = 0; e < experts; ++e) {
      result.load[e] += static_cast<double>(probabilities[e]);
      result.appliedLoad[e] += static_cast<double>(gates[e]);
    }
    const double sums[kEvaluateSums] = {reading.entropy,        std::exp(reading.entropy),
                                        reading.appliedEntropy, std::exp(reading.appliedEntropy),
                                        reading.lower,          reading.upper};
    for (int i = 0; i < kEvaluateSums; ++i) result.sums[i] += sums[i];
  }
}

void pairAngles(const double* bases, int count, int dimension, int rank, double* angles) {
  const std::int64_t size = static_cast<std::int64_t>(dimension) * rank;
  double scratch[kPairScratch];
  for (int i = 0; i < count; ++i)
    for (int j = i + 1; j < count; ++j, angles += rank)
      pairAnglesOf(OneLane(), bases + i * size, bases + j * size, dimension, rank, scratch, angles);
}

void weightedSquares(const float* products, const float* weights, std::int64_t tokens, int experts, int rank, float* out) {
  for (std::int64_t i = 0; i < tokens * experts; ++i)
    out[i] = weightedSquaresOf(products + i * rank, weights + i % experts * rank, rank);
}

void weightedSquaresGradient(const float* products, const float* weights, const float* outGradient, std::int64_t tokens,
                             int experts, int rank, float* productGradient, float* weightGradient) {
  const std::int64_t columns = static_cast<std::int64_t>(experts) * rank;
  for (std::int64_t i = 0; i < tokens * columns; ++i)
    productGradient[i] = weightedSquareSlope(products[i], weights[i % columns], outGradient[i / rank]);
  for (int e = 0; e < experts; ++e)
    for (int j = 0; j < rank; ++j)
      weightGradient[e * rank + j] =
          static_cast<float>(weightSlope(OneLane(), products, outGradient, tokens, experts, rank, e, j));
}

void binghamNormaliser(const float* spectra, int experts, int rank, int dimension, float* value, float* gradient) {
  for (int e = 0; e < experts; ++e) binghamOf(spectra + e * rank, rank, dimension, value + e, gradient + e * rank);
}

void vonMisesFisherNormaliser(const float* kappa, int experts, int dimension, float* value, float* slope) {
  for (int e = 0; e < experts; ++e) vonMisesFisherOf(kappa[e], dimension, value + e, slope + e);
}

void orthonormalise(float* frames, int experts, int dimension, int rank) {
  for (int e = 0; e < experts; ++e)
    orthonormaliseFrame(OneLane(), frames + static_cast<std::int64_t>(e) * dimension * rank, dimension, rank);
}

void sortAssignments(const AssignmentTask& task, const Assignments& made) {
  const std::int64_t count = task.tokens * task.slots;
  std::fill_n(made.starts, task.experts + 1, 0);
  for (std::int64_t i = 0; i < count; ++i)
    if (const int e = expertOfAssignment(task, i); e >= 0) ++made.starts[e + 1];
  for (int e = 0; e < task.experts; ++e) made.starts[e + 1] += made.starts[e];
  std::vector<std::int64_t> next(made.starts, made.starts + task.experts);
  for (std::int64_t i = 0; i < count; ++i) {
    const int e = expertOfAssignment(task, i);
    made.place[i] = e < 0 ? -1 : next[static_cast<std::size_t>(e)]++;
    if (e < 0) continue;
    made.rows[made.place[i]] = i / task.slots;
    made.order[made.place[i]] = i;
  }
}

void gatherRows(const GroupedTask& task, const float* tokens, const std::int64_t* rows, int width, float* out) {
  for (std::int64_t r = 0; r < task.starts[task.experts]; ++r) std::copy_n(tokens + rows[r] * width, width, out + r * width);
}

void combineRows(const float* sorted, const float* weights, const std::int64_t* place, std::int64_t tokens, int slots, int width,
                 float* out) {
  for (std::int64_t t = 0; t < tokens; ++t)
    for (int c = 0; c < width; ++c)
      out[t * width + c] = combinedOf(sorted, weights ? weights + t * slots : nullptr, place + t * slots, slots, width, c);
}

void swiglu(const GroupedTask& task, const float* both, int hidden, float* active) {
  for (std::int64_t r = 0; r < task.starts[task.experts]; ++r)
    for (int c = 0; c < hidden; ++c) active[r * hidden + c] = swigluOf(both[2 * r * hidden + c], both[(2 * r + 1) * hidden + c]);
}

void swigluGradient(const GroupedTask& task, const float* both, const float* activeGradient, int hidden, float* bothGradient) {
  for (std::int64_t r = 0; r < task.starts[task.experts]; ++r)
    for (int c = 0; c < hidden; ++c) {
      const std::int64_t gate = 2 * r * hidden + c, up = gate + hidden;
      const SwigluSlopes slopes = swigluSlopes(both[gate], both[up], activeGradient[r * hidden + c]);
      bothGradient[gate] = slopes.gate;
      bothGradient[up] = slopes.up;
    }
}

void gateRows(const GroupedTask& task, const float* upstream, const float* result, const float* gates, const std::int64_t* rows,
              const std::int64_t* order, int width, float* resultGradient, float* gateGradient) {
  for (std::int64_t r = 0; r < task.starts[task.experts]; ++r)
    gateGradient[order[r]] =
        gateRow(OneLane(), upstream + rows[r] * width, result + r * width, gates[order[r]], width, resultGradient + r * width);
}

void groupedProduct(const GroupedTask& task, const float* in, const float* weights, bool transposed, int inner, int columns,
                    float* out) {
  for (std::int64_t index = 0; index < mostRowTiles(task.rows, task.experts); ++index) {
    const RowTile tile = rowTile(task.starts, task.experts, index);
    if (tile.expert < 0) return;
    const float* weight = weights + static_cast<std::int64_t>(tile.expert) * inner * columns;
    for (std::int64_t row = tile.first; row < tile.end; ++row)
      for (int c = 0; c < columns; ++c)
        out[row * columns + c] =
            productEntry(in + row * inner, 1, transposed ? weight + static_cast<std::int64_t>(c) * inner : weight + c,
                         transposed ? 1 : columns, inner);
  }
}

void groupedOuter(const GroupedTask& task, const float* left, const float* right, int leftColumns, int rightColumns, float* out) {
  for (int e = 0; e < task.experts; ++e)
    for (int i = 0; i < leftColumns; ++i)
      for (int j = 0; j < rightColumns; ++j, ++out)
        *out = productEntry(left + task.starts[e] * leftColumns + i, leftColumns, right + task.starts[e] * rightColumns + j,
                            rightColumns, task.starts[e + 1] - task.starts[e]);
}

}  // namespace

const GpuKernels& gpuKernelTwins() {
  static const GpuKernels twins = {"twin",
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
  return twins;
}

}  // namespace moescope
