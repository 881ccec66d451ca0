#pragma once
// The experts' arithmetic on assignments sorted by expert, and which rows are whose. For CPU and GPU; products on the GPU are
// made in tiles (kernels.cu), whose sums run over the depth in the same order.

#include <cmath>
#include <cstdint>

#include "core/cuda/gpu_kernels.h"
#include "core/cuda/team.h"

namespace moescope {

inline constexpr int kTileRows = 128, kTileColumns = 64;  ///< that a GPU block makes

/// Rows [first, end) of one expert, at most kTileRows of them; expert -1: there is no such tile.
struct RowTile {
  int expert;
  std::int64_t first, end;
};

/// Tile `index` when every expert's rows are cut into tiles of their own. There are at most rows / kTileRows + experts.
MOESCOPE_BOTH RowTile rowTile(const std::int64_t* starts, int experts, std::int64_t index) {
  for (int e = 0; e < experts; ++e) {
    const std::int64_t rows = starts[e + 1] - starts[e], tiles = (rows + kTileRows - 1) / kTileRows;
    if (index < tiles) {
      const std::int64_t first = starts[e] + index * kTileRows, end = first + kTileRows;
      return {e, first, end < starts[e + 1] ? end : starts[e + 1]};
    }
    index -= tiles;
  }
  return {-1, 0, 0};
}

MOESCOPE_BOTH std::int64_t mostRowTiles(std::int64_t rows, int experts) { return rows / kTileRows + experts; }

/// sum over k < depth of left[k * leftStep] * right[k * rightStep].
MOESCOPE_BOTH float productEntry(const float* left, std::int64_t leftStep, const float* right, std::int64_t rightStep,
                                 std::int64_t depth) {
  float sum = 0.0f;
  for (std::int64_t k = 0; k < depth; ++k) sum += left[k * leftStep] * right[k * rightStep];
  return sum;
}

MOESCOPE_BOTH float sigmoidOf(float x) { return 1.0f / (1.0f + std::exp(-x)); }

MOESCOPE_BOTH float swigluOf(float gate, float up) { return gate * sigmoidOf(gate) * up; }

/// Gradients of swigluOf() by its two arguments.
struct SwigluSlopes {
  float gate, up;
};
MOESCOPE_BOTH SwigluSlopes swigluSlopes(float gate, float up, float upstream) {
  const float s = sigmoidOf(gate);
  return {upstream * up * s * (1.0f + gate * (1.0f - s)), upstream * gate * s};
}

/// One number of a token's sum over its slots.
MOESCOPE_BOTH float combinedOf(const float* sorted, const float* weights, const std::int64_t* place, int slots, int width,
                               int column) {
  float sum = 0.0f;
  for (int slot = 0; slot < slots; ++slot)
    if (place[slot] >= 0) sum += (weights ? weights[slot] : 1.0f) * sorted[place[slot] * width + column];
  return sum;
}

/// One row of what comes back; returns the gate's gradient.
template <typename Team>
MOESCOPE_BOTH float gateRow(const Team& team, const float* upstream, const float* result, float gate, int width,
                            float* resultGradient) {
  float inner = 0.0f;
  for (int c = team.lane(); c < width; c += team.lanes()) {
    inner += upstream[c] * result[c];
    resultGradient[c] = upstream[c] * gate;
  }
  return team.sum(inner);
}

/// Expert of assignment i, or -1: not made.
MOESCOPE_BOTH int expertOfAssignment(const AssignmentTask& task, std::int64_t i) {
  if (task.chosen) return static_cast<int>(task.chosen[i]);
  return task.gates[i] > 0.0f ? static_cast<int>(i % task.slots) : -1;
}

}  // namespace moescope
