#pragma once
// Tables of numbers as comma-separated text.

#include <functional>
#include <string>
#include <vector>

namespace moescope {

struct NumberColumn {
  std::string name;
  std::function<double(std::size_t row)> value;  ///< NaN: none
};

/// A line of names and one for each row, nine digits, "nan" for none. A column that no row has a number for is left out.
std::string csvOf(const std::vector<NumberColumn>& columns, std::size_t rows);

}  // namespace moescope
