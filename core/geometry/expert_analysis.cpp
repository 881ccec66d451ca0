#include "core/geometry/expert_analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "core/geometry/finite_values.h"
#include "core/geometry/principal_subspaces.h"
#include "core/geometry/stop_scope.h"
#include "core/geometry/subspace_overlap.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr int kMisroutingDraws = 1500;  // from the router's mixture, at each concentration
constexpr std::uint64_t kJacobianBytes = std::uint64_t{32} << 20;  // of products at once, where experts are in memory
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kSpectraTooDear =
    translatable("left out: singular values of Jacobians of so many or so wide experts take too long here");

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument("the analysis got arrays that disagree: " + what);
}

int expertsOf(const AnalysisInput& input) {
  if (input.experts) return input.experts->count();
  return static_cast<int>(input.routerRows.rows() > 0 ? input.routerRows.rows() : input.gates.cols());
}

int widthOf(const AnalysisInput& input) {
  if (input.experts) return input.experts->width();
  return static_cast<int>(input.routerRows.cols() > 0 ? input.routerRows.cols() : input.tokens.cols());
}

void requireShapes(const AnalysisInput& input, int experts, int width) {
  require(experts > 0, "no experts, router or gates");
  const Eigen::Index tokens = input.tokens.rows();
  require(tokens == 0 || input.tokens.cols() == width, "tokens and experts differ in width");
  const auto perToken = [&](const RowMatrix& m, const char* name) {
    require(m.size() == 0 || (m.rows() == tokens && m.cols() == experts), std::string(name) + " is not tokens x experts");
  };
  perToken(input.scores, "scores");
  perToken(input.gates, "gates");
  const auto perExpert = [&](const RowMatrix& m, const char* name) {
    require(m.size() == 0 || (m.rows() == experts && m.cols() == width), std::string(name) + " is not experts x width");
  };
  perExpert(input.routerRows, "router rows");
  perExpert(input.routerGradient, "router gradient");
  perExpert(input.routerMovement, "router movement");
  for (const auto* list : {&input.gateGradients, &input.gateMovements}) {
    require(list->empty() || list->size() == static_cast<std::size_t>(experts),
            "gradients or movements of some experts are missing");
    for (const RowMatrix& m : *list) require(m.cols() == width, "a gradient or movement of an expert is not I x d");
  }
}

/// `count` rows, evenly spaced.
RowMatrix evenly(const RowMatrix& tokens, const std::vector<Eigen::Index>& rows, int count) {
  const std::size_t taken = std::min(rows.size(), static_cast<std::size_t>(std::max(1, count)));
  RowMatrix chosen(static_cast<Eigen::Index>(taken), tokens.cols());
  for (std::size_t i = 0; i < taken; ++i) chosen.row(static_cast<Eigen::Index>(i)) = tokens.row(rows[i * rows.size() / taken]);
  return chosen;
}

/// N: rows of the tokens routed to each expert.
std::vector<std::vector<Eigen::Index>> routedRows(const AnalysisInput& input, int experts) {
  std::vector<std::vector<Eigen::Index>> routed(static_cast<std::size_t>(experts));
  for (Eigen::Index t = 0; t < input.gates.rows(); ++t)
    for (int e = 0; e < experts; ++e)
      if (input.gates(t, e) > 0.0f) routed[static_cast<std::size_t>(e)].push_back(t);
  return routed;
}

/// Nothing without tokens, or where the plan has no room for one.
std::optional<ExpertJacobians> jacobiansOf(const AnalysisInput& input, const AnalysisSettings& settings,
                                           const AnalysisMeans& means) {
  if (input.tokens.rows() == 0) return std::nullopt;
  std::vector<Eigen::Index> all(static_cast<std::size_t>(input.tokens.rows()));
  std::iota(all.begin(), all.end(), 0);
  const RowMatrix shared = evenly(input.tokens, all, settings.jacobianTokens);
  const int experts = input.experts->count() + (input.sharedExpert ? 1 : 0);
  const JacobianPlan plan = means.jacobians
                                ? *means.jacobians
                                : planJacobiansInMemory(experts, input.experts->width(), static_cast<int>(shared.rows()),
                                                        settings.jacobianProbes, kJacobianBytes);
  require(plan.experts == experts && plan.tokens == shared.rows(), "the Jacobians' plan is for other experts or tokens");
  if (plan.tokensAtOnce == 0) return std::nullopt;
  return std::optional<ExpertJacobians>(std::in_place, plan, shared);
}

