#include "core/geometry/bingham.h"

#include <algorithm>
#include <cmath>
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
                                std::to_string(dimension));
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

/// Coefficients p_m of prod_i (1 - x_i s)^(-1/2), from the power sums of x: p_m = (1/2m) sum_j P_j p_(m-j).
std::vector<double> inverseRootCoefficients(const Eigen::VectorXd& x, double zerosAt, int zeros, int terms) {
  std::vector<double> powerSum(terms, 0.0), coefficient(terms, 0.0);
  Eigen::VectorXd power = Eigen::VectorXd::Ones(x.size());
  double zeroPower = 1.0;
  for (int m = 1; m < terms; ++m) {
    power = power.cwiseProduct(x);
    zeroPower *= zerosAt;
    powerSum[m] = power.sum() + zeros * zeroPower;
  }
  coefficient[0] = 1.0;
  for (int m = 1; m < terms; ++m) {
    double sum = 0.0;
    for (int j = 1; j <= m; ++j) sum += powerSum[j] * coefficient[m - j];
    coefficient[m] = sum / (2.0 * m);
  }
  return coefficient;
}

/// log(scale^m / (dimension/2)_m) for each m.
std::vector<double> logWeights(double scale, int dimension, int terms) {
  std::vector<double> weight(terms, 0.0);
  for (int m = 1; m < terms; ++m) weight[m] = weight[m - 1] + std::log(scale) - std::log(0.5 * dimension + m - 1);
  return weight;
}

}  // namespace

BinghamNormaliser binghamNormaliser(const Eigen::VectorXd& eigenvalues, int dimension) {
  requireValid(eigenvalues, dimension);
  const int zeros = dimension - static_cast<int>(eigenvalues.size());
  const double shift = shiftToNonNegative(eigenvalues);
  const Eigen::VectorXd shifted = eigenvalues.array() - shift;
  const double shiftedZero = -shift;
  const double scale = std::max(zeros > 0 ? shiftedZero : 0.0, shifted.size() ? shifted.maxCoeff() : 0.0);

  BinghamNormaliser result;
  if (scale < 1e-300) {  // A = c I: the uniform distribution
    result.logValue = shift;
    result.gradient = Eigen::VectorXd::Constant(eigenvalues.size(), 1.0 / dimension);
    result.gradientOfZero = zeros > 0 ? 1.0 / dimension : 0.0;
    result.terms = 1;
    return result;
  }
  const int terms = static_cast<int>(scale + 10.0 * std::sqrt(scale) + 60.0);
  const Eigen::VectorXd x = shifted / scale;
  const double xZero = shiftedZero / scale;
  const std::vector<double> coefficient = inverseRootCoefficients(x, xZero, zeros, terms);
  const std::vector<double> logWeight = logWeights(scale, dimension, terms);
  const double highest = *std::max_element(logWeight.begin(), logWeight.end());

  double value = 0.0;
  std::vector<double> weight(terms);
  for (int m = 0; m < terms; ++m) {
    weight[m] = std::exp(logWeight[m] - highest);
    value += weight[m] * coefficient[m];
  }
  // dF/dx_i = sum_m q_m / (d/2)_m with q_m = x_i q_(m-1) + p_(m-1) / 2; the chain rule gives back the scale.
  const auto expectedSquare = [&](double xi) {
    double q = 0.0, sum = 0.0;
    for (int m = 1; m < terms; ++m) {
      q = xi * q + 0.5 * coefficient[m - 1];
      sum += weight[m] * q;
    }
    return sum / (value * scale);
  };
  result.logValue = std::log(value) + highest + shift;
  result.gradient = x.unaryExpr(expectedSquare);
  result.gradientOfZero = zeros > 0 ? expectedSquare(xZero) : 0.0;
  result.terms = terms;
  return result;
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
