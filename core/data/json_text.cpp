#include "core/data/json_text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <locale>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// Of a number or name that stands outside strings: its value where the library has none for it.
std::optional<double> bareNumber(std::string_view token) {
  if (token == "NaN") return std::nan("");
  if (token == "Infinity") return kInfinite;
  if (token == "-Infinity") return -kInfinite;
  if (token.find_first_of("eE") == std::string_view::npos && token.size() < 300) return std::nullopt;
  if (token.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  std::istringstream stream{std::string(token)};
  stream.imbue(std::locale::classic());
  double number = 0.0;
  stream >> number;
  if (!stream.fail() || std::abs(number) < std::numeric_limits<double>::max()) return std::nullopt;
  return std::copysign(kInfinite, number);
}

bool isPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '+' || c == '.'; }

/// Calls `found` with the begin and end of each number and name outside strings.
template <typename Found>
void eachToken(const std::string& text, const Found& found) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        if (text[i] == '\\') ++i;
      ++i;
    } else if (!isPart(text[i])) {
      ++i;
    } else {
      const std::size_t begin = i;
      while (i < text.size() && isPart(text[i])) ++i;
      found(begin, i);
    }
  }
}

/// Replaces them, and gives their values by which number of the text they are.
std::map<std::size_t, double> takeBareNumbers(std::string& text) {
  std::map<std::size_t, double> values;
  std::size_t numbers = 0;
  eachToken(text, [&](std::size_t begin, std::size_t end) {
    const std::string_view token(text.data() + begin, end - begin);
    if (const std::optional<double> value = bareNumber(token)) {
      values[numbers++] = *value;
      text.replace(begin, end - begin, "0.5" + std::string(end - begin - 3, ' '));
    } else if (token[0] == '-' || std::isdigit(static_cast<unsigned char>(token[0]))) {
      ++numbers;
    }
  });
  return values;
}

}  // namespace

std::string whatIsWrong(const nlohmann::json::exception& error) {
  std::string what = error.what();
  for (const std::string before :
       {"] ", "parse error", ": "}) {  // "[json.exception.parse_error.101] parse error at line 1, ...: "
    const std::size_t start = what.find(before);
    if (start == std::string::npos) break;
    what.erase(0, start + before.size());
  }
  if (what.size() > 200) what = what.substr(0, 197) + "...";
  return what;
}

std::string notJson(const std::string& place, std::string_view text, const nlohmann::json::parse_error& error) {
  const std::string_view before = text.substr(0, std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0));
  return translated("%1: not JSON at byte %2 (line %3): %4", place, std::to_string(error.byte),
                    std::to_string(std::count(before.begin(), before.end(), '\n') + 1), whatIsWrong(error));
}

std::string withoutBareNumbers(std::string text) {
  takeBareNumbers(text);
  return text;
}

nlohmann::json readJson(std::string text, const std::string& place, int deepest, const std::function<std::string()>& tooDeep) {
  using nlohmann::json;
  const std::map<std::size_t, double> values = takeBareNumbers(text);
  std::size_t number = 0;
  const auto take = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > deepest) throw std::runtime_error(tooDeep());
    if (event == json::parse_event_t::value && parsed.is_number())
      if (const auto found = values.find(number++); found != values.end()) parsed = found->second;
    return true;
  };
  try {
    return json::parse(text, take);
  } catch (const json::parse_error& error) {
    throw std::runtime_error(notJson(place, text, error));
  } catch (const json::exception& error) {
    throw std::runtime_error(place + ": " + whatIsWrong(error));
  }
}

}  // namespace moescope