void keepAlignment(const AnalysisInput& input, const ExpertJacobians& jacobians, ExpertAnalysis& analysis) {
  const Eigen::Index n = analysis.experts;
  const JacobianAlignment all = jacobians.alignment();
  analysis.settings.jacobianProbes = jacobians.plan().probes;
  analysis.shared = {all.mean.topLeftCorner(n, n), all.ofAverages.topLeftCorner(n, n), all.nullDeviation, all.zeroAt.head(n),
                     all.tokens};
  if (input.gates.size() > 0) analysis.routedAlignment = jacobians.ofOwnTokens().topLeftCorner(n, n);
  if (!input.sharedExpert) return;
  analysis.sharedExpertAlignment = all.mean.col(n).head(n);
  analysis.sharedExpertZeroAt = all.zeroAt[n];
}

/// What needs the experts' weights: they are read once, or as often as the Jacobians' plan says.
void measureExperts(const AnalysisInput& input, const std::vector<std::vector<Eigen::Index>>& routed, const AnalysisMeans& means,
                    ExpertAnalysis& analysis) {
  const ExpertSource& experts = *input.experts;
  const bool coupled = input.routerRows.size() > 0, scored = input.scores.size() > 0 && input.gates.size() > 0;
  std::optional<ExpertJacobians> jacobians = jacobiansOf(input, analysis.settings, means);
  std::vector<char> finite(routed.size(), 1);  // W_gate of each expert
  if (coupled) analysis.coupling.weights.resize(analysis.experts, analysis.experts);
  if (scored) analysis.scoreActivation.resize(routed.size());
  const auto measure = [&](int e, const ExpertWeights& weights) {
    const std::vector<Eigen::Index>& rows = routed[static_cast<std::size_t>(e)];
    finite[static_cast<std::size_t>(e)] = countNotFinite(weights.gate) == 0;
    if (coupled) analysis.coupling.weights.col(e) = meanAbsoluteCosines(input.routerRows, weights.gate);
    if (scored)
      analysis.scoreActivation[static_cast<std::size_t>(e)] = scoreActivationOf(weights, input.tokens, input.scores.col(e), rows);
    if (means.visit) means.visit(e, weights);
  };
  const int passes = jacobians ? jacobians->plan().passes : 1;
  for (int pass = 0; pass < passes; ++pass) {
    if (jacobians) jacobians->beginPass(pass);
    if (jacobians && input.sharedExpert) jacobians->take(analysis.experts, *input.sharedExpert, {});
    const auto share = [&](int done) { return !means.progress || means.progress((pass * analysis.experts + done) / passes); };
    forEachExpert(experts, means.threads, share, [&](int e, const ExpertWeights& weights) {
      if (pass == 0) measure(e, weights);
      if (jacobians)
        jacobians->take(e, weights,
                        pass == 0
                            ? evenly(input.tokens, routed[static_cast<std::size_t>(e)], analysis.settings.jacobianTokens / 4)
                            : RowMatrix());
    });
    if (jacobians) jacobians->endPass();
  }
  analysis.coupling.finite =
      input.routerRows.allFinite() && std::all_of(finite.begin(), finite.end(), [](char each) { return each != 0; });
  if (jacobians) keepAlignment(input, *jacobians, analysis);
}

/// Every expert is read once more.
void measureSpectra(const AnalysisInput& input, const AnalysisMeans& means, ExpertAnalysis& analysis) {
  ExpertWeights scratch;
  const auto affordable = [&] {
    return affordableSpectrumTokens(analysis.experts, analysis.width,
                                    static_cast<int>(input.experts->read(0, scratch).gate.rows()));
  };
  const int tokens = means.spectrumTokens ? *means.spectrumTokens : affordable();
  if (tokens == 0 && !means.spectrumTokens) analysis.withoutSpectra = kSpectraTooDear;
  if (tokens == 0) return;
  const auto share = [&](int) { return !means.progress || means.progress(analysis.experts); };
  const RowMatrix gates = input.gates.size() > 0 ? evenlySpaced(input.gates, tokens) : RowMatrix();
  analysis.spectra =
      std::make_shared<const LayerSpectra>(layerSpectra(*input.experts, evenlySpaced(input.tokens, tokens), gates, share));
}

void measureSubspaces(const AnalysisInput& input, ExpertAnalysis& analysis) {
  const AnalysisSettings& settings = analysis.settings;
  analysis.effectiveRank = Eigen::VectorXd::Zero(analysis.experts);
  for (int e = 0; e < analysis.experts; ++e) {
    stopIfWanted();
    const PrincipalSubspace own =
        input.gates.size() == 0 ? PrincipalSubspace{Eigen::MatrixXd(analysis.width, 0), {}, 0}
                                : principalSubspace(input.tokens, input.gates.col(e), settings.rank, settings.explainedVariance);
    // Subspaces of another dimension cannot be compared with the rest: their overlap would be larger or smaller for that alone.
    const bool spans = settings.explainedVariance > 0.0 ? own.basis.cols() > 0 : own.basis.cols() == settings.rank;
    analysis.subspaces.push_back(spans ? own.basis : Eigen::MatrixXd(analysis.width, 0));
    analysis.explained.push_back(own.explained);
    analysis.effectiveRank[e] = effectiveRank(own.explained);
    if (!spans) analysis.leftOut.push_back(e);
  }
  const SubspaceOverlap compared = compareSubspaces(analysis.subspaces, settings.rank);
  analysis.withSubspace = compared.compared;
  analysis.angles = compared.angles;
  analysis.overlap = compared.overlap;
  analysis.nullOverlap = compared.nullOverlap;
  analysis.nullOverlapDeviation = compared.nullDeviation;
}

