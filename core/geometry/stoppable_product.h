#pragma once
// Products of large matrices that a wish to stop reaches: an expert of 350 MB against 256 tokens takes seconds in one piece.

#include <Eigen/Core>
#include <algorithm>
#include <iterator>

#include "core/geometry/stop_scope.h"

namespace moescope {

/// Multiplications between two calls of stopIfWanted(): some 10 ms of one core.
inline constexpr Eigen::Index kProductsAtOnce = Eigen::Index{1} << 27;

/// into = left right, for left of m x k and right of k x n; throws as stopIfWanted(). A product that is larger than
/// kProductsAtOnce is added up from parts; a smaller one is Eigen's own. `into` is no part of either.
template <typename Left, typename Right, typename Into>
void multiplyInPieces(const Left& left, const Right& right, Into& into) {
  stopIfWanted();
  const Eigen::Index sides[] = {left.rows(), right.cols(), left.cols()};
  Eigen::Index piece[] = {sides[0], sides[1], sides[2]};
  while (piece[0] * piece[1] * piece[2] > kProductsAtOnce) {
    Eigen::Index& longest = *std::max_element(std::begin(piece), std::end(piece));
    longest = (longest + 1) / 2;
  }
  if (piece[0] == sides[0] && piece[1] == sides[1] && piece[2] == sides[2]) {
    into.noalias() = left * right;
    return;
  }
  into.setZero(sides[0], sides[1]);
  for (Eigen::Index r = 0; r < sides[0]; r += piece[0])
    for (Eigen::Index c = 0; c < sides[1]; c += piece[1])
      for (Eigen::Index k = 0; k < sides[2]; k += piece[2]) {
        stopIfWanted();
        const Eigen::Index rows = std::min(piece[0], sides[0] - r), columns = std::min(piece[1], sides[1] - c),
                           depth = std::min(piece[2], sides[2] - k);
        into.block(r, c, rows, columns).noalias() += left.block(r, k, rows, depth) * right.block(k, c, depth, columns);
      }
}

/// The same as a matrix of its own.
template <typename Result, typename Left, typename Right>
Result productInPieces(const Left& left, const Right& right) {
  Result result;
  multiplyInPieces(left, right, result);
  return result;
}

}  // namespace moescope
