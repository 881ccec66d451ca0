#pragma once
// The slow geometry of one MoE layer: what its experts compute (Jacobians), what they are given (principal subspaces of the
// routed tokens) and how router and experts point the same way (coupling). One function for the live model and for
// checkpoints: experts come from an ExpertSource, one at a time. Formulas: the project's math specification, sections 5 and 6.

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/geometry/coupling.h"
#include "core/geometry/expert_jacobians.h"
#include "core/geometry/expert_source.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/geometry/jacobian_spectrum.h"
#include "core/geometry/misrouting.h"
#include "core/geometry/score_activation.h"
#include "core/metrics/row_matrix.h"

namespace moescope {

/// Plain host arrays of one layer. T tokens, N experts, d width, I hidden units. What is unknown stays empty.
struct AnalysisInput {
  int layer = 0;
  std::int64_t step = 0;             ///< that the weights and tokens were taken at
  std::uint64_t generation = 0;      ///< of the run, as in Snapshot
  std::shared_ptr<const ExpertSource> experts;       ///< N; null: unknown
  std::shared_ptr<const ExpertWeights>
      sharedExpert;                 ///< that every token passes through, beside these; null: none, or not to be measured
  RowMatrix tokens;                 ///< T x d: what the experts read (neither centred nor scaled); may have no rows
  RowMatrix scores;                 ///< T x N: router logits
  RowMatrix gates;                  ///< T x N: applied gates, 0 where not chosen
  RowMatrix routerRows;             ///< N x d: router weights, centroids or leading frame axes; not scaled
  BinghamMixture mixture;            ///< of a Grassmannian router; no frames otherwise
  RowMatrix routerGradient;         ///< N x d: dL/d routerRows of the last step
  std::vector<RowMatrix> gateGradients;  ///< N of I x d: dL/dW_gate of the last step
  RowMatrix routerMovement;         ///< N x d: routerRows now minus at the start of this router
  std::vector<RowMatrix> gateMovements;  ///< N of I x d: W_gate now minus then
};

struct AnalysisSettings {
  int rank = 4;                    ///< r of the principal subspaces, clamped to [1, d]
  double explainedVariance = 0.0;  ///< in (0, 1]: instead of `rank`, as many directions as reach this share; 0: use rank
  int jacobianTokens = 64;         ///< tokens on which Jacobians are taken, evenly spaced
  int jacobianProbes = 0;          ///< 0: exact; else Hutchinson directions (32 or more)

  bool operator==(const AnalysisSettings&) const = default;
};

/// How the experts are gone through.
struct AnalysisMeans {
  int threads = 1;                        ///< that read and measure experts, one at a time each; 0: one for each core
  std::optional<JacobianPlan> jacobians;  ///< none: as the settings ask, for experts in memory; tokensAtOnce 0: no Jacobians
  std::optional<int>
      spectrumTokens;  ///< at which the singular values of Jacobians are taken; none: as many as affordableSpectrumTokens() says
  std::function<void(int, const ExpertWeights&)> visit;  ///< called once with every expert, on any of the threads
  std::function<bool(int)> progress;  ///< called with the number of experts done (of several passes: their share); false stops
};

struct ExpertAnalysis {
  int layer = 0;
  std::int64_t step = 0;
  std::uint64_t generation = 0;
  AnalysisSettings settings;
  int experts = 0, width = 0, tokens = 0;
  bool weightSubspaces = false;  ///< no tokens: subspaces, angles and overlap are of the top right singular vectors of W_gate
  std::string missing;           ///< what could not be measured and why, one sentence; empty: all was

  JacobianAlignment shared;             ///< on shared tokens; matrices empty without experts or tokens
  Eigen::MatrixXd routedAlignment;      ///< N x N: of Jacobians averaged over each expert's own tokens; NaN where none
  Eigen::VectorXd sharedExpertAlignment;  ///< N: mean cos of the shared expert's Jacobian and each expert's; empty without one
  int sharedExpertZeroAt = 0;           ///< at how many of the shared tokens its Jacobian is 0
  std::shared_ptr<const LayerSpectra> spectra;  ///< singular values of Jacobians at a few tokens; null: not taken
  std::string withoutSpectra;           ///< why they were too dear, one sentence

  Eigen::VectorXi routed;               ///< N: tokens routed to each expert
  std::vector<Eigen::MatrixXd>
      subspaces;  ///< N of d x rank, or with `explainedVariance` d x r_e; d x 0 for experts that are left out
  std::vector<Eigen::VectorXd> explained;   ///< N: shares of variance, falling, all directions that the tokens span
  Eigen::VectorXd effectiveRank;        ///< N: exp of the entropy of `explained`
  PairAngles angles;                    ///< of the experts in `withSubspace`, in that order
  std::vector<int> withSubspace;        ///< experts whose subspace is not empty
  std::vector<int> leftOut;  ///< experts whose tokens (weights) span fewer than `rank` directions: no subspace, no overlap
  Eigen::MatrixXd overlap;   ///< N x N: |V_a^T V_b|^2 / r = mean cos^2 of the principal angles, in [0, 1]; diagonal 1; NaN for
                             ///< experts left out
  double nullOverlap = 0.0;             ///< r / d: mean of uniformly random subspaces (r: mean larger rank of the pairs)
  double nullOverlapDeviation = 0.0;    ///< sqrt(2) (d - r) / (d sqrt((d - 1)(d + 2)))

  std::vector<Misrouting> misrouting;   ///< of the router's own mixture, by rising concentration; empty without one

  Eigen::MatrixXd routerSimilarity;     ///< N x N: cos of router rows; NaN for a row of length 0 or not finite
  std::vector<int> routersWithoutDirection;  ///< experts whose router row has length 0
  Coupling coupling;
  std::vector<ScoreActivation> scoreActivation;  ///< N
  std::vector<std::string> notes;       ///< of a checkpoint: what of this layer was not finite, missing or assumed, one line each

  PairMean meanOverlap() const { return meanOverPairs(overlap, leftOut); }
  PairMean meanRouterSimilarity() const { return meanOverPairs(routerSimilarity, routersWithoutDirection); }
  /// What meanOverlap() is, in words, with the number of experts left out.
  std::string overlapInWords() const;
};

using AnalysisPointer = std::shared_ptr<const ExpertAnalysis>;

/// Throws std::invalid_argument naming the arrays whose shapes disagree, std::runtime_error("stopped") where progress() said so,
/// and what reading an expert throws.
ExpertAnalysis analyse(const AnalysisInput& input, const AnalysisSettings& settings, const AnalysisMeans& means = {});

/// Of `tokens`, those that Jacobians are taken on.
int sharedTokensOf(const AnalysisSettings& settings, Eigen::Index tokens);

/// Mean over pairs a < b of |matrix(a, b)|, without NaN entries; NaN when there is none. For what comes from a file use the
/// means of ExpertAnalysis and JacobianAlignment, which tell what is left out from what is not finite.
double meanOffDiagonal(const Eigen::MatrixXd& matrix);

}  // namespace moescope
