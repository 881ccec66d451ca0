#include "core/geometry/expert_analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "core/geometry/coupling.h"
#include "core/geometry/principal_subspaces.h"

namespace moescope {
namespace {

constexpr int kMisroutingDraws = 1500;  // from the router's mixture, at each concentration
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument("the analysis got arrays that disagree: " + what);
}

int expertsOf(const AnalysisInput& input) {
  if (!input.experts.empty()) return static_cast<int>(input.experts.size());
  return static_cast<int>(input.routerRows.rows() > 0 ? input.routerRows.rows() : input.gates.cols());
}

int widthOf(const AnalysisInput& input) {
  if (!input.experts.empty()) return static_cast<int>(input.experts.front().gate.cols());
  return static_cast<int>(input.routerRows.cols() > 0 ? input.routerRows.cols() : input.tokens.cols());
}

void requireShapes(const AnalysisInput& input, int experts, int width) {
  require(experts > 0, "no experts, router or gates");
  for (const SwiGluExpert& expert : input.experts)
    require(expert.gate.cols() == width && expert.up.cols() == width && expert.up.rows() == expert.gate.rows() &&
                expert.down.cols() == expert.gate.rows(),
            "expert weights are not I x d, I x d and d x I");
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
    require(list->empty() || list->size() == static_cast<std::size_t>(experts), "gradients or movements of some experts are missing");
    for (const Eigen::MatrixXf& m : *list) require(m.cols() == width, "a gradient or movement of an expert is not I x d");
  }
}

/// `count` rows, evenly spaced.
Eigen::MatrixXf evenly(const RowMatrix& tokens, const std::vector<Eigen::Index>& rows, int count) {
  const std::size_t taken = std::min(rows.size(), static_cast<std::size_t>(std::max(1, count)));
  Eigen::MatrixXf chosen(static_cast<Eigen::Index>(taken), tokens.cols());
  for (std::size_t i = 0; i < taken; ++i) chosen.row(static_cast<Eigen::Index>(i)) = tokens.row(rows[i * rows.size() / taken]);
  return chosen;
}

/// cos_F of the experts' Jacobians, each averaged over tokens of its own.
Eigen::MatrixXd routedAlignment(const AnalysisInput& input, const std::vector<std::vector<Eigen::Index>>& routed, int perExpert,
                                const std::function<void()>& pulse) {
  const Eigen::Index experts = static_cast<Eigen::Index>(input.experts.size());
  std::vector<Eigen::MatrixXf> mean(input.experts.size());
  for (std::size_t e = 0; e < input.experts.size(); ++e) {
    if (pulse) pulse();
    if (routed[e].empty()) continue;
    const Eigen::MatrixXf own = evenly(input.tokens, routed[e], perExpert);
    mean[e] = Eigen::MatrixXf::Zero(own.cols(), own.cols());
    for (Eigen::Index t = 0; t < own.rows(); ++t) mean[e] += expertJacobian(input.experts[e], own.row(t).transpose()) / static_cast<float>(own.rows());
  }
  Eigen::MatrixXd result = Eigen::MatrixXd::Constant(experts, experts, kNone);
  for (Eigen::Index a = 0; a < experts; ++a)
    for (Eigen::Index b = 0; b < experts; ++b) {
      const Eigen::MatrixXf &first = mean[static_cast<std::size_t>(a)], &second = mean[static_cast<std::size_t>(b)];
      if (first.size() == 0 || second.size() == 0) continue;
      const double scale = static_cast<double>(first.norm()) * second.norm();
      if (scale > 0.0) result(a, b) = a == b ? 1.0 : first.cast<double>().cwiseProduct(second.cast<double>()).sum() / scale;
    }
  return result;
}

