#include "core/geometry/score_activation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/geometry/stop_scope.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kTokensAtOnce = 256;

/// Ranks from 1, ties share their mean rank.
Eigen::VectorXd ranksOf(const Eigen::VectorXd& values) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return values[a] < values[b]; });
  Eigen::VectorXd ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t j = i; j < end; ++j) ranks[order[j]] = 0.5 * static_cast<double>(i + 1 + end);
    i = end;
  }
  return ranks;
}

}  // namespace

ScoreActivation scoreActivationOf(const ExpertWeights& expert, const RowMatrix& tokens, const Eigen::VectorXf& scores,
                                  const std::vector<Eigen::Index>& rows) {
  if (expert.identity)
    return {.tokens = {}, .score = {}, .activation = {}, .pearson = kNone, .spearman = kNone};  // no hidden units
  ScoreActivation result;
  for (std::size_t at = 0; at < rows.size(); at += kTokensAtOnce) {
    stopIfWanted();
    const std::vector<Eigen::Index> part(rows.begin() + static_cast<long>(at),
                                         rows.begin() + static_cast<long>(std::min(rows.size(), at + kTokensAtOnce)));
    const Eigen::VectorXf norms = expert.hiddenUnits(tokens(part, Eigen::all)).rowwise().norm();
    for (std::size_t i = 0; i < part.size(); ++i) {
      result.tokens.push_back(static_cast<int>(part[i]));
      result.score.push_back(scores[part[i]]);
      result.activation.push_back(norms[static_cast<Eigen::Index>(i)]);
    }
  }
  const auto vector = [](const std::vector<double>& v) {
    return Eigen::Map<const Eigen::VectorXd>(v.data(), static_cast<Eigen::Index>(v.size()));
  };
  result.pearson = pearsonCorrelation(vector(result.score), vector(result.activation));
  result.spearman = spearmanCorrelation(vector(result.score), vector(result.activation));
  return result;
}

MeanCorrelation meanSpearman(const std::vector<ScoreActivation>& experts) {
  double sum = 0.0;
  int count = 0;
  const auto finite = [](double value) { return std::isfinite(value); };
  for (const ScoreActivation& each : experts) {
    if (!std::all_of(each.score.begin(), each.score.end(), finite) ||
        !std::all_of(each.activation.begin(), each.activation.end(), finite))
      sum = kNone;
    if (std::isnan(each.spearman)) continue;
    sum += each.spearman;
    ++count;
  }
  return {count > 0 ? sum / count : kNone, count};
}

double pearsonCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  if (x.size() < 3) return kNone;
  const Eigen::VectorXd a = x.array() - x.mean(), b = y.array() - y.mean();
  const double scale = a.norm() * b.norm();
  return scale > 0.0 && std::isfinite(scale) ? std::clamp(a.dot(b) / scale, -1.0, 1.0) : kNone;
}

double spearmanCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  if (!x.allFinite() || !y.allFinite()) return kNone;  // there is no order
  return pearsonCorrelation(ranksOf(x), ranksOf(y));
}

}  // namespace moescope
