#include "app/help_text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace moescope {
namespace {

constexpr std::size_t kNoTerminal = 100, kNarrowest = 40, kNames = 30, kIndent = 2;  // columns; kNames: of options' names

std::size_t terminalColumns() {
  winsize size{};
  const bool told = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return told ? std::max<std::size_t>(kNarrowest, size.ws_col) : kNoTerminal;
}

/// Of UTF-8, a column a character.
std::size_t columnsOf(const std::string& text) {
  const auto begins = [](unsigned char byte) { return (byte & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

/// A word, or of one longer than a line what goes on one after its commas.
std::vector<std::string> partsOf(const std::string& word, std::size_t width) {
  if (columnsOf(word) <= width) return {word};
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t end = std::min(word.find(',', at), word.size() - 1) + 1;
    const std::string piece = word.substr(at, end - at);
    if (!parts.empty() && columnsOf(parts.back() + piece) <= width)
      parts.back() += piece;
    else
      parts.push_back(piece);
    at = end;
  }
  return parts;
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

/// Names at the left, what they mean beside them, or below them where they are long.
std::string row(const std::string& names, const std::string& meaning, std::size_t columns) {
  std::string text;
  for (const std::string& line : wrappedText(names, columns - 2 * kIndent))
    text += (text.empty() ? spaces(kIndent) : "\n" + spaces(2 * kIndent)) + line;
  const std::size_t last = text.size() - (text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  bool beside = last < kNames;
  if (!meaning.empty())
    for (const std::string& line : wrappedText(meaning, columns - kNames)) {
      text += beside ? spaces(kNames - last) + line : "\n" + spaces(kNames) + line;
      beside = false;
    }
  return text + '\n';
}

class WrappedHelp : public CLI::Formatter {
 public:
  explicit WrappedHelp(std::size_t columns) : columns_(columns) {}

  std::string make_description(const CLI::App* app) const override {
    std::string text;
    for (const std::string& line : wrappedText(CLI::Formatter::make_description(app), columns_)) text += line + '\n';
    return text;
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return row(command->get_display_name(true), command->get_description(), columns_);
  }
  std::string make_option(const CLI::Option* option, bool positional) const override {
    return row(make_option_name(option, positional) + make_option_opts(option), make_option_desc(option), columns_);
  }

 private:
  std::size_t columns_;
};

}  // namespace

std::vector<std::string> wrappedText(const std::string& text, std::size_t width) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line;
    for (std::size_t word = at; word < end;) {
      const std::size_t space = std::min(text.find(' ', word), end);
      for (const std::string& part : partsOf(text.substr(word, space - word), width)) {
        const bool joins = !line.empty() && columnsOf(line) + 1 + columnsOf(part) <= width;
        if (!joins && !line.empty()) lines.push_back(line);
        line = joins ? line + ' ' + part : part;
      }
      word = space + 1;
    }
    lines.push_back(line);
    at = end + 1;
  }
  return lines;
}

void wrapHelp(CLI::App& program) { program.formatter(std::make_shared<WrappedHelp>(terminalColumns())); }

}  // namespace moescope
