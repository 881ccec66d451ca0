#include "app/document/own_layouts.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "app/document/document_json.h"
#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".layout.json";
constexpr std::uintmax_t kLargest = std::uintmax_t{4} << 20;

bool isPlain(unsigned char byte) { return std::isalnum(byte) || byte == '-' || byte == '_' || byte == ' '; }

/// Of any name a file's, and back: what is no plain letter is written as its code.
std::string encoded(const std::string& name) {
  std::string file;
  for (const unsigned char byte : name) {
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", byte);
    file += isPlain(byte) ? std::string(1, static_cast<char>(byte)) : code;
  }
  return file;
}

/// Nothing for a file that encoded() made not.
std::optional<std::string> decoded(const std::string& file) {
  std::string name;
  for (std::size_t i = 0; i < file.size(); ++i) {
    unsigned int byte = static_cast<unsigned char>(file[i]);
    if (file[i] == '%') {
      if (i + 2 >= file.size() || std::sscanf(file.c_str() + i + 1, "%2X", &byte) != 1) return std::nullopt;
      i += 2;
    }
    name += static_cast<char>(byte);
  }
  return encoded(name) == file ? std::optional(name) : std::nullopt;
}

}  // namespace

fs::path OwnLayouts::fileOf(const std::string& name) const {
  const bool oneLine = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 32 || c == 127; });
  if (name.empty() || name.size() > kLongestLayoutName || !oneLine)
    throw std::runtime_error(translated("a layout's name must be one line of 1 to %1 bytes", std::to_string(kLongestLayoutName)));
  return folder_ / (encoded(name) + kEnding);
}

std::vector<std::string> OwnLayouts::names() const {
  std::vector<std::string> all;
  std::error_code none;
  for (fs::directory_iterator each(folder_, none), end; !none && each != end; each.increment(none)) {
    const std::string file = each->path().filename().string();
    if (!file.ends_with(kEnding)) continue;
    if (const auto name = decoded(file.substr(0, file.size() - std::string(kEnding).size()))) all.push_back(*name);
  }
  std::sort(all.begin(), all.end());
  return all;
}

void OwnLayouts::keep(const std::string& name, const std::string& json) const {
  const fs::path file = fileOf(name);
  std::error_code failed;
  fs::create_directories(folder_, failed);
  if (failed) throw std::runtime_error(folder_.string() + ": " + failed.message());
  writeFileAtomically(file, json);
}

KeptLayout OwnLayouts::read(const std::string& name) const {
  const fs::path file = fileOf(name);
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  if (failed) throw std::runtime_error(file.string() + ": " + failed.message());
  if (size > kLargest)
    throw std::runtime_error(
        translated("%1: %2 bytes; a state has at most %3", file.string(), std::to_string(size), std::to_string(kLargest)));
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    const Document document = documentFromJson(text);
    return {document.layout, document.compares, document.differs};
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

void OwnLayouts::rename(const std::string& from, const std::string& to) const {
  const fs::path before = fileOf(from), after = fileOf(to);
  if (before == after) return;
  if (fs::exists(after)) throw std::runtime_error(translated("there is a layout called '%1' already", to));
  std::error_code failed;
  fs::rename(before, after, failed);
  if (failed) throw std::runtime_error(before.string() + ": " + failed.message());
}

void OwnLayouts::remove(const std::string& name) const {
  std::error_code failed;
  const fs::path file = fileOf(name);
  if (!fs::remove(file, failed))
    throw std::runtime_error(failed ? file.string() + ": " + failed.message()
                                    : translated("%1: there is no such layout", file.string()));
}

Action showLayout(const std::string& name, const KeptLayout& kept) {
  return {translated("Layout ") + name, "", [kept](Document& document) {
            if (kept.compares != document.compares) compare(kept.compares).change(document);
            document.differs = kept.differs;
            document.layout = kept.layout;
          }};
}

}  // namespace moescope
