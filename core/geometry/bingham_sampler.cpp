#include "core/geometry/bingham_sampler.h"

#include <cmath>

namespace moescope {
namespace {

/// b in [1, d] with sum 1 / (b + 2 below_i) = 1: the sum falls in b.
double envelopeOf(const Eigen::VectorXd& below) {
  double low = 1.0, high = static_cast<double>(below.size());
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2.0;
    ((middle + 2.0 * below.array()).inverse().sum() > 1.0 ? low : high) = middle;
  }
  return (low + high) / 2.0;
}

}  // namespace

BinghamSampler::BinghamSampler(const Eigen::MatrixXd& frame, const Eigen::VectorXd& spectrum) : frame_(frame) {
  Eigen::VectorXd eigenvalues = Eigen::VectorXd::Zero(frame.rows());
  eigenvalues.head(spectrum.size()) = spectrum;
  below_ = eigenvalues.maxCoeff() - eigenvalues.array();
  envelope_ = envelopeOf(below_);
  spread_ = 1.0 + 2.0 * below_.array() / envelope_;
}

Eigen::VectorXd BinghamSampler::draw(std::mt19937_64& dice) const {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const double d = static_cast<double>(below_.size());
  const double constant = (d - envelope_) / 2.0 - d / 2.0 * std::log(d / envelope_);
  Eigen::VectorXd x(below_.size());
  do {
    for (Eigen::Index i = 0; i < x.size(); ++i) x[i] = normal(dice) / std::sqrt(spread_[i]);
    x.normalize();
  } while (std::log(uniform(dice)) >= -below_.dot(x.cwiseAbs2()) + d / 2.0 * std::log(spread_.dot(x.cwiseAbs2())) + constant);
  // The coordinates outside the frame have no direction of their own: only their length counts.
  const Eigen::Index rank = frame_.cols();
  Eigen::VectorXd outside = Eigen::VectorXd::NullaryExpr(x.size(), [&] { return normal(dice); });
  outside -= frame_ * (frame_.transpose() * outside);
  return frame_ * x.head(rank) + outside * (x.tail(x.size() - rank).norm() / outside.norm());
}

}  // namespace moescope
