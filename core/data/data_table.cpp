#include "core/data/data_table.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace moescope {
namespace {

using nlohmann::ordered_json;

std::string numberText(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

std::string quoted(const std::string& words) {
  if (words.find_first_of(",\"\r\n") == std::string::npos) return words;
  std::string text = "\"";
  for (const char c : words) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

std::string textOf(const Cell& cell) {
  if (const auto* number = std::get_if<double>(&cell.value)) return numberText(*number);
  if (const auto* count = std::get_if<std::int64_t>(&cell.value)) return std::to_string(*count);
  if (const auto* words = std::get_if<std::string>(&cell.value)) return quoted(*words);
  return {};
}

bool notFinite(const Cell& cell) {
  const auto* number = std::get_if<double>(&cell.value);
  return number && !std::isfinite(*number);
}

ordered_json jsonOf(const Cell& cell) {
  if (const auto* number = std::get_if<double>(&cell.value))
    return std::isfinite(*number) ? ordered_json(*number) : ordered_json(nullptr);
  if (const auto* count = std::get_if<std::int64_t>(&cell.value)) return *count;
  if (const auto* words = std::get_if<std::string>(&cell.value)) return *words;
  return nullptr;
}

ordered_json columnsOf(const DataTable& table) {
  ordered_json columns = ordered_json::array();
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    ordered_json column = {{"name", table.columns[c].name}, {"unit", table.columns[c].unit}};
    int count = 0;
    for (const auto& row : table.rows) count += notFinite(row[c]);
    if (count > 0) column["not_finite"] = count;
    columns.push_back(std::move(column));
  }
  return columns;
}

/// Bytes that are no UTF-8, as names may hold, become U+FFFD.
std::string dumped(const ordered_json& json) { return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace); }

ordered_json aboutOf(const DataTable& table) {
  ordered_json about = ordered_json::object();
  for (const auto& [name, cell] : table.about) about[name] = jsonOf(cell);
  return about;
}

}  // namespace

void DataTable::add(std::vector<Cell> row) {
  if (row.size() != columns.size())
    throw std::logic_error("a row of " + std::to_string(row.size()) + " cells in a table of " + std::to_string(columns.size()) +
                           " columns");
  rows.push_back(std::move(row));
}

std::string csvOf(const DataTable& table) {
  std::string text;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const DataColumn& column = table.columns[c];
    text += (c ? "," : "") + quoted(column.unit.empty() ? column.name : column.name + " [" + column.unit + "]");
  }
  text += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) text += (c ? "," : "") + textOf(row[c]);
    text += '\n';
  }
  return text;
}

std::string jsonOf(const DataTable& table) {
  std::string text = "{\"about\": " + dumped(aboutOf(table)) + ",\n \"columns\": " + dumped(columnsOf(table)) + ",\n \"rows\": [";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    ordered_json row = ordered_json::array();
    for (const Cell& cell : table.rows[r]) row.push_back(jsonOf(cell));
    text += (r ? ",\n  " : "\n  ") + dumped(row);
  }
  return text + "]}\n";
}

std::string jsonLinesOf(const DataTable& table) {
  std::string text = dumped({{"about", aboutOf(table)}, {"columns", columnsOf(table)}}) + '\n';
  for (const auto& row : table.rows) {
    ordered_json line;
    for (std::size_t c = 0; c < row.size(); ++c) line[table.columns[c].name] = jsonOf(row[c]);
    text += dumped(line) + '\n';
  }
  return text;
}

}  // namespace moescope
