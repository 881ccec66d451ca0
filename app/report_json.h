#pragma once
// Numbers as JSON: what is not finite becomes null.

#include <Eigen/Core>
#include <cmath>
#include <nlohmann/json.hpp>

namespace moescope {

inline nlohmann::json number(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

template <typename Vector>
nlohmann::json listJson(const Vector& vector) {
  nlohmann::json list = nlohmann::json::array();
  for (Eigen::Index i = 0; i < vector.size(); ++i) list.push_back(number(vector[i]));
  return list;
}

inline nlohmann::json matrixJson(const Eigen::MatrixXd& matrix) {
  nlohmann::json rows = nlohmann::json::array();
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) rows.push_back(listJson(matrix.row(r)));
  return rows;
}

}  // namespace moescope
