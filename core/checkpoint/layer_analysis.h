#pragma once
// The geometry of one MoE layer of a checkpoint: from the weights alone, and with a trace everything else.

#include <cmath>
#include <functional>
#include <optional>

#include "core/checkpoint/families.h"
#include "core/checkpoint/trace.h"
#include "core/checkpoint/traced_routing.h"
#include "core/geometry/expert_analysis.h"
#include "core/geometry/top_right_subspace.h"
#include "core/reading/routing.h"

namespace moescope {

struct LayerAnalysisSettings {
  AnalysisSettings expert;                ///< of the routed tokens and Jacobians
  int weightRank = 16;                    ///< r of the subspaces of W_gate, clamped to [1, min(I, d)]
  std::int64_t tokens = 2048;             ///< of the trace, at most
  std::vector<double> concentrations;     ///< of the routing table, each at least 0
  GatingRule gating;
  std::optional<int> spectraTokens = 0;   ///< of the trace, at which every expert's Jacobian is decomposed: each costs some 6 d^3
                                          ///< operations an expert; 0: none; not set: as many as affordableSpectrumTokens() says
  int threads = 0;                        ///< 0: one for each core; each holds one expert's weights
  std::uint64_t jacobianBytes = std::uint64_t{4} << 30;  ///< products with Jacobians that are kept at most; 0: no Jacobians
};

/// Routing of the traced tokens, by the trace's logits where it has them, read at one concentration.
struct RoutingAt {
  double concentration = 1.0;
  Routing routing;
};

/// The layer's shared expert beside its routed ones. It takes no part in load, balance and routing: nothing chooses it.
struct SharedReport {
  int units = 0;
  bool gated = false;
  Eigen::VectorXd coupling;   ///< N: mean_n |cos(r_i, W_gate[n])| of router row i and the shared expert's rows
  Eigen::VectorXd overlap;    ///< N: mean cos^2 of its weight subspace and expert i's; NaN where either has none
  double nullOverlap = 0.0;   ///< r / d, with r the larger of the two ranks
  Eigen::VectorXd
      alignment;  ///< N: mean cos of its Jacobian and expert i's on shared tokens; empty without a trace; NaN without direction
  Eigen::VectorXd normRatio;  ///< of each of at most 256 traced tokens: length of its output / of the routed experts' sum; empty
                              ///< without a trace
  double meanNormRatio() const { return normRatio.size() > 0 ? normRatio.mean() : NAN; }
  double meanGate = 1.0;      ///< of its sigmoid gate over the traced tokens; 1 without gate or trace
};

struct LayerReport {
  int layer = 0, experts = 0, width = 0, units = 0;
  std::uint64_t expertBytes = 0;           ///< of one expert as float
  RouterTensors router;                    ///< where its router lies in the file
  ReadingNotes notes;  ///< of this layer: values that are not finite, experts without a direction, what was assumed
  Eigen::MatrixXd routerSimilarity;        ///< N x N: cos of router rows; NaN for a row of length 0 or not finite
  std::vector<int> routersWithoutDirection;  ///< experts whose router row has length 0
  Coupling coupling;                       ///< `weights` alone
  double nullCosine = 0.0;                 ///< sqrt(2 / (pi d))
  int weightRank = 0;
  std::vector<Eigen::MatrixXd>
      weightSubspaces;  ///< N of d x r: top right singular vectors of W_gate; d x 0 where it spans fewer or is not finite
  std::vector<int> withWeightSubspace;     ///< experts that have one
  std::vector<int>
      weightsLeftOut;  ///< experts whose finite W_gate spans fewer than r directions, and identities, which have none
  PairAngles weightAngles;                 ///< between the subspaces of `withWeightSubspace`, in that order
  Eigen::MatrixXd weightOverlap;           ///< N x N: mean cos^2 of these angles; diagonal 1; NaN where one has no subspace
  double nullOverlap = 0.0, nullOverlapDeviation = 0.0;
  Eigen::VectorXd explained;               ///< N: share of |W_gate|^2 in the subspace; NaN of a W_gate that is 0 or not finite
  std::optional<SharedReport> shared;
  std::uint64_t memoryBound = 0;  ///< bytes: one expert, the tensor being read and scratch for each thread, with a trace two
                                  ///< experts, the shared expert, and the products kept for Jacobians

  // With a trace:
  std::int64_t tokens = 0;                 ///< 0: no trace for this layer
  bool routingKnown = true;                ///< false: some token has no routing, since a router logit is not finite
  double sameChoices = 0.0;              ///< share of traced expert ids that the checkpoint's router chooses too; NaN without ids
  std::optional<LogitsCompared> logits;  ///< the trace's with the checkpoint's; nothing where the trace has none
  RoutingMeasures weights;                 ///< of the family's own combination weights, rows scaled to sum 1
  Eigen::VectorXd load;                    ///< N: share of assignments
  std::optional<ExpertAnalysis> analysis;  ///< of routed tokens
  JacobianPlan jacobians;                  ///< exact or by probes, and in how many passes
  std::string withoutJacobians;            ///< why there are none; empty when there are
  std::vector<RoutingAt> routing;          ///< one for each concentration
};

/// Mean of the entries of experts that are not in `without`; NaN without any, and as soon as one of these is.
double meanOverExperts(const Eigen::VectorXd& values, const std::vector<int>& without);

/// Reads one expert at a time on each thread and keeps none. `progress` is called with the number of experts done (of several
/// passes: their share) and returns false to stop; then std::runtime_error("stopped") is thrown. Throws std::runtime_error for
/// what cannot be read.
LayerReport analyseLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace,
                         const LayerAnalysisSettings& settings, const std::function<bool(int)>& progress);

}  // namespace moescope