void measureSubspaces(const AnalysisInput& input, ExpertAnalysis& analysis) {
  const AnalysisSettings& settings = analysis.settings;
  analysis.effectiveRank = Eigen::VectorXd::Zero(analysis.experts);
  std::vector<Eigen::MatrixXd> bases;
  for (int e = 0; e < analysis.experts; ++e) {
    const PrincipalSubspace own = input.gates.size() == 0 ? PrincipalSubspace{Eigen::MatrixXd(analysis.width, 0), {}, 0}
                                                          : principalSubspace(input.tokens, input.gates.col(e), settings.rank, settings.explainedVariance);
    // Subspaces of another dimension cannot be compared with the rest: their overlap would be larger or smaller for that alone.
    const bool spans = settings.explainedVariance > 0.0 ? own.basis.cols() > 0 : own.basis.cols() == settings.rank;
    analysis.subspaces.push_back(spans ? own.basis : Eigen::MatrixXd(analysis.width, 0));
    analysis.explained.push_back(own.explained);
    analysis.effectiveRank[e] = effectiveRank(own.explained);
    (spans ? analysis.withSubspace : analysis.leftOut).push_back(e);
    if (spans) bases.push_back(own.basis);
  }
  analysis.overlap = Eigen::MatrixXd::Constant(analysis.experts, analysis.experts, kNone);
  for (const int e : analysis.withSubspace) analysis.overlap(e, e) = 1.0;
  if (bases.size() < 2) return;
  analysis.angles = principalAnglesOfAllPairs(bases);
  for (std::size_t a = 0; a < bases.size(); ++a)
    for (std::size_t b = a + 1; b < bases.size(); ++b) {
      const int first = analysis.withSubspace[a], second = analysis.withSubspace[b];
      const Eigen::VectorXd& angles = analysis.angles.of(static_cast<int>(a), static_cast<int>(b));
      analysis.overlap(first, second) = analysis.overlap(second, first) = angles.array().cos().square().mean();
    }
}

/// Mean over pairs of the larger rank: random subspaces of ranks a <= b have mean cos^2 b / d over their a angles.
double meanLargerRank(const ExpertAnalysis& analysis) {
  double sum = 0.0;
  int pairs = 0;
  for (std::size_t a = 0; a < analysis.withSubspace.size(); ++a)
    for (std::size_t b = a + 1; b < analysis.withSubspace.size(); ++b, ++pairs)
      sum += static_cast<double>(std::max(analysis.subspaces[static_cast<std::size_t>(analysis.withSubspace[a])].cols(),
                                          analysis.subspaces[static_cast<std::size_t>(analysis.withSubspace[b])].cols()));
  return pairs > 0 ? sum / pairs : analysis.settings.rank;
}

ScoreActivation scoreActivation(const AnalysisInput& input, int expert, const std::vector<Eigen::Index>& rows) {
  ScoreActivation result;
  const SwiGluExpert& weights = input.experts[static_cast<std::size_t>(expert)];
  for (const Eigen::Index t : rows) {
    const Eigen::VectorXf hidden = input.tokens.row(t).transpose();
    const Eigen::ArrayXf gate = (weights.gate * hidden).array(), up = (weights.up * hidden).array();
    result.tokens.push_back(static_cast<int>(t));
    result.score.push_back(input.scores(t, expert));
    result.activation.push_back((gate * gate.logistic() * up).matrix().norm());
  }
  const auto vector = [](const std::vector<double>& v) { return Eigen::Map<const Eigen::VectorXd>(v.data(), static_cast<Eigen::Index>(v.size())); };
  result.pearson = pearsonCorrelation(vector(result.score), vector(result.activation));
  result.spearman = spearmanCorrelation(vector(result.score), vector(result.activation));
  return result;
}

