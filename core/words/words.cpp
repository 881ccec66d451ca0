#include "core/words/words.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <utility>

namespace moescope {
namespace {

/// Read by the threads of training and of opening files too, while a person chooses another language.
std::atomic<std::shared_ptr<const Translator>>& installed() {
  static std::atomic<std::shared_ptr<const Translator>> translator;
  return translator;
}

}  // namespace

void sayThrough(Translator translator) {
  installed() = translator ? std::make_shared<const Translator>(std::move(translator)) : nullptr;
}

std::string translated(std::string_view source) {
  if (const std::shared_ptr<const Translator> translator = installed())
    if (std::string words = (*translator)(source); !words.empty()) return words;
  return std::string(source);
}

std::string filledIn(const std::string& words, std::initializer_list<std::string> values) {
  std::string filled;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t number =
        words[i] == '%' && i + 1 < words.size() ? static_cast<std::size_t>(words[i + 1] - '1') : values.size();
    if (number >= values.size()) {
      filled.push_back(words[i]);
      continue;
    }
    for (const char c : values.begin()[number]) c == '\0' ? filled.append("\\0") : filled.append(1, c);
    ++i;
  }
  return filled;
}

std::string oneLine(std::string_view text) {
  constexpr std::pair<char, const char*> kNamed[] = {{'\0', "\\0"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
  std::string line;
  for (const char c : text) {
    const auto named = std::find_if(std::begin(kNamed), std::end(kNamed), [c](const auto& each) { return each.first == c; });
    if (named != std::end(kNamed))
      line += named->second;
    else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\x%02x", byte);
      line += code;
    } else
      line.push_back(c);
  }
  return line;
}

}  // namespace moescope
