#pragma once
// The geometry of one MoE layer of a checkpoint: from the weights alone, and with a trace everything else.

#include <functional>
#include <optional>

#include "core/checkpoint/expert_jacobians.h"
#include "core/checkpoint/families.h"
#include "core/checkpoint/trace.h"
#include "core/engine/routing.h"
#include "core/geometry/expert_analysis.h"

namespace moescope {

struct LayerAnalysisSettings {
  AnalysisSettings expert;                ///< of the routed tokens and Jacobians
  int weightRank = 16;                    ///< r of the subspaces of W_gate, clamped to [1, min(I, d)]
  std::int64_t tokens = 2048;             ///< of the trace, at most
  std::vector<double> concentrations;     ///< of the routing table, each at least 0
  GatingRule gating;
  int threads = 0;                        ///< 0: one for each core; each holds one expert's weights
  std::uint64_t jacobianBytes = std::uint64_t{4} << 30;  ///< products with Jacobians that are kept at most; 0: no Jacobians
};

/// Routing of the checkpoint's own router on the traced tokens, read at one concentration.
struct RoutingAt {
  double concentration = 1.0;
  Routing routing;
};

/// The layer's shared expert beside its routed ones. It takes no part in load, balance and routing: nothing chooses it.
struct SharedReport {
  int units = 0;
  bool gated = false;
  Eigen::VectorXd coupling;   ///< N: mean_n |cos(r_i, W_gate[n])| of router row i and the shared expert's rows
  Eigen::VectorXd overlap;    ///< N: mean cos^2 of its weight subspace and expert i's
  Eigen::VectorXd alignment;  ///< N: mean cos of its Jacobian and expert i's on shared tokens; empty without a trace
  double meanGate = 1.0;      ///< of its sigmoid gate over the traced tokens; 1 without gate or trace
};

struct LayerReport {
  int layer = 0, experts = 0, width = 0, units = 0;
  std::uint64_t expertBytes = 0;           ///< of one expert as float
  Eigen::MatrixXd routerSimilarity;        ///< N x N: cos of router rows
  Eigen::MatrixXd coupling;                ///< N x N: mean_n |cos(r_i, W_gate,j[n])|
  double nullCosine = 0.0;                 ///< sqrt(2 / (pi d))
  int weightRank = 0;
  std::vector<Eigen::MatrixXd> weightSubspaces;  ///< N of d x r: top right singular vectors of W_gate
  PairAngles weightAngles;                 ///< between the top right singular subspaces of W_gate
  Eigen::MatrixXd weightOverlap;           ///< N x N: mean cos^2
  double nullOverlap = 0.0, nullOverlapDeviation = 0.0;
  Eigen::VectorXd explained;               ///< N: share of |W_gate|^2 in the subspace
  std::optional<SharedReport> shared;
  std::uint64_t memoryBound = 0;           ///< bytes: one expert, the tensor being read and scratch for each thread, with a trace two experts, and the products kept for Jacobians

  // With a trace:
  std::int64_t tokens = 0;                 ///< 0: no trace for this layer
  double agreement = 0.0;                  ///< share of traced expert ids that our routing chooses too; NaN without ids
  RoutingMeasures weights;                 ///< of the family's own combination weights, rows scaled to sum 1
  Eigen::VectorXd load;                    ///< N: share of assignments
  std::optional<ExpertAnalysis> analysis;  ///< of routed tokens
  JacobianPlan jacobians;                  ///< exact or by probes, and in how many passes
  std::string withoutJacobians;            ///< why there are none; empty when there are
  std::vector<RoutingAt> routing;          ///< one for each concentration
};

/// Reads one expert at a time on each thread and keeps none. `progress` is called with the number of experts done (of several
/// passes: their share) and returns false to stop; then std::runtime_error("stopped") is thrown. Throws std::runtime_error for what cannot be read.
LayerReport analyseLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace, const LayerAnalysisSettings& settings,
                         const std::function<bool(int)>& progress);

/// Orthonormal basis (d x r) of the top right singular vectors of `matrix` (I x d) and the share of its squared norm in them.
/// Exact up to 256 on the smaller side, else by a randomised block Krylov method (Musco and Musco 2015). `seed`: of its random start;
/// matrices that are compared need different ones, or where spectra are flat the common start would show as overlap.
std::pair<Eigen::MatrixXd, double> topRightSubspace(const GateMatrix& matrix, int rank, unsigned seed);

}  // namespace moescope
