#pragma once
// Singular values of experts' Jacobians: how many directions an expert really acts on. Math specification, section 5.

#include <Eigen/Core>

#include "core/geometry/expert_source.h"

namespace moescope {

/// Means over experts and tokens, of those Jacobians that are not 0. All NaN without any, or where one is not finite.
struct JacobianSpectrum {
  Eigen::VectorXd decay;       ///< d: sigma_i / sigma_1, falling from 1
  double leading = 0.0;        ///< sigma_1: how far the most sensitive direction is stretched
  double effectiveRank = 0.0;  ///< exp of the entropy of sigma_i^2 / |J|^2 (Roy and Vetterli 2007), in [1, d]
  double leadingShare = 0.0;   ///< sigma_1^2 / |J|^2
  int jacobians = 0;           ///< that these are means over
};

/// At most so many of the rows, evenly spaced from the first.
RowMatrix evenlySpaced(const RowMatrix& rows, Eigen::Index atMost);

/// Of every expert at every token (T x d).
JacobianSpectrum jacobianSpectrum(const ExpertSource& experts, const RowMatrix& tokens);

/// Of the layer at every token, gates (T x N) held as they are: sum over experts of gate times Jacobian. With equal gates that is the
/// Jacobian of one dense network of all experts' hidden units.
JacobianSpectrum layerSpectrum(const ExpertSource& experts, const RowMatrix& tokens, const RowMatrix& gates);

}  // namespace moescope
