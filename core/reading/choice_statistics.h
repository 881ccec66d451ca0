#pragma once
// Which experts are chosen together, one layer after another, and along the tokens: counted choices, no gates. An expert is chosen
// where its gate is not 0. Shares are of tokens.

#include <Eigen/Core>
#include <cstdint>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// Choices of one token at two places: the same layer, or two layers.
struct JointChoices {
  Eigen::MatrixXd share;         ///< N x M: of tokens that have a at the first place and b at the second; NaN where routing is not known
  Eigen::VectorXd first, second;  ///< N, M: of tokens that have the expert at each place

  /// log2 of share(a, b) / (first(a) second(b)): 0 where both are chosen independently, -inf where never together, NaN where one of
  /// them is never chosen. A token never has one expert twice, so that the diagonal of one layer is no pair: NaN there, where
  /// `sameLayer`.
  Eigen::MatrixXd lift(bool sameLayer) const;
};

/// T x N gates of one layer with themselves. Tokens with a gate that is not finite make everything NaN. No tokens: NaN.
JointChoices chosenTogether(const RowMatrix& gates);

/// T x N and T x M gates of two layers on the same tokens; as chosenTogether().
JointChoices chosenAfter(const RowMatrix& first, const RowMatrix& second);

/// The log2 lift that two of k different experts out of n would have if every choice were equally likely, (k - 1) n / (k (n - 1)): below
/// 0, since a token has no expert twice. NaN for k below 2.
double liftOfDifferentExperts(double k, int n);

/// S x N: share of the assignments of each expert in S stretches of tokens of equal length, the last ones a token shorter; rows sum to 1,
/// or are NaN where a stretch has none.
Eigen::MatrixXd loadAlong(const RowMatrix& gates, int stretches);

/// N: mean of a value of each token (T) over the tokens that chose the expert; NaN where none did.
Eigen::VectorXd meanOfChoosers(const RowMatrix& gates, const Eigen::VectorXf& ofToken);

/// First token of stretch `s` of `stretches` of `tokens` tokens.
inline std::int64_t stretchBegin(std::int64_t tokens, int stretches, int s) { return (tokens * s + stretches - 1) / stretches; }

}  // namespace moescope
