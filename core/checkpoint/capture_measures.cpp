#include "core/checkpoint/capture_measures.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/metrics/load.h"
#include "core/words/words.h"

namespace moescope {
namespace {

bool counts(const CapturedTokens& measured, std::int64_t token) {
  return measured.empty() || measured[static_cast<std::size_t>(token)];
}

bool isRouted(const RoutingCapture& capture, int layer) {
  if (capture.chosen < 2) return true;
  for (std::int64_t t = 0; t < capture.tokens; ++t)
    for (int i = 0; i < capture.chosen; ++i)
      if (capture.id(t, layer, i) != capture.id(0, layer, 0)) return true;
  return false;
}

/// Mean absolute difference of two experts' loads over twice the mean load.
double giniOf(Eigen::VectorXd load) {
  std::sort(load.begin(), load.end());
  const double n = static_cast<double>(load.size());
  double sum = 0.0;
  for (Eigen::Index i = 0; i < load.size(); ++i) sum += (2.0 * static_cast<double>(i + 1) - n - 1.0) * load[i];
  return sum / (n * load.sum());
}

void measureBalance(CaptureMeasures& m) {
  const LoadBalance balance = balanceOf(m.load);
  m.loadVariation = balance.variation;
  m.maxViolation = balance.maxViolation;
  m.gini = giniOf(m.load);
  m.loadEntropy = 0.0;
  for (const double share : m.load) {
    if (share > 0.0) m.loadEntropy -= share * std::log(share);
    m.neverChosen += share == 0.0;
  }
  m.dead = deadExperts(m.load);
}

void measurePairs(CaptureMeasures& m, int chosen) {
  if (chosen < 2) return;
  double lift = 0.0;
  int pairs = 0;
  for (int a = 0; a < m.experts; ++a)
    for (int b = a + 1; b < m.experts; ++b) {
      if (m.together(a, a) == 0.0 || m.together(b, b) == 0.0) continue;
      lift += m.together(a, b) / (m.together(a, a) * m.together(b, b));
      ++pairs;
      if (m.firstOfPair < 0 || m.together(a, b) > m.together(m.firstOfPair, m.secondOfPair)) {
        m.firstOfPair = a;
        m.secondOfPair = b;
      }
    }
  if (pairs > 0) m.meanLift = lift / pairs;
}

void measureChurn(const RoutingCapture& capture, int layer, const CapturedTokens& measured, CaptureMeasures& m) {
  std::vector<std::int64_t> lastToken(static_cast<std::size_t>(m.experts), -1);
  std::int64_t kept = 0;
  std::size_t sequence = 0;
  bool begins = true;
  for (std::int64_t t = 0; t < capture.tokens; ++t) {
    for (; sequence < capture.starts.size() && capture.starts[sequence] == t; ++sequence) begins = true;
    if (std::binary_search(capture.gaps.begin(), capture.gaps.end(), t)) begins = true;
    if (!counts(measured, t)) {
      begins = true;
      continue;
    }
    m.neighbours += !begins;
    for (int i = 0; i < capture.chosen; ++i) {
      std::int64_t& last = lastToken[static_cast<std::size_t>(capture.id(t, layer, i))];
      kept += !begins && last == t - 1;
      last = t;
    }
    begins = false;
  }
  if (m.neighbours > 0) m.churn = 1.0 - static_cast<double>(kept) / (static_cast<double>(m.neighbours) * capture.chosen);
  m.independentChurn = 1.0 - capture.chosen * m.load.squaredNorm();
}

void countTogether(const RoutingCapture& capture, int layer, std::int64_t t, CaptureMeasures& m) {
  for (int i = 0; i < capture.chosen; ++i)
    for (int j = 0; j < capture.chosen; ++j) {
      const int a = capture.id(t, layer, i), b = capture.id(t, layer, j);
      if (i != j && a == b)
        throw std::runtime_error(translated("%1: token %2, layer %3: expected %4 different experts, found %5 twice", capture.file,
                                            std::to_string(t), std::to_string(layer), std::to_string(capture.chosen),
                                            std::to_string(a)));
      m.together(a, b) += 1.0;
    }
}

}  // namespace

CapturedTokens tokensOf(const RoutingCapture& capture, CapturedPart part) {
  CapturedTokens tokens(capture.parts.size());
  std::transform(capture.parts.begin(), capture.parts.end(), tokens.begin(), [&](CapturedPart each) { return each == part; });
  return tokens;
}

Eigen::VectorXd loadsOf(const RoutingCapture& capture, int layer, int experts, const CapturedTokens& measured) {
  if (!isRouted(capture, layer)) return {};
  Eigen::VectorXd load = Eigen::VectorXd::Zero(experts);
  for (std::int64_t t = 0; t < capture.tokens; ++t)
    for (int i = 0; i < capture.chosen && counts(measured, t); ++i) load[capture.id(t, layer, i)] += 1.0;
  return load / load.sum();
}

CaptureMeasures measureCapture(const RoutingCapture& capture, int layer, int experts, const CapturedTokens& measured) {
  CaptureMeasures m;
  m.experts = experts;
  m.tokens = measured.empty() ? capture.tokens : std::count(measured.begin(), measured.end(), true);
  m.routed = isRouted(capture, layer);
  if (!m.routed || m.tokens == 0) return m;
  m.together = Eigen::MatrixXd::Zero(experts, experts);
  for (std::int64_t t = 0; t < capture.tokens; ++t)
    if (counts(measured, t)) countTogether(capture, layer, t, m);
  m.load = m.together.diagonal() / static_cast<double>(m.tokens * capture.chosen);
  m.together /= static_cast<double>(m.tokens);
  measureBalance(m);
  measurePairs(m, capture.chosen);
  measureChurn(capture, layer, measured, m);
  return m;
}

}  // namespace moescope
