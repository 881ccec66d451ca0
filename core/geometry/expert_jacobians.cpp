#include "core/geometry/expert_jacobians.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/geometry/stop_scope.h"
#include "core/geometry/stoppable_product.h"

namespace moescope {
namespace {

constexpr Eigen::Index kRowsAtOnce = 1 << 14;

/// Inner products of the columns, added up in double precision, some rows at a time.
Eigen::MatrixXd innerProducts(const Eigen::MatrixXf& columns) {
  Eigen::MatrixXd inner = Eigen::MatrixXd::Zero(columns.cols(), columns.cols());
  for (Eigen::Index r = 0; r < columns.rows(); r += kRowsAtOnce) {
    stopIfWanted();
    const Eigen::MatrixXd part = columns.middleRows(r, std::min(kRowsAtOnce, columns.rows() - r)).cast<double>();
    inner.noalias() += part.transpose() * part;
  }
  return inner;
}

/// As many tokens at once as the budget holds beside the two sums, which may be none.
JacobianPlan inPasses(JacobianPlan plan, std::uint64_t budget, int fewestTokens) {
  plan.tokensAtOnce = -1;
  const std::uint64_t one = plan.bytes();  // N d columns floats
  const int fitting = static_cast<int>(std::min<std::uint64_t>(budget / one, 1 << 20)) - 2;
  plan.tokensAtOnce = std::clamp(fitting, fewestTokens, plan.tokens);
  plan.passes = plan.tokensAtOnce > 0 ? (plan.tokens + plan.tokensAtOnce - 1) / plan.tokensAtOnce : 0;
  return plan;
}

}  // namespace

ExpertJacobian::ExpertJacobian(const ExpertWeights& expert, const Eigen::MatrixXf& directions) : expert_(expert) {
  if (expert.identity) {
    ofIdentity_ =
        directions.size() > 0 ? RowMatrix(directions) : RowMatrix(RowMatrix::Identity(expert.gate.cols(), expert.gate.cols()));
    return;
  }
  if (directions.size() == 0) return;
  multiplyInPieces(expert.gate, directions, drivenGate_);
  multiplyInPieces(expert.up, directions, drivenUp_);
}

void ExpertJacobian::atEach(const RowMatrix& tokens, const std::function<void(Eigen::Index, const RowMatrix&)>& take) const {
  if (expert_.identity) {
    for (Eigen::Index t = 0; t < tokens.rows(); ++t) take(t, ofIdentity_);
    return;
  }
  const bool exact = drivenGate_.size() == 0;
  const RowMatrix &gate = exact ? expert_.gate : drivenGate_, &up = exact ? expert_.up : drivenUp_;
  const ActivationDerivatives by = derivatives(expert_.activation, expert_.gateOf(tokens), expert_.upOf(tokens));
  RowMatrix units, product;
  for (Eigen::Index t = 0; t < tokens.rows(); ++t) {
    units = by.byGate.row(t).matrix().asDiagonal() * gate + by.byUp.row(t).matrix().asDiagonal() * up;
    multiplyInPieces(expert_.down, units, product);
    take(t, product);
  }
}

double independentDeviation(int width, int probes) {
  const double d = width, k = probes;
  return probes > 0 ? std::sqrt((1.0 / k + (1.0 - 1.0 / k) / d) / d) : 1.0 / d;
}

std::vector<int> JacobianAlignment::withoutDirection() const {
  std::vector<int> none;
  for (Eigen::Index e = 0; e < zeroAt.size(); ++e)
    if (tokens > 0 && zeroAt[e] == tokens) none.push_back(static_cast<int>(e));
  return none;
}

std::uint64_t JacobianPlan::bytes() const {
  return std::uint64_t{4} * static_cast<std::uint64_t>(experts) * static_cast<std::uint64_t>(width) *
         static_cast<std::uint64_t>(columns()) * static_cast<std::uint64_t>(tokensAtOnce + 2);
}

JacobianPlan planJacobians(int experts, int width, int tokens, int probes, std::uint64_t budget) {
  JacobianPlan plan{experts, width, tokens, probes, tokens, 1};
  if (probes == 0 && plan.bytes() > budget) plan.probes = kFewestProbes;
  return inPasses(plan, budget, 0);
}

JacobianPlan planJacobiansInMemory(int experts, int width, int tokens, int probes, std::uint64_t budget) {
  return inPasses({experts, width, tokens, probes, tokens, 1}, budget, 1);
}

ExpertJacobians::ExpertJacobians(JacobianPlan plan, RowMatrix shared, unsigned seed) : plan_(plan), shared_(std::move(shared)) {
  std::mt19937 random(seed);
  // The averages need one set of directions for all tokens; so do differences between experts at each token.
  if (plan_.probes > 0)
    directions_ = Eigen::MatrixXf::NullaryExpr(plan_.width, plan_.probes, [&] { return random() & 1 ? 1.0f : -1.0f; });
  const Eigen::Index size = static_cast<Eigen::Index>(plan_.width) * plan_.columns();
  products_.assign(static_cast<std::size_t>(plan_.tokensAtOnce), Eigen::MatrixXf(size, plan_.experts));
  sum_ = own_ = Eigen::MatrixXf::Zero(size, plan_.experts);
  hasOwn_.assign(static_cast<std::size_t>(plan_.experts), 0);
  mean_ = MeanCosines(plan_.experts);
}

void ExpertJacobians::beginPass(int pass) {
  pass_ = pass;
  first_ = pass * plan_.tokensAtOnce;
  count_ = std::min(plan_.tokensAtOnce, plan_.tokens - first_);
}

void ExpertJacobians::take(int e, const ExpertWeights& weights, const RowMatrix& own) {
  const ExpertJacobian jacobian(weights, directions_);
  const auto flat = [](const RowMatrix& product) { return Eigen::Map<const Eigen::VectorXf>(product.data(), product.size()); };
  jacobian.atEach(shared_.middleRows(first_, count_), [&](Eigen::Index t, const RowMatrix& product) {
    stopIfWanted();
    products_[static_cast<std::size_t>(t)].col(e) = flat(product);
    sum_.col(e) += flat(product);
  });
  if (pass_ > 0 || own.rows() == 0) return;
  hasOwn_[static_cast<std::size_t>(e)] = 1;
  jacobian.atEach(own, [&](Eigen::Index, const RowMatrix& product) {
    stopIfWanted();
    own_.col(e) += flat(product) / static_cast<float>(own.rows());
  });
}

void ExpertJacobians::endPass() {
  for (int t = 0; t < count_; ++t) mean_.add(innerProducts(products_[static_cast<std::size_t>(t)]));
}

JacobianAlignment ExpertJacobians::alignment() const {
  return {mean_.mean(), cosines(innerProducts(sum_)), independentDeviation(plan_.width, plan_.probes),
          mean_.timesWithoutDirection(), plan_.tokens};
}

Eigen::MatrixXd ExpertJacobians::ofOwnTokens() const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  Eigen::MatrixXd result = cosines(innerProducts(own_));
  for (int e = 0; e < plan_.experts; ++e)
    if (!hasOwn_[static_cast<std::size_t>(e)]) {
      result.row(e).setConstant(none);
      result.col(e).setConstant(none);
    }
  return result;
}

}  // namespace moescope
