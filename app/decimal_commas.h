#pragma once
// Decimal commas on the command line.

#include <CLI/CLI.hpp>

namespace moescope {

/// Every option of one number, of the sub-commands too, takes a decimal comma ("0,05") from here on and says on standard error as
/// what it is taken. One that may as well part thousands ("1,000") is refused. Lists keep their commas.
void acceptDecimalCommas(CLI::App& program);

}  // namespace moescope
