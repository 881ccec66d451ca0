#include "core/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace moescope {
namespace {

/// Pairs of score and outcome, those with a value that is not finite left out, sorted by score.
std::vector<std::pair<float, float>> sortedCases(const Eigen::VectorXf& score, const Eigen::VectorXf& outcome) {
  std::vector<std::pair<float, float>> cases;
  for (Eigen::Index i = 0; i < score.size(); ++i)
    if (std::isfinite(score[i]) && std::isfinite(outcome[i])) cases.emplace_back(score[i], outcome[i]);
  std::sort(cases.begin(), cases.end());
  return cases;
}

/// The lower one of an even number.
float medianOutcome(const std::vector<std::pair<float, float>>& cases) {
  std::vector<float> outcomes;
  for (const auto& [score, outcome] : cases) outcomes.push_back(outcome);
  const auto middle = outcomes.begin() + static_cast<std::ptrdiff_t>((outcomes.size() - 1) / 2);
  std::nth_element(outcomes.begin(), middle, outcomes.end());
  return *middle;
}

}  // namespace

double areaUnderRoc(const Eigen::VectorXf& score, const Eigen::VectorXf& outcome) {
  const std::vector<std::pair<float, float>> cases = sortedCases(score, outcome);
  if (cases.empty()) return std::numeric_limits<double>::quiet_NaN();
  const float median = medianOutcome(cases);
  double rankSum = 0.0, high = 0.0;
  for (std::size_t from = 0, to = 0; from < cases.size(); from = to) {  // cases of equal scores share their mean rank
    while (to < cases.size() && cases[to].first == cases[from].first) ++to;
    const double rank = 0.5 * static_cast<double>(from + 1 + to);
    for (std::size_t i = from; i < to; ++i)
      if (cases[i].second > median) rankSum += rank, ++high;
  }
  const double low = static_cast<double>(cases.size()) - high;
  if (high == 0.0 || low == 0.0) return std::numeric_limits<double>::quiet_NaN();
  return (rankSum - 0.5 * high * (high + 1.0)) / (high * low);
}

std::vector<CalibrationPart> calibrationOf(const Eigen::VectorXf& score, const Eigen::VectorXf& outcome, int parts) {
  const std::vector<std::pair<float, float>> cases = sortedCases(score, outcome);
  const auto size = cases.size(), count = static_cast<std::size_t>(std::max(1, parts));
  std::vector<CalibrationPart> result;
  for (std::size_t p = 0; p < count; ++p) {
    CalibrationPart part;
    for (std::size_t i = p * size / count; i < (p + 1) * size / count; ++i)
      part.score += cases[i].first, part.outcome += cases[i].second, ++part.count;
    if (part.count == 0) continue;
    part.score /= part.count;
    part.outcome /= part.count;
    result.push_back(part);
  }
  return result;
}

}  // namespace moescope
