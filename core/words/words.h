#pragma once
// The language of the interface. Sources are written in English, and an English sentence is the key of its translations: what
// reaches the screen passes translated(), once, where it is put there. Tables (knobs, measures, views) stay English.

#include <functional>
#include <string>
#include <string_view>

namespace moescope {

/// The words for an English source, empty where it has none.
using Translator = std::function<std::string(std::string_view source)>;

/// From now on everything is said through this; none: in English. To be called before other threads run, or while none draws.
void sayThrough(Translator translator);

/// The words for an English source, and the source itself where there are none.
std::string translated(std::string_view source);

/// Marks a source that is translated elsewhere, so that the test of the languages (tests/app/test_languages.cpp) finds it.
constexpr const char* translatable(const char* source) { return source; }

/// As translated(), with %1, %2 ... replaced by the values, so that a language may say them in its own order.
template <typename... Values>
std::string translated(std::string_view source, const std::string& first, const Values&... others) {
  const std::string values[] = {first, others...};
  const std::string words = translated(source);
  std::string filled;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t number =
        words[i] == '%' && i + 1 < words.size() ? static_cast<std::size_t>(words[i + 1] - '1') : std::size(values);
    number < std::size(values) ? (filled += values[number], ++i, void()) : filled.push_back(words[i]);
  }
  return filled;
}

}  // namespace moescope
