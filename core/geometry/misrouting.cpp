#include "core/geometry/misrouting.h"

#include <cmath>
#include <random>

#include "core/geometry/bingham.h"
#include "core/geometry/bingham_sampler.h"
#include "core/geometry/decompositions.h"

namespace moescope {
namespace {

double normaliser(const Eigen::VectorXd& eigenvalues, Eigen::Index dimension) {
  return binghamNormaliser(eigenvalues, static_cast<int>(dimension)).logValue;
}

/// phi of (A_a + A_b) / 2, whose eigenvalues that are not 0 are those of a Gram matrix of 2r columns.
double normaliserOfMean(const BinghamMixture& mixture, int a, int b, double alpha) {
  const auto scaled = [&](int e) -> Eigen::MatrixXd {
    return mixture.frames[static_cast<std::size_t>(e)] *
           (alpha / 2.0 * mixture.spectra.row(e).transpose()).cwiseSqrt().asDiagonal();
  };
  const Eigen::MatrixXd first = scaled(a), second = scaled(b);
  Eigen::MatrixXd both(first.rows(), first.cols() + second.cols());
  both << first, second;
  const bool wide = both.cols() > both.rows();
  const Eigen::MatrixXd gram = wide ? Eigen::MatrixXd(both * both.transpose()) : Eigen::MatrixXd(both.transpose() * both);
  return normaliser(symmetricEigenvalues(gram), both.rows());
}

/// Softmax of log pi + x'(alpha A)x - phi(alpha A), the exact posterior.
Eigen::VectorXd posterior(const BinghamMixture& mixture, const Eigen::VectorXd& phi, double alpha, const Eigen::VectorXd& x) {
  Eigen::VectorXd logits = mixture.logPrior - phi;
  for (Eigen::Index e = 0; e < logits.size(); ++e)
    logits[e] += alpha * mixture.spectra.row(e).dot((mixture.frames[static_cast<std::size_t>(e)].transpose() * x).cwiseAbs2());
  const Eigen::VectorXd weights = (logits.array() - logits.maxCoeff()).exp();
  return weights / weights.sum();
}

Misrouting misroutingAt(const BinghamMixture& mixture, double alpha, int draws, std::mt19937_64& dice) {
  const int experts = static_cast<int>(mixture.frames.size());
  const Eigen::Index dimension = mixture.frames.front().rows();
  Misrouting result;
  result.alpha = alpha;
  result.draws = draws;
  Eigen::VectorXd phi(experts);
  std::vector<BinghamSampler> samplers;
  for (int e = 0; e < experts; ++e) {
    phi[e] = normaliser(alpha * mixture.spectra.row(e).transpose(), dimension);
    samplers.emplace_back(mixture.frames[static_cast<std::size_t>(e)], alpha * mixture.spectra.row(e).transpose());
  }
  for (int a = 0; a < experts; ++a)
    for (int b = a + 1; b < experts; ++b)
      result.bound += std::exp(0.5 * (mixture.logPrior[a] + mixture.logPrior[b]) + normaliserOfMean(mixture, a, b, alpha) -
                               0.5 * (phi[a] + phi[b]));
  const Eigen::VectorXd prior = mixture.logPrior.array().exp();
  std::discrete_distribution<int> choose(prior.begin(), prior.end());
  double squares = 0.0;
  for (int i = 0; i < draws; ++i) {
    const int z = choose(dice);
    const Eigen::VectorXd p = posterior(mixture, phi, alpha, samplers[static_cast<std::size_t>(z)].draw(dice));
    Eigen::Index leading = 0;
    p.maxCoeff(&leading);
    result.wrong += leading != z ? 1.0 : 0.0;
    result.mass += 1.0 - p[z];
    squares += (1.0 - p[z]) * (1.0 - p[z]);
  }
  result.wrong /= draws;
  result.mass /= draws;
  result.massDeviation = std::sqrt(std::max(0.0, squares / draws - result.mass * result.mass) / draws);
  return result;
}

}  // namespace

std::vector<Misrouting> misroutingCurve(const BinghamMixture& mixture, const std::vector<double>& alphas, int draws,
                                        unsigned seed) {
  std::mt19937_64 dice(seed);
  std::vector<Misrouting> curve;
  for (const double alpha : alphas) curve.push_back(misroutingAt(mixture, alpha, draws, dice));
  return curve;
}

}  // namespace moescope
