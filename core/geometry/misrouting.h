#pragma once
// How often a mixture of Bingham distributions takes a token of its own for another expert's: the bound and the measurement.
// Source: the project's math specification, section 4, B1.

#include <Eigen/Core>
#include <vector>

namespace moescope {

/// N experts: frames d x r with orthonormal columns (r < d), spectra N x r, log prior N.
struct BinghamMixture {
  std::vector<Eigen::MatrixXd> frames;
  Eigen::MatrixXd spectra;
  Eigen::VectorXd logPrior;
};

struct Misrouting {
  double alpha = 1.0;
  double bound = 0.0;          ///< B = sum_{a<b} sqrt(pi_a pi_b) BC_ab; above 1 - 1/N it says nothing. BC_ab is the integral of
                               ///< sqrt(f_a f_b): exp(phi((A_a + A_b) / 2) - phi(A_a) / 2 - phi(A_b) / 2)
  double mass = 0.0;           ///< E[1 - p_z(x)]: mean posterior mass of wrong experts, z the expert that x was drawn from
  double massDeviation = 0.0;  ///< standard error of `mass`
  double wrong = 0.0;          ///< share of draws whose leading expert is not z
  int draws = 0;
};

/// At each concentration, `draws` tokens from the mixture itself (spectra alpha * Lambda), read by its exact posterior. Seeded.
std::vector<Misrouting> misroutingCurve(const BinghamMixture& mixture, const std::vector<double>& alphas, int draws,
                                        unsigned seed = 1);

}  // namespace moescope
