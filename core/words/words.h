#pragma once
// The language of the interface. Sources are written in English, and an English sentence is the key of its translations: what
// reaches the screen passes translated(), once, where it is put there. Tables (knobs, measures, views) stay English.

#include <functional>
#include <initializer_list>
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

/// %1, %2 ... in the words replaced by the values, NUL in them by \0: an exception's message would end there.
std::string filledIn(const std::string& words, std::initializer_list<std::string> values);

/// As translated(), with %1, %2 ... replaced by the values, so that a language may say them in its own order.
template <typename... Values>
std::string translated(std::string_view source, const std::string& first, const Values&... others) {
  return filledIn(translated(source), {first, others...});
}

/// Text from anywhere as one line: control characters as they are written in C (\n, \0, \x1b).
std::string oneLine(std::string_view text);

}  // namespace moescope
