#pragma once
// Which rows belong to which expert, and one entry of a product by expert. The GPU works on tiles of entries (kernels.cu), whose
// sums run over the depth in the same order.

#include <cstdint>

#include "core/metrics/both.h"

namespace moescope {

inline constexpr int kTile = 64;  ///< rows and columns that a GPU block makes

/// Rows [first, end) of one expert, at most kTile of them; expert -1: there is no such tile.
struct RowTile {
  int expert;
  std::int64_t first, end;
};

/// Tile `index` when every expert's rows are cut into tiles of their own. There are at most rows / kTile + experts.
MOESCOPE_BOTH RowTile rowTile(const std::int64_t* starts, int experts, std::int64_t index) {
  for (int e = 0; e < experts; ++e) {
    const std::int64_t rows = starts[e + 1] - starts[e], tiles = (rows + kTile - 1) / kTile;
    if (index < tiles) {
      const std::int64_t first = starts[e] + index * kTile, end = first + kTile;
      return {e, first, end < starts[e + 1] ? end : starts[e + 1]};
    }
    index -= tiles;
  }
  return {-1, 0, 0};
}

MOESCOPE_BOTH std::int64_t mostRowTiles(std::int64_t rows, int experts) { return rows / kTile + experts; }

/// sum over k < depth of left[k * leftStep] * right[k * rightStep].
MOESCOPE_BOTH float productEntry(const float* left, std::int64_t leftStep, const float* right, std::int64_t rightStep, std::int64_t depth) {
  float sum = 0.0f;
  for (std::int64_t k = 0; k < depth; ++k) sum += left[k * leftStep] * right[k * rightStep];
  return sum;
}

}  // namespace moescope
