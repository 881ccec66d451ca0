#pragma once
// What routers of distributions on the sphere compute once a step: scores, normalisers, orthonormal frames. For CPU and GPU.

#include <cmath>
#include <cstdint>

#include "core/cuda/gpu_kernels.h"
#include "core/cuda/team.h"

namespace moescope {

/// s[t, e] of GrMoE: sum over j < rank of weights[j] * products[j]^2, both of expert e.
MOESCOPE_BOTH float weightedSquaresOf(const float* products, const float* weights, int rank) {
  float sum = 0.0f;
  for (int j = 0; j < rank; ++j) sum += weights[j] * products[j] * products[j];
  return sum;
}

MOESCOPE_BOTH float weightedSquareSlope(float product, float weight, float upstream) {
  return 2.0f * upstream * weight * product;
}

/// Gradient of weight (e, j): sum over tokens of the upstream gradient of (t, e) times the square of product (t, e, j).
template <typename Team>
MOESCOPE_BOTH double weightSlope(const Team& team, const float* products, const float* outGradient, std::int64_t tokens,
                                 int experts, int rank, int e, int j) {
  double sum = 0.0;
  for (std::int64_t t = team.lane(); t < tokens; t += team.lanes()) {
    const float product = products[(t * experts + e) * rank + j];
    sum += outGradient[t * experts + e] * product * product;
  }
  return team.sum(sum);
}

inline constexpr int kLargestNormaliserRank = 64;  ///< eigenvalues

/// log 1F1(1/2; d/2; Lambda) and its gradient, eigenvalues in [0, kLargestSeriesScale], else NaN: the series of positive terms of
/// core/geometry/bingham.cpp, whose sum stays below the largest double there and needs no scaling.
MOESCOPE_BOTH void binghamOf(const float* spectrum, int rank, int dimension, float* value, float* gradient) {
  double scale = 0.0;
  bool valid = true;
  for (int j = 0; j < rank; ++j) {
    valid = valid && spectrum[j] >= 0.0f && spectrum[j] <= kLargestSeriesScale;
    scale = spectrum[j] > scale ? spectrum[j] : scale;
  }
  if (!valid) {
    *value = NAN;
    for (int j = 0; j < rank; ++j) gradient[j] = NAN;
    return;
  }
  if (scale < 1e-30) {
    *value = 0.0f;
    for (int j = 0; j < rank; ++j) gradient[j] = static_cast<float>(1.0 / dimension);
    return;
  }
  double q[kLargestNormaliserRank], slope[kLargestNormaliserRank];
  for (int j = 0; j < rank; ++j) q[j] = slope[j] = 0.0;
  const int terms = static_cast<int>(scale + 10.0 * std::sqrt(scale) + 60.0);
  double weight = 1.0, coefficient = 1.0, sum = 1.0;  // scale^m / (d/2)_m; p_m; the series
  for (int m = 1; m < terms; ++m) {
    weight *= scale / (0.5 * dimension + m - 1);
    double next = 0.0;
    for (int j = 0; j < rank; ++j) {
      const double x = spectrum[j] / scale;
      q[j] = x * q[j] + 0.5 * coefficient;
      next += x * q[j];
      slope[j] += weight * q[j];
    }
    coefficient = next / m;
    sum += weight * coefficient;
  }
  *value = static_cast<float>(std::log(sum));
  for (int j = 0; j < rank; ++j) gradient[j] = static_cast<float>(slope[j] / (sum * scale));
}

/// log 0F1(; d/2; kappa^2 / 4) and its derivative, kappa in [0, kLargestSeriesScale], else NaN.
MOESCOPE_BOTH void vonMisesFisherOf(double kappa, int dimension, float* value, float* slope) {
  if (!(kappa >= 0.0 && kappa <= kLargestSeriesScale)) {
    *value = *slope = NAN;
    return;
  }
  const double half = 0.5 * dimension, z = 0.25 * kappa * kappa;
  double term = 1.0, sum = 1.0, first = 0.0;  // z^m / (m! (half)_m), and m times that
  for (int m = 1; m < 20 + static_cast<int>(kappa + 12.0 * std::sqrt(kappa + 1.0)); ++m) {
    term *= z / (m * (half + m - 1.0));
    sum += term;
    first += m * term;
  }
  *value = static_cast<float>(std::log(sum));
  *slope = kappa > 0.0 ? static_cast<float>(2.0 * first / (sum * kappa)) : 0.0f;
}

/// Gram and Schmidt's, modified, twice: as orthonormal as floats can be, the columns' spans kept first to last. frame: d x r.
template <typename Team>
MOESCOPE_BOTH void orthonormaliseFrame(const Team& team, float* frame, int dimension, int rank) {
  for (int j = 0; j < rank; ++j) {
    for (int round = 0; round < 2; ++round)
      for (int i = 0; i < j; ++i) {
        double inner = 0.0;
        for (int row = team.lane(); row < dimension; row += team.lanes())
          inner += static_cast<double>(frame[row * rank + i]) * frame[row * rank + j];
        inner = team.sum(inner);
        for (int row = team.lane(); row < dimension; row += team.lanes())
          frame[row * rank + j] -= static_cast<float>(inner) * frame[row * rank + i];
      }
    double squares = 0.0;
    for (int row = team.lane(); row < dimension; row += team.lanes())
      squares += static_cast<double>(frame[row * rank + j]) * frame[row * rank + j];
    const float inverse = static_cast<float>(1.0 / std::sqrt(team.sum(squares)));
    for (int row = team.lane(); row < dimension; row += team.lanes()) frame[row * rank + j] *= inverse;
  }
}

}  // namespace moescope
