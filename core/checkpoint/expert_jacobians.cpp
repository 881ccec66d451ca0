#include "core/checkpoint/expert_jacobians.h"

#include <algorithm>
#include <limits>
#include <random>

namespace moescope {
namespace {

constexpr Eigen::Index kRowsAtOnce = 1 << 14;

/// Derivatives of an expert's hidden units by its gate and up pre-activations, T x I each.
ActivationDerivatives derivativesOf(const ExpertWeights& expert, const RowMatrix& tokens) {
  return derivatives(expert.activation, expert.gateOf(tokens), expert.upOf(tokens));
}

/// An expert's gate and up matrices times the directions, once for all tokens.
struct Driven {
  RowMatrix gate, up;
  Driven(const ExpertWeights& expert, const Eigen::MatrixXf& directions) {
    if (directions.size() == 0) return;
    gate = expert.gate * directions;
    up = expert.up * directions;
  }
};

/// dE/dh times the directions at token t of `by`: d x columns.
Eigen::MatrixXf productAt(const ExpertWeights& expert, const Driven& driven, const ActivationDerivatives& by, Eigen::Index t) {
  const bool exact = driven.gate.size() == 0;
  const RowMatrix &gate = exact ? expert.gate : driven.gate, &up = exact ? expert.up : driven.up;
  const RowMatrix units = by.byGate.row(t).matrix().asDiagonal() * gate + by.byUp.row(t).matrix().asDiagonal() * up;
  return expert.down * units;
}

/// Inner products of the columns, added up in double precision, some rows at a time.
Eigen::MatrixXd innerProducts(const Eigen::MatrixXf& columns) {
  Eigen::MatrixXd inner = Eigen::MatrixXd::Zero(columns.cols(), columns.cols());
  for (Eigen::Index r = 0; r < columns.rows(); r += kRowsAtOnce) {
    const Eigen::MatrixXd part = columns.middleRows(r, std::min(kRowsAtOnce, columns.rows() - r)).cast<double>();
    inner.noalias() += part.transpose() * part;
  }
  return inner;
}

}  // namespace

Eigen::MatrixXf jacobianOf(const ExpertWeights& expert, const Eigen::VectorXf& hidden) {
  return productAt(expert, Driven(expert, {}), derivativesOf(expert, hidden.transpose()), 0);
}

std::uint64_t JacobianPlan::bytes() const {
  return std::uint64_t{4} * static_cast<std::uint64_t>(experts) * static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(columns()) *
         static_cast<std::uint64_t>(tokensAtOnce + 2);
}

JacobianPlan planJacobians(int experts, int width, int tokens, int probes, std::uint64_t budget) {
  JacobianPlan plan{experts, width, tokens, probes, tokens, 1};
  if (probes == 0 && plan.bytes() > budget) plan.probes = kFewestProbes;
  if (plan.bytes() <= budget) return plan;
  plan.tokensAtOnce = -1;
  const std::uint64_t one = plan.bytes();  // N d columns floats
  plan.tokensAtOnce = std::max(0, static_cast<int>(std::min<std::uint64_t>(budget / one, 1 << 20)) - 2);
  plan.passes = plan.tokensAtOnce > 0 ? (tokens + plan.tokensAtOnce - 1) / plan.tokensAtOnce : 0;
  return plan;
}

ExpertJacobians::ExpertJacobians(JacobianPlan plan, Eigen::MatrixXf shared, unsigned seed) : plan_(plan), shared_(std::move(shared)) {
  std::mt19937 random(seed);
  if (plan_.probes > 0) directions_ = Eigen::MatrixXf::NullaryExpr(plan_.width, plan_.probes, [&] { return random() & 1 ? 1.0f : -1.0f; });
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
  const Driven driven(weights, directions_);
  const ActivationDerivatives by = derivativesOf(weights, shared_.middleRows(first_, count_));
  for (int t = 0; t < count_; ++t) {
    products_[static_cast<std::size_t>(t)].col(e) = productAt(weights, driven, by, t).reshaped();
    sum_.col(e) += products_[static_cast<std::size_t>(t)].col(e);
  }
  if (pass_ > 0 || own.rows() == 0) return;
  hasOwn_[static_cast<std::size_t>(e)] = 1;
  const ActivationDerivatives byOwn = derivativesOf(weights, own);
  for (Eigen::Index t = 0; t < own.rows(); ++t) own_.col(e) += productAt(weights, driven, byOwn, t).reshaped() / static_cast<float>(own.rows());
}

void ExpertJacobians::endPass() {
  for (int t = 0; t < count_; ++t) mean_.add(innerProducts(products_[static_cast<std::size_t>(t)]));
}

JacobianAlignment ExpertJacobians::alignment() const {
  return {mean_.mean(), cosines(innerProducts(sum_)), independentDeviation(plan_.width, plan_.probes), mean_.timesWithoutDirection(), plan_.tokens};
}

Eigen::MatrixXd ExpertJacobians::ofOwnTokens() const {
  Eigen::MatrixXd result = cosines(innerProducts(own_));
  for (int e = 0; e < plan_.experts; ++e)
    if (!hasOwn_[static_cast<std::size_t>(e)]) result.row(e).setConstant(std::numeric_limits<double>::quiet_NaN());
  for (int e = 0; e < plan_.experts; ++e)
    if (!hasOwn_[static_cast<std::size_t>(e)]) result.col(e).setConstant(std::numeric_limits<double>::quiet_NaN());
  return result;
}

}  // namespace moescope
