#pragma once
// Sums over tokens of what a routing measures, read block by block.

#include <Eigen/Core>
#include <cmath>
#include <utility>

#include "core/metrics/bounds.h"
#include "core/metrics/row_kernels.h"
#include "core/reading/routing.h"

namespace moescope {

/// H = log Z + spread / Z in nats. Both terms are at least 0.
inline double entropyOf(float total, float spread) {
  return std::log(static_cast<double>(total)) + static_cast<double>(spread) / total;
}

/// Adds up what is measured on tokens in a row.
class MeasureSum {
 public:
  MeasureSum(Eigen::Index tokens, Eigen::Index experts) : block_(Eigen::VectorXf::Zero(experts)) {
    measures_.tokenEntropy.resize(tokens);
    measures_.load = Eigen::VectorXd::Zero(experts);
  }
  /// Where the token's gates are to be added.
  float* load() { return block_.data(); }
  /// `token`: counted from 0 by this sum.
  void add(Eigen::Index token, double entropy) {
    measures_.tokenEntropy[token] = static_cast<float>(entropy);
    measures_.meanEntropy += entropy;
    measures_.effectiveExperts += std::exp(entropy);
    ++counted_;
    if (token % kBlock == kBlock - 1) flush();
  }
  /// Adds the means of tokens from `first` on, of which `counted` were of account.
  void add(Eigen::Index first, const RoutingMeasures& part, Eigen::Index counted) {
    measures_.tokenEntropy.segment(first, part.tokenEntropy.size()) = part.tokenEntropy;
    if (counted == 0) return;
    measures_.meanEntropy += part.meanEntropy * static_cast<double>(counted);
    measures_.effectiveExperts += part.effectiveExperts * static_cast<double>(counted);
    measures_.load += part.load * static_cast<double>(counted);
    counted_ += counted;
  }
  /// Adds a sum of tokens from `first` on.
  void add(Eigen::Index first, MeasureSum& part) {
    part.flush();
    measures_.tokenEntropy.segment(first, part.measures_.tokenEntropy.size()) = part.measures_.tokenEntropy;
    measures_.meanEntropy += part.measures_.meanEntropy;
    measures_.effectiveExperts += part.measures_.effectiveExperts;
    measures_.load += part.measures_.load;
    counted_ += part.counted_;
  }
  RoutingMeasures finish() {
    flush();
    const double tokens = counted_ > 0 ? static_cast<double>(counted_) : std::nan("");
    measures_.meanEntropy /= tokens;
    measures_.effectiveExperts /= tokens;
    measures_.load /= tokens;
    measureLoad(measures_);
    return std::move(measures_);
  }

 private:
  static constexpr Eigen::Index kBlock = 64;  // so many floats are summed before doubles take over
  void flush() {
    measures_.load += block_.cast<double>();
    block_.setZero();
  }
  RoutingMeasures measures_;
  Eigen::VectorXf block_;
  Eigen::Index counted_ = 0;
};

/// The two proven bounds E2 and E3, summed over tokens by each token's own range and top gap.
struct BoundSum {
  double lower = 0.0, upper = 0.0;
  void add(const RowReading& row, int experts) {
    lower += entropyLowerBound(experts, row.range);
    upper += entropyUpperBound(experts, row.gap);
  }
};

/// What is found of the tokens of a block, or of all.
struct BlockSums {
  BlockSums(Eigen::Index tokens, int experts) : probability(tokens, experts), applied(tokens, experts) {}
  MeasureSum probability, applied;
  BoundSum bounds;
  Eigen::Index unserved = 0;
};

}  // namespace moescope
