#pragma once
// Which experts are chosen together, one layer after another, and along the tokens: counted choices, no gates. An expert is
// chosen where its gate is not 0. Shares are of tokens.

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// The experts of each token of one layer, without their gates: small enough to be held of every layer.
struct ChosenExperts {
  int experts = 0;                   ///< N
  std::vector<std::int64_t> begins;  ///< T + 1: first id of each token, and the end; empty: nothing is known
  std::vector<std::int32_t> ids;     ///< in [0, N), of a token rising

  std::int64_t tokens() const { return begins.empty() ? 0 : static_cast<std::int64_t>(begins.size()) - 1; }
  std::span<const std::int32_t> of(std::int64_t token) const {
    const auto at = static_cast<std::size_t>(token);
    return {ids.data() + begins[at], static_cast<std::size_t>(begins[at + 1] - begins[at])};
  }
};
/// Of T x N gates; nothing is known where one is not finite.
ChosenExperts chosenExperts(const RowMatrix& gates);

/// Choices of one token at two places: the same layer, or two layers.
struct JointChoices {
  Eigen::MatrixXd share;  ///< N x M: of tokens that have a at the first place and b at the second; NaN where routing is not known
  Eigen::VectorXd first, second;  ///< N, M: of tokens that have the expert at each place

  /// log2 of share(a, b) / (first(a) second(b)): 0 where both are chosen independently, -inf where never together, NaN where one
  /// of them is never chosen. A token never has one expert twice, so that the diagonal of one layer is no pair: NaN there, where
  /// `sameLayer`.
  Eigen::MatrixXd lift(bool sameLayer) const;
};

/// T x N gates of one layer with themselves. Tokens with a gate that is not finite make everything NaN. No tokens: NaN.
JointChoices chosenTogether(const RowMatrix& gates);

/// T x N and T x M gates of two layers on the same tokens; as chosenTogether().
JointChoices chosenAfter(const RowMatrix& first, const RowMatrix& second);

/// The same of choices alone.
JointChoices chosenAfter(const ChosenExperts& first, const ChosenExperts& second);

/// What the expert of one place says of those of the other: for each a the relative entropy sum_b q(b|a) log2 q(b|a) / q(b) in
/// bits, with q(b|a) = share(a, b) / sum share(a, .) and q(b) = second(b) / sum second: 0 where they do not depend on it; NaN
/// where a was never chosen.
Eigen::VectorXd toldOfNext(const JointChoices& choices);
/// N: what toldOfNext() gives, to first order, of independent choices for want of tokens: (B - 1) (1 / n(a) - 1 / n) / (2 ln 2),
/// B the experts b that occur, n(a) the assignments at the second place of the `tokens` tokens that have a, n all of them.
Eigen::VectorXd toldByChance(const JointChoices& choices, std::int64_t tokens);

/// The log2 lift that two of k different experts out of n would have if every choice were equally likely, (k - 1) n / (k (n -
/// 1)): below 0, since a token has no expert twice. NaN for k below 2.
double liftOfDifferentExperts(double k, int n);

/// S x N: share of the assignments of each expert in S stretches of tokens of equal length, the last ones a token shorter; rows
/// sum to 1, or are NaN where a stretch has none.
Eigen::MatrixXd loadAlong(const RowMatrix& gates, int stretches);

/// N: mean of a value of each token (T) over the tokens that chose the expert; NaN where none did.
Eigen::VectorXd meanOfChoosers(const RowMatrix& gates, const Eigen::VectorXf& ofToken);

/// First token of stretch `s` of `stretches` of `tokens` tokens.
inline std::int64_t stretchBegin(std::int64_t tokens, int stretches, int s) { return (tokens * s + stretches - 1) / stretches; }

}  // namespace moescope