Coupling couplingOf(const AnalysisInput& input, int width) {
  Coupling coupling;
  coupling.nullMean = meanAbsoluteCosineOfRandom(width);
  coupling.finite = input.routerRows.allFinite() && std::all_of(input.experts.begin(), input.experts.end(), [](const SwiGluExpert& e) { return e.gate.allFinite(); });
  if (input.routerRows.size() > 0 && !input.experts.empty()) {
    std::vector<Eigen::MatrixXf> rows;
    for (const SwiGluExpert& expert : input.experts) rows.push_back(expert.gate);
    coupling.weights = meanAbsoluteCosines(input.routerRows, rows);
  }
  if (input.routerGradient.size() > 0 && !input.gateGradients.empty()) coupling.gradients = meanAbsoluteCosines(input.routerGradient, input.gateGradients);
  if (input.routerMovement.size() > 0 && !input.gateMovements.empty()) coupling.movements = meanAbsoluteCosines(input.routerMovement, input.gateMovements);
  return coupling;
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

ExpertAnalysis analyse(const AnalysisInput& input, const AnalysisSettings& settings, const std::function<void()>& pulse) {
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

  std::vector<std::vector<Eigen::Index>> routed(static_cast<std::size_t>(analysis.experts));
  analysis.routed = Eigen::VectorXi::Zero(analysis.experts);
  std::vector<Eigen::Index> all;
  for (Eigen::Index t = 0; t < input.tokens.rows(); ++t) {
    all.push_back(t);
    for (int e = 0; input.gates.size() > 0 && e < analysis.experts; ++e) {
      if (!(input.gates(t, e) > 0.0f)) continue;
      routed[static_cast<std::size_t>(e)].push_back(t);
      ++analysis.routed[e];
    }
  }
  if (!input.experts.empty() && !all.empty()) {
    analysis.shared = jacobianAlignment(input.experts, evenly(input.tokens, all, settings.jacobianTokens), settings.jacobianProbes, 1, pulse);
    if (input.gates.size() > 0) analysis.routedAlignment = routedAlignment(input, routed, std::max(1, settings.jacobianTokens / 4), pulse);
  }
  if (pulse) pulse();
  measureSubspaces(input, analysis);
  if (!input.mixture.frames.empty()) analysis.misrouting = misroutingCurve(input.mixture, {0.25, 0.5, 1.0, 2.0, 4.0, 8.0}, kMisroutingDraws);
  const double d = analysis.width, r = meanLargerRank(analysis);
  analysis.nullOverlap = r / d;
  analysis.nullOverlapDeviation = d > 1.0 ? std::sqrt(2.0) * (d - r) / (d * std::sqrt((d - 1.0) * (d + 2.0))) : 0.0;
  if (input.routerRows.size() > 0) {
    analysis.routerSimilarity = cosinesOfRows(input.routerRows);
    analysis.routersWithoutDirection = rowsWithoutDirection(input.routerRows);
  }
  analysis.coupling = couplingOf(input, analysis.width);
  if (!input.experts.empty() && input.scores.size() > 0 && input.gates.size() > 0)
    for (int e = 0; e < analysis.experts; ++e) analysis.scoreActivation.push_back(scoreActivation(input, e, routed[static_cast<std::size_t>(e)]));
  return analysis;
}

MeanCorrelation meanSpearman(const std::vector<ScoreActivation>& experts) {
  double sum = 0.0;
  int count = 0;
  const auto finite = [](double value) { return std::isfinite(value); };
  for (const ScoreActivation& each : experts) {
    if (!std::all_of(each.score.begin(), each.score.end(), finite) || !std::all_of(each.activation.begin(), each.activation.end(), finite)) sum = kNone;
    if (std::isnan(each.spearman)) continue;
    sum += each.spearman;
    ++count;
  }
  return {count > 0 ? sum / count : kNone, count};
}

std::string ExpertAnalysis::overlapInWords() const {
  const std::string r = std::to_string(settings.rank), whose = weightSubspaces ? "W_gate" : "routed tokens";
  std::string words = settings.explainedVariance > 0.0
                          ? "mean cos^2 of the principal angles, as many as the smaller of the two subspaces has directions"
                          : "mean cos^2 of the " + r + " principal angles between the top " + r + (weightSubspaces ? " right singular" : " principal") + " directions of two experts' " + whose;
  if (leftOut.empty()) return words;
  return words + "; " + std::to_string(leftOut.size()) + " of " + std::to_string(experts) + " experts left out, whose " + whose + (weightSubspaces ? " spans" : " span") + " fewer" +
         (weightSubspaces || settings.explainedVariance > 0.0 ? "" : " (" + std::to_string(settings.rank + 1) + " tokens are needed)");
}

}  // namespace moescope
