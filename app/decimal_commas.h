#pragma once
// Numbers on the command line as people write them.

#include <CLI/CLI.hpp>

namespace moescope {

/// Every option of one number, of the sub-commands too, takes a decimal comma ("0,05") from here on and says on standard error as
/// what it is taken. One that may as well part thousands ("1,000") is refused. Lists keep their commas. Every option of
/// one whole number takes 1e4 for 10000.
void acceptDecimalCommas(CLI::App& program);

}  // namespace moescope
