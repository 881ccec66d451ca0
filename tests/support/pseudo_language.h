#pragma once
// A language that no one speaks: every source between « and ». What reaches the screen without them passed no translated().

#include <cctype>
#include <regex>
#include <string>
#include <string_view>

#include "core/words/words.h"

namespace moescope::testing {

inline const std::string kOpens = "«", kCloses = "»";

/// While it lives everything is said in it.
class PseudoLanguage {
 public:
  PseudoLanguage() { sayThrough(marked); }
  ~PseudoLanguage() { sayThrough(nullptr); }

 private:
  /// Formats of a number alone are no words.
  static std::string marked(std::string_view source) {
    static const std::regex conversion("%[-+0-9.#]*[a-zA-Z]|%[0-9]");
    const std::string left = std::regex_replace(std::string(source), conversion, "");
    for (const char c : left)
      if (std::isalpha(static_cast<unsigned char>(c))) return kOpens + std::string(source) + kCloses;
    return {};
  }
};

/// How many marks are open at the end.
inline int openMarks(const std::string& words) {
  int depth = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.compare(i, kOpens.size(), kOpens) == 0) ++depth;
    if (words.compare(i, kCloses.size(), kCloses) == 0 && depth > 0) --depth;
  }
  return depth;
}

/// What stands outside of the marks, marks in marks included.
inline std::string outsideMarks(const std::string& words) {
  std::string outside;
  int depth = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.compare(i, kOpens.size(), kOpens) == 0)
      ++depth, i += kOpens.size() - 1, outside += ' ';
    else if (words.compare(i, kCloses.size(), kCloses) == 0)
      depth = depth > 0 ? depth - 1 : 0, i += kCloses.size() - 1, outside += ' ';
    else if (depth == 0)
      outside += words[i];
  }
  return outside;
}

/// The first word of three letters or more that no translation gave, where `allowed` (a regular expression) says of no part of
/// the text that it need not have one. Empty: none.
inline std::string untranslatedIn(const std::string& words, const std::string& allowed) {
  static const std::regex word("[A-Za-z]{3,}");
  const std::string outside = outsideMarks(words),
                    left = allowed.empty() ? outside : std::regex_replace(outside, std::regex(allowed), " ");
  std::smatch found;
  return std::regex_search(left, found, word) ? found.str() : std::string();
}

}  // namespace moescope::testing
