#pragma once
// Jacobians of a layer's experts without all experts being in memory: each is read once, multiplied with a set of directions at
// every token, and forgotten; what is compared are the products. Formulas: the project's math specification, section 5.

#include <cstdint>
#include <vector>

#include "core/checkpoint/families.h"
#include "core/geometry/jacobian.h"

namespace moescope {

/// dE/dh at `hidden`, d x d, of whatever activation and biases the expert has.
Eigen::MatrixXf jacobianOf(const ExpertWeights& expert, const Eigen::VectorXf& hidden);

/// What is taken, and the memory that it needs.
struct JacobianPlan {
  int experts = 0, width = 0, tokens = 0;
  int probes = 0;        ///< 0: exact Jacobians; else Hutchinson's estimate by so many Rademacher directions
  int tokensAtOnce = 0;  ///< tokens whose products are kept together; 0: not even one fits
  int passes = 0;        ///< times that every expert is read
  int columns() const { return probes > 0 ? probes : width; }
  /// Of (tokensAtOnce + 2) d x columns() products of every expert: at each token, their sum, and over its own tokens.
  std::uint64_t bytes() const;
};

/// Directions that stand in for exact Jacobians where those do not fit (math specification: 32 or more).
inline constexpr int kFewestProbes = 32;

/// Exact when `probes` is 0 and everything fits into `budget` bytes at once; else by `probes` or kFewestProbes directions, in as
/// many passes over the experts as the budget asks for.
JacobianPlan planJacobians(int experts, int width, int tokens, int probes, std::uint64_t budget);

class ExpertJacobians {
 public:
  /// `shared`: plan.tokens x d.
  ExpertJacobians(JacobianPlan plan, Eigen::MatrixXf shared, unsigned seed = 1);

  /// Products of expert e in this pass, which starts with beginPass(); in the first also of its own tokens (T_e x d, may be
  /// none). Different experts may be taken on different threads.
  void beginPass(int pass);
  void take(int expert, const ExpertWeights& weights, const RowMatrix& own);
  void endPass();

  JacobianAlignment alignment() const;  ///< after the last pass; as jacobianAlignment() gives
  Eigen::MatrixXd ofOwnTokens() const;  ///< cos of Jacobians averaged over each expert's own tokens; NaN where it has none

 private:
  JacobianPlan plan_;
  Eigen::MatrixXf shared_, directions_;
  int pass_ = 0, first_ = 0, count_ = 0;
  std::vector<Eigen::MatrixXf> products_;  ///< of each token of the pass: (d columns) x N
  Eigen::MatrixXf sum_, own_;              ///< the same summed over shared tokens, and averaged over own ones
  std::vector<char> hasOwn_;
  MeanCosines mean_;
};

}  // namespace moescope
