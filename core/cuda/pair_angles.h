#pragma once
// Principal angles of one pair of subspaces of equal rank. For CPU and GPU.
//
// With M = A'B and one-sided Jacobi rotations V such that the columns of M V = W are orthogonal, the cosines are the lengths of
// W's columns (Bjorck and Golub 1973). A cosine near 1 says little about a small angle: its sine is a singular value of the
// residual B V - A W, whose columns are formed one row at a time and then made orthogonal by Jacobi rotations of their Gram
// matrix, which keep the small ones' digits since the columns are nearly orthogonal already (Demmel and Veselic 1992).

#include <cmath>

#include "core/cuda/gpu_kernels.h"
#include "core/cuda/team.h"

namespace moescope {

inline constexpr double kAngleFromSineAbove = 0.95;  // cosine: below it, acos widens the cosine's rounding threefold at most

/// Cosine and sine of the rotation that makes two columns orthogonal; lengths squared a and b, inner product c. Golub and Van Loan, 8.5.
struct Rotation {
  double cosine, sine;
};

MOESCOPE_BOTH Rotation rotationOf(double a, double b, double c) {
  const double zeta = (b - a) / (2.0 * c);
  const double tangent = (zeta >= 0.0 ? 1.0 : -1.0) / (std::fabs(zeta) + std::sqrt(1.0 + zeta * zeta));
  const double cosine = 1.0 / std::sqrt(1.0 + tangent * tangent);
  return {cosine, cosine * tangent};
}

MOESCOPE_BOTH void rotateColumns(double* matrix, int rank, int i, int j, const Rotation& turn) {
  for (int row = 0; row < rank; ++row) {
    double &x = matrix[i * kLargestPairRank + row], &y = matrix[j * kLargestPairRank + row];
    const double had = x;
    x = turn.cosine * had - turn.sine * y;
    y = turn.sine * had + turn.cosine * y;
  }
}

inline constexpr int kJacobiSweeps = 30;  // six are enough for well separated values
inline constexpr double kJacobiLimit = 1e-15;

/// Turns m (columns of kLargestPairRank numbers) into m v with orthogonal columns, and v with it.
MOESCOPE_BOTH void orthogonaliseColumns(double* m, double* v, int rank) {
  for (int sweep = 0; sweep < kJacobiSweeps; ++sweep) {
    bool turned = false;
    for (int i = 0; i < rank; ++i)
      for (int j = i + 1; j < rank; ++j) {
        double a = 0.0, b = 0.0, c = 0.0;
        for (int row = 0; row < rank; ++row) {
          const double x = m[i * kLargestPairRank + row], y = m[j * kLargestPairRank + row];
          a += x * x;
          b += y * y;
          c += x * y;
        }
        if (std::fabs(c) <= kJacobiLimit * std::sqrt(a * b) || c == 0.0) continue;
        turned = true;
        const Rotation turn = rotationOf(a, b, c);
        rotateColumns(m, rank, i, j, turn);
        rotateColumns(v, rank, i, j, turn);
      }
    if (!turned) return;
  }
}

/// Makes a symmetric positive semidefinite g diagonal.
MOESCOPE_BOTH void diagonalise(double* g, int rank) {
  const auto at = [&](int i, int j) -> double& { return g[j * kLargestPairRank + i]; };
  for (int sweep = 0; sweep < kJacobiSweeps; ++sweep) {
    bool turned = false;
    for (int i = 0; i < rank; ++i)
      for (int j = i + 1; j < rank; ++j) {
        const double c = at(i, j);
        if (std::fabs(c) <= kJacobiLimit * std::sqrt(std::fabs(at(i, i) * at(j, j))) || c == 0.0) continue;
        turned = true;
        const Rotation turn = rotationOf(at(i, i), at(j, j), c);
        const double t = turn.sine / turn.cosine, first = at(i, i), second = at(j, j);
        for (int row = 0; row < rank; ++row) {
          if (row == i || row == j) continue;
          const double x = at(row, i), y = at(row, j);
          at(row, i) = at(i, row) = turn.cosine * x - turn.sine * y;
          at(row, j) = at(j, row) = turn.sine * x + turn.cosine * y;
        }
        at(i, i) = first - t * c;
        at(j, j) = second + t * c;
        at(i, j) = at(j, i) = 0.0;
      }
    if (!turned) return;
  }
}

MOESCOPE_BOTH void sortRising(double* values, int count) {
  for (int i = 1; i < count; ++i)
    for (int j = i; j > 0 && values[j - 1] > values[j]; --j) {
      const double had = values[j];
      values[j] = values[j - 1];
      values[j - 1] = had;
    }
}

/// Angles, rising, of the spans of `a` and `b` (dimension x rank, column by column). Lane 0 writes them.
template <typename Team>
MOESCOPE_BOTH void pairAnglesOf(const Team& team, const double* a, const double* b, int dimension, int rank, double* angles) {
  double m[kLargestPairRank * kLargestPairRank], v[kLargestPairRank * kLargestPairRank], g[kLargestPairRank * kLargestPairRank];
  for (int j = 0; j < rank; ++j)
    for (int i = 0; i < rank; ++i) {
      double sum = 0.0;
      for (int row = team.lane(); row < dimension; row += team.lanes()) sum += a[i * dimension + row] * b[j * dimension + row];
      m[j * kLargestPairRank + i] = team.sum(sum);
      v[j * kLargestPairRank + i] = i == j ? 1.0 : 0.0;
      g[j * kLargestPairRank + i] = 0.0;
    }
  orthogonaliseColumns(m, v, rank);  // every lane the same
  for (int row = team.lane(); row < dimension; row += team.lanes()) {
    double residual[kLargestPairRank];
    for (int j = 0; j < rank; ++j) {
      double sum = 0.0;
      for (int k = 0; k < rank; ++k) sum += b[k * dimension + row] * v[j * kLargestPairRank + k] - a[k * dimension + row] * m[j * kLargestPairRank + k];
      residual[j] = sum;
      for (int i = 0; i <= j; ++i) g[j * kLargestPairRank + i] += residual[i] * sum;
    }
  }
  for (int j = 0; j < rank; ++j)
    for (int i = 0; i <= j; ++i) g[i * kLargestPairRank + j] = g[j * kLargestPairRank + i] = team.sum(g[j * kLargestPairRank + i]);
  diagonalise(g, rank);
  double cosines[kLargestPairRank], sines[kLargestPairRank];
  for (int j = 0; j < rank; ++j) {
    double squares = 0.0;
    for (int i = 0; i < rank; ++i) squares += m[j * kLargestPairRank + i] * m[j * kLargestPairRank + i];
    cosines[j] = -std::sqrt(squares);  // so that the largest comes first
    const double square = g[j * kLargestPairRank + j];
    sines[j] = square > 0.0 ? std::sqrt(square) : 0.0;
  }
  sortRising(cosines, rank);
  sortRising(sines, rank);
  if (team.lane() != 0) return;
  for (int i = 0; i < rank; ++i) {
    const double cosine = -cosines[i] < 1.0 ? -cosines[i] : 1.0, sine = sines[i] < 1.0 ? sines[i] : 1.0;
    angles[i] = cosine > kAngleFromSineAbove ? std::asin(sine) : std::acos(cosine);
  }
}

}  // namespace moescope
