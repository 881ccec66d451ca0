#include "core/geometry/jacobian_spectrum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/geometry/decompositions.h"
#include "core/geometry/expert_jacobians.h"
#include "core/geometry/principal_subspaces.h"
#include "core/geometry/stop_scope.h"

namespace moescope {
namespace {

/// Adds one Jacobian (d x d) to sums that are divided by their number in the end.
void add(const Eigen::MatrixXd& jacobian, JacobianSpectrum& sum) {
  stopIfWanted();
  if ((jacobian.array() == 0.0).all()) return;
  ++sum.jacobians;
  const bool finite = jacobian.allFinite();
  const Eigen::VectorXd squares = finite ? Eigen::VectorXd(symmetricEigenvalues(jacobian.transpose() * jacobian).reverse().cwiseMax(0.0))
                                         : Eigen::VectorXd::Constant(jacobian.cols(), std::numeric_limits<double>::quiet_NaN());
  const Eigen::VectorXd shares = squares / squares.sum();
  sum.decay += (squares / squares[0]).cwiseSqrt();
  sum.leading += std::sqrt(squares[0]);
  sum.effectiveRank += finite ? effectiveRank(shares) : squares[0];
  sum.leadingShare += shares[0];
}

JacobianSpectrum meanOf(JacobianSpectrum sum) {
  const double count = sum.jacobians > 0 ? sum.jacobians : std::numeric_limits<double>::quiet_NaN();
  sum.decay /= count;
  sum.leading /= count;
  sum.effectiveRank /= count;
  sum.leadingShare /= count;
  return sum;
}

const Eigen::MatrixXf kItself;  // no directions

}  // namespace

RowMatrix evenlySpaced(const RowMatrix& rows, Eigen::Index atMost) {
  const Eigen::Index every = std::max<Eigen::Index>(1, (rows.rows() + atMost - 1) / atMost), taken = (rows.rows() + every - 1) / every;
  return RowMatrix::NullaryExpr(taken, rows.cols(), [&](Eigen::Index t, Eigen::Index i) { return rows(t * every, i); });
}

JacobianSpectrum jacobianSpectrum(const ExpertSource& experts, const RowMatrix& tokens) {
  JacobianSpectrum sum{Eigen::VectorXd::Zero(experts.width())};
  ExpertWeights scratch;
  for (int e = 0; e < experts.count(); ++e)
    ExpertJacobian(experts.read(e, scratch), kItself).atEach(tokens, [&](Eigen::Index, const RowMatrix& jacobian) { add(jacobian.cast<double>(), sum); });
  return meanOf(std::move(sum));
}

JacobianSpectrum layerSpectrum(const ExpertSource& experts, const RowMatrix& tokens, const RowMatrix& gates) {
  std::vector<Eigen::MatrixXd> ofLayer(static_cast<std::size_t>(tokens.rows()), Eigen::MatrixXd::Zero(experts.width(), experts.width()));
  ExpertWeights scratch;
  for (int e = 0; e < experts.count(); ++e) {
    if ((gates.col(e).array() == 0.0f).all()) continue;
    ExpertJacobian(experts.read(e, scratch), kItself).atEach(tokens, [&](Eigen::Index t, const RowMatrix& jacobian) {
      if (gates(t, e) != 0.0f) ofLayer[static_cast<std::size_t>(t)] += static_cast<double>(gates(t, e)) * jacobian.cast<double>();
    });
  }
  JacobianSpectrum sum{Eigen::VectorXd::Zero(experts.width())};
  for (const Eigen::MatrixXd& jacobian : ofLayer) add(jacobian, sum);
  return meanOf(std::move(sum));
}

}  // namespace moescope
