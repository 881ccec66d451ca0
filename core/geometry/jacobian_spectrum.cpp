#include "core/geometry/jacobian_spectrum.h"

#include <limits>

#include "core/geometry/decompositions.h"
#include "core/geometry/expert_jacobians.h"
#include "core/geometry/principal_subspaces.h"

namespace moescope {

JacobianSpectrum jacobianSpectrum(const ExpertSource& experts, const RowMatrix& tokens) {
  JacobianSpectrum mean;
  mean.decay = Eigen::VectorXd::Zero(experts.width());
  const auto add = [&](Eigen::Index, const RowMatrix& jacobian) {
    const Eigen::MatrixXd wide = jacobian.cast<double>();
    if ((wide.array() == 0.0).all()) return;
    const Eigen::VectorXd squares = symmetricEigenvalues(wide.transpose() * wide).reverse().cwiseMax(0.0);
    const Eigen::VectorXd shares = wide.allFinite() ? Eigen::VectorXd(squares / squares.sum()) : Eigen::VectorXd::Constant(squares.size(), std::numeric_limits<double>::quiet_NaN());
    mean.decay += (shares / shares[0]).cwiseSqrt();
    mean.effectiveRank += wide.allFinite() ? effectiveRank(shares) : shares[0];
    mean.leadingShare += shares[0];
    ++mean.jacobians;
  };
  ExpertWeights scratch;
  const Eigen::MatrixXf itself;  // no directions
  for (int e = 0; e < experts.count(); ++e) ExpertJacobian(experts.read(e, scratch), itself).atEach(tokens, add);
  const double count = mean.jacobians > 0 ? mean.jacobians : std::numeric_limits<double>::quiet_NaN();
  mean.decay /= count;
  mean.effectiveRank /= count;
  mean.leadingShare /= count;
  return mean;
}

}  // namespace moescope
