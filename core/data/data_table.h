#pragma once
// Tables of numbers with names and units, as files that other programs read.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace moescope {

/// A number, words, or nothing where a row has no such value.
struct Cell {
  std::variant<std::monostate, double, std::int64_t, std::string> value;

  Cell() = default;
  Cell(double number) : value(number) {}
  Cell(int number) : value(static_cast<std::int64_t>(number)) {}
  Cell(std::int64_t number) : value(number) {}
  Cell(std::string words) : value(std::move(words)) {}
  Cell(const char* words) : value(std::string(words)) {}
};

struct DataColumn {
  std::string name, unit;  ///< unit: "" for names, counts and plain ratios
};

struct DataTable {
  std::vector<DataColumn> columns;
  std::vector<std::vector<Cell>> rows;                  ///< each as long as `columns`
  std::vector<std::pair<std::string, Cell>> about = {};  ///< what holds for all rows; not in CSV

  /// Throws std::logic_error for a row of another length.
  void add(std::vector<Cell> row);
};

/// RFC 4180 with one line of names, "load [%]", and ends of line as \n. Numbers read back as they were; nan, inf, -inf; nothing
/// is an empty field.
std::string csvOf(const DataTable& table);

/// {"about": {...}, "columns": [{"name", "unit", "not_finite"}], "rows": [[...]]}. JSON has no number for NaN and infinity: they
/// are null as nothing is, and `not_finite` counts them in each column that has some.
std::string jsonOf(const DataTable& table);

/// One object a row by the columns' names, after a first line {"columns": ...} as in jsonOf().
std::string jsonLinesOf(const DataTable& table);

}  // namespace moescope
