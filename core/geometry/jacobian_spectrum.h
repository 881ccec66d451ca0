#pragma once
// Singular values of experts' Jacobians: how many directions an expert really acts on. Math specification, section 5.

#include <Eigen/Core>
#include <functional>
#include <vector>

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

/// Of one layer at a few tokens.
struct LayerSpectra {
  int tokens = 0;
  std::vector<JacobianSpectrum> experts;  ///< N: of each expert
  JacobianSpectrum all;                   ///< of every expert at every token
  JacobianSpectrum layer;  ///< of the sum over experts of gate times Jacobian, gates held; no Jacobians where no gates are known
};

/// Tokens at which the spectra of a layer are taken, where that is not too dear.
inline constexpr int kSpectrumTokens = 8;

/// At most kSpectrumTokens, and fewer, or none, where they would take one core more than some seconds. `units`: hidden units of
/// an expert.
int affordableSpectrumTokens(int experts, int width, int units);

/// At most so many of the rows, evenly spaced from the first.
RowMatrix evenlySpaced(const RowMatrix& rows, Eigen::Index atMost);

/// Of every expert at every token (T x d), and of the layer with its gates (T x N, or empty: not known). With equal gates the
/// layer's Jacobian is that of one dense network of all experts' hidden units. Every expert is read once. `progress` as in
/// forEachExpert().
LayerSpectra layerSpectra(const ExpertSource& experts, const RowMatrix& tokens, const RowMatrix& gates,
                          const std::function<bool(int)>& progress = {});

}  // namespace moescope
