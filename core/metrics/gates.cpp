#include "core/metrics/gates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr float kLeastFloat = std::numeric_limits<float>::min();

/// -p log p in nats, 0 for p = 0.
double entropyTerm(double p) { return p > 0.0 ? -p * std::log(p) : 0.0; }

/// How many of the gates, given in falling order, the rule keeps. At least one.
int keptCount(const std::vector<float>& falling, const GatingRule& rule) {
  const int experts = static_cast<int>(falling.size());
  switch (rule.policy) {
    case GatingPolicy::AsTrained:
    case GatingPolicy::Soft: return experts;
    case GatingPolicy::TopK: return std::clamp(rule.k, 1, experts);
    case GatingPolicy::TopP: {
      float mass = 0.0f;
      for (int i = 0; i < experts; ++i)
        if ((mass += falling[i]) >= rule.mass) return i + 1;
      return experts;
    }
    case GatingPolicy::Threshold: {
      const auto below = [&](float gate) { return gate < rule.threshold; };
      const auto end = std::find_if(falling.begin(), falling.end(), below);
      return std::max(1, static_cast<int>(end - falling.begin()));
    }
  }
  return experts;
}

}  // namespace

RowMatrix routingProbabilities(const RowMatrix& logits, float alpha) {
  if (!std::isfinite(alpha) || alpha < 0.0f)
    throw std::invalid_argument("the concentration must be a finite number of at least 0");
  RowMatrix gates(logits.rows(), logits.cols());
  for (Eigen::Index t = 0; t < logits.rows(); ++t) {
    gates.row(t) = (alpha * (logits.row(t).array() - logits.row(t).maxCoeff())).exp();
    gates.row(t) /= gates.row(t).sum();
  }
  return gates;
}

RowMatrix appliedGates(const RowMatrix& probabilities, const GatingRule& rule) {
  if (rule.policy == GatingPolicy::AsTrained) throw std::invalid_argument("gates as trained need the router's rule");
  if (rule.policy == GatingPolicy::Soft) return probabilities;
  RowMatrix gates = RowMatrix::Zero(probabilities.rows(), probabilities.cols());
  std::vector<int> order(probabilities.cols());
  std::vector<float> falling(probabilities.cols());
  for (Eigen::Index t = 0; t < probabilities.rows(); ++t) {
    const auto row = probabilities.row(t);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return row[a] > row[b]; });
    std::transform(order.begin(), order.end(), falling.begin(), [&](int e) { return row[e]; });
    const int kept = keptCount(falling, rule);
    for (int i = 0; i < kept; ++i) gates(t, order[i]) = falling[i];
    gates.row(t) /= gates.row(t).sum();
  }
  return gates;
}

void measureLoad(RoutingMeasures& measures) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const bool known = !std::isnan(measures.meanEntropy);
  const LoadBalance balance = known ? balanceOf(measures.load) : LoadBalance{none, none, none};
  measures.loadVariation = balance.variation;
  measures.maxViolation = balance.maxViolation;
  measures.loadEntropy = balance.entropy;
  const double loadEntropy = measures.load.unaryExpr(&entropyTerm).sum();
  measures.specialisation =
      std::isnan(balance.entropy) ? none : std::max(0.0, loadEntropy - measures.meanEntropy);  // the maximum keeps no NaN
}

RoutingMeasures measureRouting(const RowMatrix& gates) {
  if (gates.size() == 0) throw std::invalid_argument("there are no gates to measure");
  RoutingMeasures measures;
  measures.tokenEntropy.resize(gates.rows());
  measures.load = Eigen::VectorXd::Zero(gates.cols());
  for (Eigen::Index t = 0; t < gates.rows(); ++t) {
    // Vectorised; a gate of 0 adds 0 times a finite logarithm. Absolute error about 1e-6 nats for 64 experts.
    const bool finite = gates.row(t).allFinite();
    const double entropy = finite ? std::max(0.0f, -(gates.row(t).array() * gates.row(t).array().max(kLeastFloat).log()).sum())
                                  : std::numeric_limits<float>::quiet_NaN();
    measures.load += gates.row(t).transpose().cast<double>();  // row by row: the matrix lies in rows
    measures.tokenEntropy[t] = static_cast<float>(entropy);
    measures.meanEntropy += entropy;
    measures.effectiveExperts += std::exp(entropy);
  }
  measures.meanEntropy /= gates.rows();
  measures.effectiveExperts /= gates.rows();
  measures.load /= static_cast<double>(gates.rows());
  measureLoad(measures);
  return measures;
}

RoutingMeasures measureGates(const RowMatrix& gates) {
  std::vector<Eigen::Index> served;
  for (Eigen::Index t = 0; t < gates.rows(); ++t)
    if (gates.row(t).sum() != 0.0f) served.push_back(t);  // what is not a number counts
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  RoutingMeasures measures;
  if (served.empty() && gates.size() > 0) {
    measures.load = Eigen::VectorXd::Constant(gates.cols(), none);
    measures.meanEntropy = measures.effectiveExperts = none;
    measureLoad(measures);
  } else {
    RowMatrix scaled = gates(served, Eigen::all);
    for (Eigen::Index t = 0; t < scaled.rows(); ++t) scaled.row(t) /= scaled.row(t).sum();
    measures = measureRouting(scaled);
  }
  const Eigen::VectorXf entropy =
      std::exchange(measures.tokenEntropy, Eigen::VectorXf::Constant(gates.rows(), std::numeric_limits<float>::quiet_NaN()));
  for (std::size_t i = 0; i < served.size(); ++i) measures.tokenEntropy[served[i]] = entropy[static_cast<Eigen::Index>(i)];
  return measures;
}

}  // namespace moescope
