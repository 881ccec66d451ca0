#include "core/experiments/statistics.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace moescope {
namespace {

/// P(|T| <= t) for whole degrees of freedom, by the finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4.
double centralProbability(double t, int degrees) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees))), sine = std::sin(angle), cosine = std::cos(angle);
  double term = 1.0, sum = 0.0;
  if (degrees % 2 == 0) {
    for (int i = 0; i < degrees / 2; ++i) {
      sum += term;
      term *= cosine * cosine * (2 * i + 1) / (2 * i + 2);
    }
    return sine * sum;
  }
  term = cosine;
  for (int i = 0; i < (degrees - 1) / 2; ++i) {
    sum += term;
    term *= cosine * cosine * (2 * i + 2) / (2 * i + 3);
  }
  return 2.0 / std::numbers::pi * (angle + sine * sum);
}

}  // namespace

double studentQuantile975(int degrees) {
  if (degrees < 1) throw std::invalid_argument("a t interval needs at least one degree of freedom");
  double low = 0.0, high = 16.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (centralProbability(middle, degrees) < 0.95 ? low : high) = middle;
  }
  return (low + high) / 2;
}

Interval interval95(const std::vector<double>& values) {
  Interval result;
  double sum = 0.0;
  for (const double value : values)
    if (std::isfinite(value)) {
      sum += value;
      ++result.count;
    }
  result.half = std::numeric_limits<double>::quiet_NaN();
  result.mean = result.count > 0 ? sum / result.count : result.half;
  if (result.count < 2) return result;
  double squares = 0.0;
  for (const double value : values)
    if (std::isfinite(value)) squares += (value - result.mean) * (value - result.mean);
  result.half = studentQuantile975(result.count - 1) * std::sqrt(squares / (result.count - 1) / result.count);
  return result;
}

std::string text(const Interval& interval) {
  char buffer[96];
  if (interval.count < 2)
    std::snprintf(buffer, sizeof buffer, "%.4g (n %d)", interval.mean, interval.count);
  else
    std::snprintf(buffer, sizeof buffer, "%.4g +- %.2g (n %d)", interval.mean, interval.half, interval.count);
  return buffer;
}

}  // namespace moescope
