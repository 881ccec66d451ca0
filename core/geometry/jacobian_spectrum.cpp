#include "core/geometry/jacobian_spectrum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/geometry/decompositions.h"
#include "core/geometry/expert_jacobians.h"
#include "core/geometry/principal_subspaces.h"
#include "core/geometry/stop_scope.h"

namespace moescope {
namespace {

constexpr double kSpectrumOperations = 4e9;  // that the spectra of one layer may spend: some seconds of one core

/// Of one Jacobian (d x d); counts none where it is 0.
JacobianSpectrum spectrumOf(const Eigen::MatrixXd& jacobian) {
  if ((jacobian.array() == 0.0).all()) return {};
  stopIfWanted();
  const bool finite = jacobian.allFinite();
  const Eigen::VectorXd squares =
      finite ? Eigen::VectorXd(symmetricEigenvalues(jacobian.transpose() * jacobian).reverse().cwiseMax(0.0))
             : Eigen::VectorXd::Constant(jacobian.cols(), std::numeric_limits<double>::quiet_NaN());
  const Eigen::VectorXd shares = squares / squares.sum();
  return {(squares / squares[0]).cwiseSqrt(), std::sqrt(squares[0]), finite ? effectiveRank(shares) : squares[0], shares[0], 1};
}

/// To sums that are divided by their number in the end.
void add(const JacobianSpectrum& one, JacobianSpectrum& sum) {
  if (one.jacobians == 0) return;
  ++sum.jacobians;
  sum.decay += one.decay;
  sum.leading += one.leading;
  sum.effectiveRank += one.effectiveRank;
  sum.leadingShare += one.leadingShare;
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
  const Eigen::Index every = std::max<Eigen::Index>(1, (rows.rows() + atMost - 1) / atMost),
                     taken = (rows.rows() + every - 1) / every;
  return RowMatrix::NullaryExpr(taken, rows.cols(), [&](Eigen::Index t, Eigen::Index i) { return rows(t * every, i); });
}

int affordableSpectrumTokens(int experts, int width, int units) {
  const double d = width, each = 2.0 * d * d * units + 6.0 * d * d * d;  // its product, and the eigenvalues of its square
  return static_cast<int>(std::min<double>(kSpectrumTokens, kSpectrumOperations / (each * (experts + 1))));
}

LayerSpectra layerSpectra(const ExpertSource& experts, const RowMatrix& tokens, const RowMatrix& gates,
                          const std::function<bool(int)>& progress) {
  const JacobianSpectrum none{Eigen::VectorXd::Zero(experts.width())};
  LayerSpectra spectra{static_cast<int>(tokens.rows()),
                       std::vector<JacobianSpectrum>(static_cast<std::size_t>(experts.count()), none), none, none};
  std::vector<Eigen::MatrixXd> ofLayer(static_cast<std::size_t>(gates.rows()),
                                       Eigen::MatrixXd::Zero(experts.width(), experts.width()));
  const auto goesOn = [&](int done) { return !progress || progress(done); };
  forEachExpert(experts, 1, goesOn, [&](int e, const ExpertWeights& weights) {  // on one thread: the sums are the same each time
    ExpertJacobian(weights, kItself).atEach(tokens, [&](Eigen::Index t, const RowMatrix& product) {
      const Eigen::MatrixXd jacobian = product.cast<double>();
      const JacobianSpectrum one = spectrumOf(jacobian);
      add(one, spectra.experts[static_cast<std::size_t>(e)]);
      add(one, spectra.all);
      if (t < gates.rows() && gates(t, e) != 0.0f)
        ofLayer[static_cast<std::size_t>(t)] += static_cast<double>(gates(t, e)) * jacobian;
    });
  });
  for (const Eigen::MatrixXd& jacobian : ofLayer) add(spectrumOf(jacobian), spectra.layer);
  for (JacobianSpectrum& expert : spectra.experts) expert = meanOf(std::move(expert));
  spectra.all = meanOf(std::move(spectra.all));
  spectra.layer = meanOf(std::move(spectra.layer));
  return spectra;
}

}  // namespace moescope
