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

/// Cosine and sine of the rotation that makes two columns orthogonal; lengths squared a and b, inner product c. Golub and Van
/// Loan, 8.5.
struct Rotation {
  double cosine, sine;
};

MOESCOPE_BOTH Rotation rotationOf(double a, double b, double c) {
  const double zeta = (b - a) / (2.0 * c);
  const double tangent = (zeta >= 0.0 ? 1.0 : -1.0) / (std::fabs(zeta) + std::sqrt(1.0 + zeta * zeta));
  const double cosine = 1.0 / std::sqrt(1.0 + tangent * tangent);
  return {cosine, cosine * tangent};
}

inline constexpr int kJacobiSweeps = 30;  // six are enough for well separated values
inline constexpr double kJacobiLimit = 1e-15;
inline constexpr int kPairColumn = kLargestPairRank;                 // numbers from one column to the next
inline constexpr int kPairScratch = 3 * kPairColumn * kPairColumn;  ///< doubles that a team's lanes share

template <typename Team>
MOESCOPE_BOTH void rotateColumns(const Team& team, double* matrix, int rank, int i, int j, const Rotation& turn) {
  for (int row = team.lane(); row < rank; row += team.lanes()) {
    double &x = matrix[i * kPairColumn + row], &y = matrix[j * kPairColumn + row];
    const double had = x;
    x = turn.cosine * had - turn.sine * y;
    y = turn.sine * had + turn.cosine * y;
  }
}

/// Turns m into m v with orthogonal columns, and v with it.
template <typename Team>
MOESCOPE_BOTH void orthogonaliseColumns(const Team& team, double* m, double* v, int rank) {
  for (int sweep = 0; sweep < kJacobiSweeps; ++sweep) {
    bool turned = false;
    for (int i = 0; i < rank; ++i)
      for (int j = i + 1; j < rank; ++j) {
        double a = 0.0, b = 0.0, c = 0.0;
        for (int row = team.lane(); row < rank; row += team.lanes()) {
          const double x = m[i * kPairColumn + row], y = m[j * kPairColumn + row];
          a += x * x;
          b += y * y;
          c += x * y;
        }
        a = team.sum(a);
        b = team.sum(b);
        c = team.sum(c);
        if (std::fabs(c) <= kJacobiLimit * std::sqrt(a * b) || c == 0.0) continue;
        turned = true;
        const Rotation turn = rotationOf(a, b, c);
        rotateColumns(team, m, rank, i, j, turn);
        rotateColumns(team, v, rank, i, j, turn);
        team.wait();
      }
    if (!turned) return;
  }
}

/// Makes a symmetric positive semidefinite g diagonal.
template <typename Team>
MOESCOPE_BOTH void diagonalise(const Team& team, double* g, int rank) {
  const auto at = [&](int i, int j) -> double& { return g[j * kPairColumn + i]; };
  for (int sweep = 0; sweep < kJacobiSweeps; ++sweep) {
    bool turned = false;
    for (int i = 0; i < rank; ++i)
      for (int j = i + 1; j < rank; ++j) {
        const double c = at(i, j), first = at(i, i), second = at(j, j);
        if (std::fabs(c) <= kJacobiLimit * std::sqrt(std::fabs(first * second)) || c == 0.0) continue;
        turned = true;
        const Rotation turn = rotationOf(first, second, c);
        team.wait();  // until every lane has read
        for (int row = team.lane(); row < rank; row += team.lanes()) {
          if (row == i || row == j) continue;
          const double x = at(row, i), y = at(row, j);
          at(row, i) = at(i, row) = turn.cosine * x - turn.sine * y;
          at(row, j) = at(j, row) = turn.sine * x + turn.cosine * y;
        }
        if (team.lane() == 0) {
          at(i, i) = first - turn.sine / turn.cosine * c;
          at(j, j) = second + turn.sine / turn.cosine * c;
          at(i, j) = at(j, i) = 0.0;
        }
        team.wait();
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

/// Angles, rising, of the spans of `a` and `b` (dimension x rank, column by column). Lane 0 writes them. `scratch`: kPairScratch
/// doubles that all lanes see.
template <typename Team>
MOESCOPE_BOTH void pairAnglesOf(const Team& team, const double* a, const double* b, int dimension, int rank, double* scratch,
                                double* angles) {
  double *m = scratch, *v = m + kPairColumn * kPairColumn, *g = v + kPairColumn * kPairColumn;
  for (int j = 0; j < rank; ++j)
    for (int i = 0; i < rank; ++i) {
      double sum = 0.0;
      for (int row = team.lane(); row < dimension; row += team.lanes()) sum += a[i * dimension + row] * b[j * dimension + row];
      sum = team.sum(sum);
      if (team.lane() != 0) continue;
      m[j * kPairColumn + i] = sum;
      v[j * kPairColumn + i] = i == j ? 1.0 : 0.0;
    }
  team.wait();
  orthogonaliseColumns(team, m, v, rank);
  double products[kPairColumn * (kPairColumn + 1) / 2] = {};  // of this lane's rows of the residual
  for (int row = team.lane(); row < dimension; row += team.lanes()) {
    double residual[kPairColumn];
    for (int j = 0, at = 0; j < rank; ++j) {
      double sum = 0.0;
      for (int k = 0; k < rank; ++k)
        sum += b[k * dimension + row] * v[j * kPairColumn + k] - a[k * dimension + row] * m[j * kPairColumn + k];
      residual[j] = sum;
      for (int i = 0; i <= j; ++i, ++at) products[at] += residual[i] * sum;
    }
  }
  for (int j = 0, at = 0; j < rank; ++j)
    for (int i = 0; i <= j; ++i, ++at) {
      const double sum = team.sum(products[at]);
      if (team.lane() == 0) g[i * kPairColumn + j] = g[j * kPairColumn + i] = sum;
    }
  team.wait();
  diagonalise(team, g, rank);
  double cosines[kPairColumn], sines[kPairColumn];
  for (int j = 0; j < rank; ++j) {
    double squares = 0.0;
    for (int i = 0; i < rank; ++i) squares += m[j * kPairColumn + i] * m[j * kPairColumn + i];
    cosines[j] = -std::sqrt(squares);  // so that the largest comes first
    const double square = g[j * kPairColumn + j];
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
