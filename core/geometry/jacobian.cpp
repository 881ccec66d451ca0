#include "core/geometry/jacobian.h"

#include <cmath>
#include <random>
#include <stdexcept>

namespace moescope {
namespace {

Eigen::ArrayXf sigmoid(const Eigen::ArrayXf& x) { return 1.0f / (1.0f + (-x).exp()); }

/// Derivatives of silu(a) u by a and by u, at the expert's hidden units.
struct UnitDerivatives {
  Eigen::VectorXf byGate, byUp;
  UnitDerivatives(const SwiGluExpert& expert, const Eigen::VectorXf& hidden) {
    const Eigen::ArrayXf a = (expert.gate * hidden).array(), u = (expert.up * hidden).array(), s = sigmoid(a);
    byGate = (s * (1.0f + a * (1.0f - s)) * u).matrix();
    byUp = (a * s).matrix();
  }
};

Eigen::MatrixXd innerProducts(const std::vector<Eigen::MatrixXf>& jacobians) {
  const Eigen::Index count = static_cast<Eigen::Index>(jacobians.size()), size = jacobians[0].size();
  Eigen::MatrixXd columns(size, count);
  for (Eigen::Index e = 0; e < count; ++e) columns.col(e) = jacobians[static_cast<std::size_t>(e)].reshaped().cast<double>();
  return columns.transpose() * columns;
}

}  // namespace

Eigen::VectorXf SwiGluExpert::operator()(const Eigen::VectorXf& hidden) const {
  const Eigen::ArrayXf a = (gate * hidden).array();
  return down * (a * sigmoid(a) * (up * hidden).array()).matrix();
}

Eigen::MatrixXf expertJacobian(const SwiGluExpert& expert, const Eigen::VectorXf& hidden) {
  const UnitDerivatives by(expert, hidden);
  return expert.down * (by.byGate.asDiagonal() * expert.gate + by.byUp.asDiagonal() * expert.up);
}

Eigen::MatrixXf jacobianTimes(const SwiGluExpert& expert, const Eigen::VectorXf& hidden, const Eigen::MatrixXf& directions) {
  const UnitDerivatives by(expert, hidden);
  const Eigen::MatrixXf units = by.byGate.asDiagonal() * (expert.gate * directions) + by.byUp.asDiagonal() * (expert.up * directions);
  return expert.down * units;
}

double independentDeviation(int width, int probes) {
  const double d = width, k = probes;
  return probes > 0 ? std::sqrt((1.0 / k + (1.0 - 1.0 / k) / d) / d) : 1.0 / d;
}

JacobianAlignment jacobianAlignment(std::span<const SwiGluExpert> experts, const Eigen::MatrixXf& tokens, int probes, unsigned seed,
                                    const std::function<void()>& pulse) {
  if (experts.empty() || tokens.size() == 0) throw std::invalid_argument("Jacobian alignment needs experts and tokens");
  const Eigen::Index width = tokens.cols(), count = static_cast<Eigen::Index>(experts.size());
  for (const SwiGluExpert& e : experts)
    if (e.gate.cols() != width || e.up.cols() != width || e.gate.rows() != e.up.rows() || e.down.cols() != e.up.rows() || e.down.rows() != width)
      throw std::invalid_argument("Jacobian alignment: an expert's matrices do not fit tokens of width " + std::to_string(width));
  std::mt19937 random(seed);
  MeanCosines mean(count);
  // The averages need one set of directions for all tokens; so do differences between experts at each token.
  const Eigen::MatrixXf directions = Eigen::MatrixXf::NullaryExpr(width, std::max(probes, 1), [&] { return random() & 1 ? 1.0f : -1.0f; });
  std::vector<Eigen::MatrixXf> atToken(experts.size()), sum(experts.size());
  for (Eigen::Index t = 0; t < tokens.rows(); ++t) {
    if (pulse) pulse();
    const Eigen::VectorXf hidden = tokens.row(t).transpose();
    for (std::size_t e = 0; e < experts.size(); ++e) {
      atToken[e] = probes > 0 ? jacobianTimes(experts[e], hidden, directions) : expertJacobian(experts[e], hidden);
      if (t == 0) sum[e] = atToken[e];
      else sum[e] += atToken[e];
    }
    mean.add(innerProducts(atToken));
  }
  return {mean.mean(), cosines(innerProducts(sum)), independentDeviation(static_cast<int>(width), probes), mean.timesWithoutDirection(), static_cast<int>(tokens.rows())};
}

std::vector<int> JacobianAlignment::withoutDirection() const {
  std::vector<int> none;
  for (Eigen::Index e = 0; e < zeroAt.size(); ++e)
    if (tokens > 0 && zeroAt[e] == tokens) none.push_back(static_cast<int>(e));
  return none;
}

}  // namespace moescope
