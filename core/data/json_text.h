#pragma once
// JSON of files from elsewhere, read as Python's json reads it, since Python writes most of them: NaN, Infinity and -Infinity may
// stand for numbers, and a number too large for a double is infinite.

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace moescope {

/// Throws std::runtime_error: notJson(), or what `tooDeep` returns for
/// values in more than `deepest` lists and objects.
nlohmann::json readJson(std::string text, const std::string& place, int deepest, const std::function<std::string()>& tooDeep);

/// For readers of their own: the same text, of the same length, with 0.5 in the place of each such number.
std::string withoutBareNumbers(std::string text);

/// "syntax error while parsing value - invalid literal; last read: 'x'", without the place that begins the library's message; at
/// most 200 bytes.
std::string whatIsWrong(const nlohmann::json::exception& error);
/// One line: `place`, the byte and line of the text, and whatIsWrong().
std::string notJson(const std::string& place, std::string_view text, const nlohmann::json::parse_error& error);

}  // namespace moescope
