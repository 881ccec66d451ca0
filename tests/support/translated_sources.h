#pragma once
// The English words that the sources of the program translate: the literals inside translated(), translatable(), tr() and
// formatted().

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace moescope::testing {

/// Whether it has a word besides conversions of printf and places of values.
inline bool hasWords(const std::string& source) {
  static const std::regex conversion("%[-+0-9.#]*[a-zA-Z]|%[0-9]"), word("[A-Za-z]{2,}");
  return std::regex_search(std::regex_replace(source, conversion, ""), word);
}

/// A C++ file as its literals, and as its text with a mark in the place of each.
class SourceText {
 public:
  explicit SourceText(const std::string& text) {
    for (std::size_t i = 0; i < text.size();) i = take(text, i);
  }
  /// Those that are inside the first argument of one of the calls, alone or as one of two that a condition chooses from.
  std::set<std::string> translated() const {
    static const std::regex call(R"(\b(translated|translatable|tr|formatted|signedNumber)$)");
    std::set<std::string> found;
    std::vector<std::pair<bool, bool>> open;  // of each bracket: is it of a call, are we in its first argument still
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const char c = code_[i];
      if (c == '(') open.push_back({std::regex_search(code_.substr(i < 20 ? 0 : i - 20, i < 20 ? i : 20), call), true});
      if (c == '{' || c == '[') open.push_back({false, true});
      if ((c == ')' || c == '}' || c == ']') && !open.empty()) open.pop_back();
      if (c == ',' && !open.empty()) open.back().second = false;
      if (c == kMark && !open.empty() && open.back().first && open.back().second && !isCompared(i))
        found.insert(literals_[static_cast<std::size_t>(numberAt_.at(i))]);
    }
    return found;
  }
  /// Those that pass no translation inside `throw ERROR(...)`, in a note or in the message of a source: what is said of files and
  /// settings.
  std::set<std::string> saidUntranslated() const {
    static const std::regex call(R"(\b(translated|translatable)$)"),
        said(R"((\bthrow (?!std::logic_error)[A-Za-z_:]+|[nN]otes_?(\(\))?(\.|->)(add|push_back)|\bnote|\bsetStatus)$)"),
        message(R"(\b(message|missing|withoutJacobians) $)");
    std::set<std::string> found;
    std::string open;       // of each bracket: s in what is said, w in words that are translated
    bool assigned = false;  // to a message
    for (std::size_t i = 0; i < code_.size(); ++i) {
      const char c = code_[i];
      const std::string before = code_.substr(i < 40 ? 0 : i - 40, i < 40 ? i : 40);
      if (c == '(' || c == '{' || c == '[')
        open += c == '(' && std::regex_search(before, said) ? 's' : c == '(' && std::regex_search(before, call) ? 'w' : ' ';
      if ((c == ')' || c == '}' || c == ']') && !open.empty()) open.pop_back();
      assigned = c != ';' && (assigned || (c == '=' && std::regex_search(before, message)));
      if (c == kMark && (assigned || open.find('s') != std::string::npos) && open.find('w') == std::string::npos &&
          !isCompared(i))
        found.insert(literals_[static_cast<std::size_t>(numberAt_.at(i))]);
    }
    return found;
  }

 private:
  static constexpr char kMark = '\1';

  bool isCompared(std::size_t at) const { return at >= 3 && code_.substr(at - 3, 2) == "=="; }

  /// One literal, comment or character; where the next begins.
  std::size_t take(const std::string& text, std::size_t i) {
    if (text.compare(i, 2, "//") == 0) return std::min(text.find('\n', i), text.size());
    if (text[i] == '#' && (i == 0 || text[i - 1] == '\n')) return std::min(text.find('\n', i), text.size());
    if (text[i] == '\'' && !(i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])))) {
      const std::size_t end = text.find('\'', i + (text[i + 1] == '\\' ? 3 : 2));
      return std::min(end, text.size() - 1) + 1;
    }
    if (text.compare(i, 3, "R\"(") == 0) return std::min(text.find(")\"", i), text.size() - 2) + 2;
    if (text[i] != '"') {
      code_ += text[i];
      return i + 1;
    }
    std::string words;
    std::size_t end = piece(text, i, words);
    for (std::size_t next = text.find_first_not_of(" \n", end); next != std::string::npos && text[next] == '"';
         next = text.find_first_not_of(" \n", end))
      end = piece(text, next, words);
    numberAt_[code_.size()] = static_cast<int>(literals_.size());
    literals_.push_back(words);
    code_ += kMark;
    return end;
  }

  /// Adds what stands between two quotes to `words`.
  static std::size_t piece(const std::string& text, std::size_t i, std::string& words) {
    for (++i; text[i] != '"'; ++i) {
      if (text[i] != '\\') {
        words += text[i];
        continue;
      }
      const char escaped = text[++i];
      if (escaped == 'x') {
        words += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else if (escaped == 'u') {
        const int code = std::stoi(text.substr(i + 1, 4), nullptr, 16);  // those of three bytes in UTF-8
        words += static_cast<char>(0xe0 | code >> 12);
        words += static_cast<char>(0x80 | (code >> 6 & 0x3f));
        words += static_cast<char>(0x80 | (code & 0x3f));
        i += 4;
      } else {
        words += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
      }
    }
    return i + 1;
  }

  std::string code_;
  std::map<std::size_t, int> numberAt_;
  std::vector<std::string> literals_;
};

/// Each source with words, and the file that has it, of the folders whose words reach the screen.
inline std::map<std::string, std::string> translatedSources(const std::filesystem::path& root) {
  std::map<std::string, std::string> all;
  for (const char* folder : {"core", "views", "app"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string ending = entry.path().extension().string(), name = entry.path().filename().string();
      if ((ending != ".cpp" && ending != ".h") || name == "capture_report.cpp" || name == "words.h")
        continue;  // the first prints, by a formatted() of its own
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      for (const std::string& source : SourceText(text.str()).translated())
        if (hasWords(source)) all.emplace(source, std::filesystem::relative(entry.path(), root).string());
    }
  return all;
}

}  // namespace moescope::testing