/// N x N: of router vectors (N x d) and each expert's (N of I x d); empty where one of them is.
Eigen::MatrixXd coupled(const RowMatrix& routerVectors, const std::vector<RowMatrix>& expertVectors) {
  if (routerVectors.size() == 0) return {};
  Eigen::MatrixXd result(routerVectors.rows(), static_cast<Eigen::Index>(expertVectors.size()));
  for (std::size_t e = 0; e < expertVectors.size(); ++e)
    result.col(static_cast<Eigen::Index>(e)) = meanAbsoluteCosines(routerVectors, expertVectors[e]);
  return result;
}

}  // namespace

double meanOffDiagonal(const Eigen::MatrixXd& matrix) {
  double sum = 0.0;
  int count = 0;
  for (Eigen::Index a = 0; a < matrix.rows(); ++a)
    for (Eigen::Index b = a + 1; b < matrix.cols(); ++b)
      if (!std::isnan(matrix(a, b))) {
        sum += std::abs(matrix(a, b));
        ++count;
      }
  return count == 0 ? kNone : sum / count;
}

int sharedTokensOf(const AnalysisSettings& settings, Eigen::Index tokens) {
  return static_cast<int>(std::min<Eigen::Index>(tokens, std::max(1, settings.jacobianTokens)));
}

ExpertAnalysis analyse(const AnalysisInput& input, const AnalysisSettings& settings, const AnalysisMeans& means) {
  ExpertAnalysis analysis;
  analysis.layer = input.layer;
  analysis.step = input.step;
  analysis.generation = input.generation;
  analysis.experts = expertsOf(input);
  analysis.width = widthOf(input);
  analysis.tokens = static_cast<int>(input.tokens.rows());
  requireShapes(input, analysis.experts, analysis.width);
  analysis.settings = settings;
  analysis.settings.rank = std::clamp(settings.rank, 1, analysis.width);
  const std::vector<std::vector<Eigen::Index>> routed = routedRows(input, analysis.experts);
  analysis.routed = Eigen::VectorXi::Zero(analysis.experts);
  for (int e = 0; e < analysis.experts; ++e) analysis.routed[e] = static_cast<int>(routed[static_cast<std::size_t>(e)].size());

  analysis.coupling.nullMean = meanAbsoluteCosineOfRandom(analysis.width);
  analysis.coupling.finite = input.routerRows.allFinite();
  if (input.experts) measureExperts(input, routed, means, analysis);
  if (input.experts && input.tokens.rows() > 0) measureSpectra(input, means, analysis);
  analysis.coupling.gradients = coupled(input.routerGradient, input.gateGradients);
  analysis.coupling.movements = coupled(input.routerMovement, input.gateMovements);
  measureSubspaces(input, analysis);
  if (!input.mixture.frames.empty())
    analysis.misrouting = misroutingCurve(input.mixture, {0.25, 0.5, 1.0, 2.0, 4.0, 8.0}, kMisroutingDraws);
  if (input.routerRows.size() > 0) {
    analysis.routerSimilarity = cosinesOfRows(input.routerRows);
    analysis.routersWithoutDirection = rowsWithoutDirection(input.routerRows);
  }
  return analysis;
}

std::string ExpertAnalysis::overlapInWords() const {
  std::string words =
      settings.explainedVariance > 0.0
          ? translated("mean cos^2 of the principal angles, as many as the smaller of the two subspaces has directions")
          : translated(
                weightSubspaces
                    ? "mean cos^2 of the %1 principal angles between the top %1 right singular directions of two experts' W_gate"
                    : "mean cos^2 of the %1 principal angles between the top %1 principal directions of two experts' routed tokens",
                std::to_string(settings.rank));
  if (leftOut.empty()) return words;
  return words +
         translated(weightSubspaces ? "; %1 of %2 experts left out, whose W_gate spans fewer"
                                    : "; %1 of %2 experts left out, whose routed tokens span fewer",
                    std::to_string(leftOut.size()), std::to_string(experts)) +
         (weightSubspaces || settings.explainedVariance > 0.0
              ? ""
              : translated(" (%1 tokens are needed)", std::to_string(settings.rank + 1)));
}

}  // namespace moescope
