#include "core/geometry/bingham.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

namespace moescope {
namespace {

constexpr double kLargestRange = 20000.0;

void requireValid(const Eigen::VectorXd& eigenvalues, int dimension) {
  if (dimension < 1) throw std::invalid_argument("Bingham: the dimension must be at least 1");
  if (eigenvalues.size() > dimension)
    throw std::invalid_argument("Bingham: " + std::to_string(eigenvalues.size()) + " eigenvalues do not fit in dimension " +
                                std::to_string(dimension) + "; expected at most as many as it has");
  if (!eigenvalues.allFinite()) throw std::invalid_argument("Bingham: every eigenvalue must be a finite number");
  if (eigenvalues.size() == 0) return;
  const double highest = std::max(0.0, eigenvalues.maxCoeff());
  const double lowest = std::min(0.0, eigenvalues.minCoeff());
  if (highest - lowest > kLargestRange) throw std::invalid_argument("Bingham: the eigenvalues may span at most 20000");
}

/// The shift that makes every eigenvalue (implied zeros included) non-negative: phi(A + cI) = phi(A) + c.
double shiftToNonNegative(const Eigen::VectorXd& eigenvalues) {
  return eigenvalues.size() == 0 ? 0.0 : std::min(0.0, eigenvalues.minCoeff());
}

/// scale^m / (dimension/2)_m for each m, divided by the largest of them, and the logarithm of that one. Ratios of neighbours
/// are followed outwards from the peak, so nothing overflows and few operations separate the large weights from it.
struct SeriesWeights {
  std::vector<double> weight;
  double logHighest = 0.0;
};

SeriesWeights seriesWeights(double scale, int dimension, int terms) {
  const double half = 0.5 * dimension;
  const int peak = std::clamp(static_cast<int>(std::floor(scale - half)) + 1, 0, terms - 1);
  SeriesWeights result{std::vector<double>(terms, 1.0), 0.0};
  for (int m = peak + 1; m < terms; ++m) result.weight[m] = result.weight[m - 1] * (scale / (half + m - 1));
  for (int m = peak; m > 0; --m) result.weight[m - 1] = result.weight[m] * ((half + m - 1) / scale);
  int sign = 0;  // lgamma_r: std::lgamma writes a global, and spectra are evaluated on several threads
  result.logHighest = peak * std::log(scale) - (::lgamma_r(half + peak, &sign) - ::lgamma_r(half, &sign));
  return result;
}

/// phi and its derivatives of eigenvalues that are all at least 0, `zeros` of them equal to `zeroValue`.
BinghamNormaliser positiveSeries(const Eigen::VectorXd& eigenvalues, double zeroValue, int zeros) {
  const int dimension = zeros + static_cast<int>(eigenvalues.size());
  const double scale = std::max(zeros > 0 ? zeroValue : 0.0, eigenvalues.size() ? eigenvalues.maxCoeff() : 0.0);
  BinghamNormaliser result;
  if (scale < 1e-300) {  // A = 0: the uniform distribution
    result.gradient = Eigen::VectorXd::Constant(eigenvalues.size(), 1.0 / dimension);
    result.gradientOfZero = zeros > 0 ? 1.0 / dimension : 0.0;
    result.terms = 1;
    return result;
  }
  const int terms = static_cast<int>(scale + 10.0 * std::sqrt(scale) + 60.0);
  const Eigen::VectorXd x = eigenvalues / scale;
  const double xZero = zeroValue / scale;
  const SeriesWeights series = seriesWeights(scale, dimension, terms);

  // With q_m = x_i q_(m-1) + p_(m-1)/2 for each eigenvalue, p_m = (1/m) sum_i x_i q_m and dF/dx_i = sum_m q_m / (d/2)_m: value
  // and gradient by one loop of positive terms. The chain rule gives back the scale.
  Eigen::ArrayXd q = Eigen::ArrayXd::Zero(x.size()), slope = Eigen::ArrayXd::Zero(x.size());
  double qZero = 0.0, slopeZero = 0.0, coefficient = 1.0, value = series.weight[0];
  for (int m = 1; m < terms; ++m) {
    q = x.array() * q + 0.5 * coefficient;
    qZero = xZero * qZero + 0.5 * coefficient;
    coefficient = ((x.array() * q).sum() + zeros * xZero * qZero) / m;
    value += series.weight[m] * coefficient;
    slope += series.weight[m] * q;
    slopeZero += series.weight[m] * qZero;
  }
  result.logValue = std::log(value) + series.logHighest;
  result.gradient = slope / (value * scale);
  result.gradientOfZero = zeros > 0 ? slopeZero / (value * scale) : 0.0;
  result.terms = terms;
  return result;
}

}  // namespace

BinghamNormaliser binghamNormaliser(const Eigen::VectorXd& eigenvalues, int dimension) {
  requireValid(eigenvalues, dimension);
  const double shift = shiftToNonNegative(eigenvalues);
  BinghamNormaliser result =
      positiveSeries(eigenvalues.array() - shift, -shift, dimension - static_cast<int>(eigenvalues.size()));
  result.logValue += shift;
  return result;
}

double binghamErrorEstimate(const Eigen::VectorXd& eigenvalues, int dimension) {
  const double value = binghamNormaliser(eigenvalues, dimension).logValue, shift = shiftToNonNegative(eigenvalues);
  double largest = 0.0;
  for (const double more : {0.7, 1.9, 5.3}) {
    const BinghamNormaliser other =
        positiveSeries(eigenvalues.array() - shift + more, more - shift, dimension - static_cast<int>(eigenvalues.size()));
    largest = std::max(largest, std::abs(other.logValue + (shift - more) - value));
  }
  return value == 0.0 ? std::numeric_limits<double>::quiet_NaN() : largest / std::abs(value);
}

double binghamSaddlepoint(const Eigen::VectorXd& eigenvalues, int dimension) {
  requireValid(eigenvalues, dimension);
  Eigen::VectorXd all = Eigen::VectorXd::Zero(dimension);
  all.head(eigenvalues.size()) = eigenvalues;
  // The saddlepoint t solves sum 1/(t - lambda_i) = 2 and lies in [max + 1/2, max + p/2]; the sum falls in t.
  double low = all.maxCoeff() + 0.5, high = all.maxCoeff() + 0.5 * dimension;
  for (int i = 0; i < 200 && high - low > 1e-14 * std::max(1.0, std::abs(high)); ++i) {
    const double middle = 0.5 * (low + high);
    ((middle - all.array()).inverse().sum() > 2.0 ? low : high) = middle;
  }
  const double t = 0.5 * (low + high);
  const Eigen::ArrayXd v = t - all.array();
  const double k2 = v.pow(-2).sum(), k3 = v.pow(-3).sum(), k4 = v.pow(-4).sum();
  const double first =
      std::lgamma(0.5 * dimension) - 0.5 * std::log(2.0 * std::numbers::pi) - 0.5 * std::log(0.5 * k2) - 0.5 * v.log().sum() + t;
  return first + 12.0 * k4 / (8.0 * k2 * k2) - 120.0 * k3 * k3 / (72.0 * k2 * k2 * k2);
}

}  // namespace moescope
