#pragma once
// What --help prints: lines that a terminal shows whole.

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace moescope {

/// Lines of at most `width` columns, broken at spaces and kept where the text itself has ends of lines; within a word that is
/// longer than a line also after a comma, and where it has none not at all.
std::vector<std::string> wrappedText(const std::string& text, std::size_t width);

/// From now on this program and the commands that are added to it wrap their help to the width of the terminal, 100 columns where
/// standard output is none.
void wrapHelp(CLI::App& program);

}  // namespace moescope
