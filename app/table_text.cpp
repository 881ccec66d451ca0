#include "app/table_text.h"

#include <cmath>
#include <cstdio>

namespace moescope {
namespace {

std::string cell(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return std::isnan(value) ? "nan" : text;
}

}  // namespace

std::string csvOf(const std::vector<NumberColumn>& columns, std::size_t rows) {
  std::vector<const NumberColumn*> told;
  for (const NumberColumn& column : columns) {
    bool any = false;
    for (std::size_t row = 0; row < rows && !any; ++row) any = !std::isnan(column.value(row));
    if (any) told.push_back(&column);
  }
  std::string text;
  for (const NumberColumn* column : told) text += (text.empty() ? "" : ",") + column->name;
  text += "\n";
  for (std::size_t row = 0; row < rows; ++row) {
    for (const NumberColumn* column : told) text += (column == told.front() ? "" : ",") + cell(column->value(row));
    text += "\n";
  }
  return text;
}

}  // namespace moescope
