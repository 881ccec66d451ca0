#include "core/checkpoint/families.h"

namespace moescope {

UnitArray ExpertWeights::gateOf(const RowMatrix& tokens) const {
  RowMatrix a = tokens * gate.transpose();
  if (gateBias.size()) a.rowwise() += gateBias.transpose();
  return a.array();
}

UnitArray ExpertWeights::upOf(const RowMatrix& tokens) const {
  RowMatrix u = tokens * up.transpose();
  if (upBias.size()) u.rowwise() += upBias.transpose();
  return u.array();
}

RowMatrix ExpertWeights::hiddenUnits(const RowMatrix& tokens) const { return activated(activation, gateOf(tokens), upOf(tokens)).matrix(); }

RowMatrix ExpertWeights::operator()(const RowMatrix& tokens) const {
  RowMatrix out = hiddenUnits(tokens) * down.transpose();
  if (downBias.size()) out.rowwise() += downBias.transpose();
  return out;
}

RowMatrix SharedExpert::operator()(const RowMatrix& tokens) const {
  const RowMatrix out = weights(tokens);
  return gates(tokens).asDiagonal() * out;
}

Eigen::VectorXf SharedExpert::gates(const RowMatrix& tokens) const {
  if (gate.size() == 0) return Eigen::VectorXf::Constant(tokens.rows(), factor);
  // Keeps what is not a number, which the vector unit's exponential need not.
  return (tokens * gate).unaryExpr([this](float x) { return factor / (1.0f + std::exp(-x)); });
}

}  // namespace moescope
