#pragma once
// Numbers and notes as JSON, where what is not finite becomes null, and as text, where it becomes "not a number".

#include <Eigen/Core>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "core/checkpoint/reading_notes.h"

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

/// By order of reading: [{"kind": "not finite", "text": "..."}].
inline nlohmann::json noteList(const ReadingNotes& notes) {
  nlohmann::json list = nlohmann::json::array();
  for (const ReadingNote& note : notes.all()) list.push_back({{"kind", nameOf(note.kind)}, {"text", note.text}});
  return list;
}

/// "1 layer", "2 layers".
template <std::integral Count>
std::string counted(Count count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}
template <std::integral Count>
std::string counted(Count count, const std::string& what) {
  return counted(count, what, what + 's');
}

/// `format` holds one conversion of a double (%.4f); the words around it stay where the value is not finite.
inline std::string numberText(const std::string& format, double value) {
  char text[128];
  std::snprintf(text, sizeof text, format.c_str(), value);
  if (std::isfinite(value)) return text;
  const std::size_t begin = format.find('%'), end = format.find_first_of("efg", begin);
  return format.substr(0, begin) + "not a number" + format.substr(end + 1);
}

}  // namespace moescope
