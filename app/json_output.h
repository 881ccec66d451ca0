#pragma once
// Reports as JSON text, the one way in which this program writes them.

#include <nlohmann/json.hpp>
#include <string>

namespace moescope {

/// Numbers of a report that JSON cannot hold: "/a/0 (not a number), /b (infinite)", the first five, then how many more. Empty
/// where there are none.
std::string notFinite(const nlohmann::json& report);

/// The report, indented by `indent` (-1: one line). NaN and infinity become null, and one line on standard error names them.
/// Bytes that are no UTF-8, as names of files may hold, become U+FFFD.
std::string jsonText(const nlohmann::json& report, int indent = 2);

/// On standard output, with an end of line. Throws as flushStandardOutput.
void printReport(const nlohmann::json& report);

}  // namespace moescope
