#include "core/checkpoint/families.h"

namespace moescope {

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
