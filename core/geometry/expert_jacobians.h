#pragma once
// Jacobians of a layer's experts and how far those of different experts point the same way, without all experts being in memory:
// each is multiplied with a set of directions at every token and forgotten; what is compared are the products.
// Formulas: the project's math specification, section 5.

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/geometry/cosines.h"
#include "core/geometry/expert_source.h"

namespace moescope {

/// Jacobians of one expert, of whatever activation and biases, in closed form. The expert and the directions must outlive it.
class ExpertJacobian {
 public:
  /// `directions`: d x s; empty: the Jacobians themselves, as if multiplied by the identity.
  ExpertJacobian(const ExpertWeights& expert, const Eigen::MatrixXf& directions);
  /// Calls `take` with t and dE/dh times the directions (d x s) at row t of `tokens` (T x d), in order.
  void atEach(const RowMatrix& tokens, const std::function<void(Eigen::Index, const RowMatrix&)>& take) const;

 private:
  const ExpertWeights& expert_;
  RowMatrix drivenGate_, drivenUp_;  // I x s: the matrices times the directions, once for all tokens
  RowMatrix ofIdentity_;             // d x s, of an expert that gives back what it is given
};

/// Standard deviation of the cosine that independent Gaussian Jacobians (d x d) have at one token: 1/d where they are exact,
/// and sqrt(1/(d K) + (1 - 1/K)/d^2) where the cosine is estimated from K Rademacher directions (`probes`; 0: exact), by the
/// expected squared norm of the directions' Gram matrix.
double independentDeviation(int width, int probes);

struct JacobianAlignment {
  Eigen::MatrixXd mean;  ///< N x N: mean of <J_e, J_f> / (|J_e| |J_f|) over the tokens at which neither is 0, in [-1, 1];
                         ///< diagonal 1; NaN where one is 0 at every token, and so has no direction, or is not finite
  Eigen::MatrixXd ofAverages;  ///< N x N: the same of the experts' Jacobians averaged over the tokens
  double nullDeviation = 0.0;  ///< independentDeviation(d, probes)
  Eigen::VectorXi zeroAt;      ///< N: at how many of the tokens the Jacobian is 0
  int tokens = 0;
  std::vector<int> withoutDirection() const;  ///< experts whose Jacobian is 0 at every token
  /// Mean |cos| over pairs of the others.
  PairMean meanAbsolute() const { return meanOverPairs(mean, withoutDirection()); }
  /// `mean` in units of the deviation at one token. Independent Jacobians have mean |z| 0.80 at one token and less where `mean`
  /// averages over many.
  Eigen::MatrixXd zScore() const { return mean / nullDeviation; }
};

/// What is taken, and the memory that it needs.
struct JacobianPlan {
  int experts = 0, width = 0, tokens = 0;
  int probes = 0;  ///< 0: exact Jacobians; else Hutchinson's estimate by so many Rademacher directions, the same for every expert
  int tokensAtOnce = 0;  ///< tokens whose products are kept together; 0: not even one fits
  int passes = 0;        ///< times that every expert is read
  int columns() const { return probes > 0 ? probes : width; }
  /// Of (tokensAtOnce + 2) d x columns() products of every expert: at each token, their sum, and over its own tokens.
  std::uint64_t bytes() const;
};

/// Directions that stand in for exact Jacobians where those do not fit (math specification: 32 or more).
inline constexpr int kFewestProbes = 32;

/// Where reading an expert again is dear. Exact when `probes` is 0 and everything fits into `budget` bytes at once; else by
/// `probes` or kFewestProbes directions, in as many passes over the experts as the budget asks for.
JacobianPlan planJacobians(int experts, int width, int tokens, int probes, std::uint64_t budget);

/// Where every expert is in memory. As asked for: exact unless `probes` is above 0, in passes that keep to `budget` or to one
/// token.
JacobianPlan planJacobiansInMemory(int experts, int width, int tokens, int probes, std::uint64_t budget);

class ExpertJacobians {
 public:
  /// `shared`: plan.tokens x d. plan.tokensAtOnce must be above 0.
  ExpertJacobians(JacobianPlan plan, RowMatrix shared, unsigned seed = 1);

  /// Products of expert e in this pass, which starts with beginPass(); in the first also of its own tokens (T_e x d, may be
  /// none). Different experts may be taken on different threads.
  void beginPass(int pass);
  void take(int expert, const ExpertWeights& weights, const RowMatrix& own);
  void endPass();

  const JacobianPlan& plan() const { return plan_; }
  JacobianAlignment alignment() const;  ///< on the shared tokens; after the last pass
  Eigen::MatrixXd ofOwnTokens() const;  ///< cos of Jacobians averaged over each expert's own tokens; NaN where it has none

 private:
  JacobianPlan plan_;
  RowMatrix shared_;
  Eigen::MatrixXf directions_;
  int pass_ = 0, first_ = 0, count_ = 0;
  std::vector<Eigen::MatrixXf> products_;  ///< of each token of the pass: (d columns) x N
  Eigen::MatrixXf sum_, own_;              ///< the same summed over shared tokens, and averaged over own ones
  std::vector<char> hasOwn_;
  MeanCosines mean_;
};

}  // namespace moescope
