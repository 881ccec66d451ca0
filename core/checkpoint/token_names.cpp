#include "core/checkpoint/token_names.h"

#include "core/data/files.h"
#include "core/data/json_text.h"
#include "core/words/words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 64'000'000;
constexpr int kDeepest = 32;
constexpr std::size_t kLongestLabel = 48;  // bytes

/// Length of the UTF-8 sequence that starts at `at`; 0: none does.
std::size_t sequenceAt(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 0;
  return length;
}

/// The characters that byte-level vocabularies write for the 256 bytes: printable Latin-1 stands for itself, the others are
/// numbered from U+0100 on.
const std::map<std::string, char>& byteAlphabet() {
  static const std::map<std::string, char> alphabet = [] {
    std::map<std::string, char> bytes;
    int next = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const bool itself = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      const int code = itself ? byte : next++;
      const std::string character =
          code < 0x80 ? std::string{static_cast<char>(code)}
                      : std::string{static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
      bytes[character] = static_cast<char>(byte);
    }
    return bytes;
  }();
  return alphabet;
}

std::string fromByteLevel(const std::string& token) {
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const std::size_t length = std::max<std::size_t>(1, sequenceAt(token, at));
    const auto found = byteAlphabet().find(token.substr(at, length));
    bytes += found == byteAlphabet().end() ? token.substr(at, length) : std::string{found->second};
    at += length;
  }
  return bytes;
}

/// "<0x0A>" and the sign for a space, as SentencePiece writes them.
std::string fromPieces(std::string token) {
  if (token.size() == 6 && token.starts_with("<0x") && token.back() == '>') {
    const std::string digits = token.substr(3, 2);
    if (digits.find_first_not_of("0123456789ABCDEFabcdef") == std::string::npos)
      return {static_cast<char>(std::stoi(digits, nullptr, 16))};
  }
  const std::string space = "\xe2\x96\x81";
  for (std::size_t at = token.find(space); at != std::string::npos; at = token.find(space, at))
    token.replace(at, space.size(), " ");
  return token;
}

std::string asLabel(const std::string& bytes) {
  std::string shown;
  for (std::size_t at = 0; at < bytes.size() && shown.size() < kLongestLabel;) {
    const std::size_t length = sequenceAt(bytes, at);
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte == '\n')
      shown += "\xe2\x86\xb5";
    else if (length == 0 || byte < 32 || byte == 127)
      shown += "\xc2\xb7";
    else
      shown += bytes.substr(at, length);
    at += std::max<std::size_t>(1, length);
  }
  return shown;
}

bool mentions(const json& part, const std::string& type) {
  if (!part.is_structured()) return false;
  if (part.is_object() && part.contains("type") && part["type"] == type) return true;
  return std::any_of(part.begin(), part.end(), [&](const json& inner) { return mentions(inner, type); });
}

/// The wanted ids' tokens as the vocabulary writes them.
std::map<int, std::string> entriesOf(const json& tokenizer, const std::set<int>& wanted) {
  std::map<int, std::string> entries;
  const auto keep = [&](const json& id, const json& text) {
    if (id.is_number_integer() && text.is_string() && wanted.contains(id.get<int>()))
      entries[id.get<int>()] = text.get<std::string>();
  };
  const json& vocabulary = tokenizer.at("model").at("vocab");
  if (vocabulary.is_object())
    for (const auto& [text, id] : vocabulary.items()) keep(id, text);
  else
    for (const int id : wanted)
      if (const auto place = static_cast<std::size_t>(id); place < vocabulary.size()) keep(id, vocabulary.at(place).at(0));
  return entries;
}

json readTokenizer(const fs::path& file) {
  requireRegularFile(file);
  if (fs::file_size(file) > kLargestFile) throw std::runtime_error(translated("%1: larger than 64 MB", file.string()));
  std::ifstream stream(file);
  const std::string text = withoutBareNumbers({std::istreambuf_iterator<char>(stream), {}});
  const auto take = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepest)
      throw std::runtime_error(translated("%1: nested deeper than %2", file.string(), std::to_string(kDeepest)));
    return event != json::parse_event_t::key || parsed != "merges";  // large, and not needed
  };
  try {
    return json::parse(text, take);
  } catch (const json::parse_error& error) {
    throw std::runtime_error(notJson(file.string(), text, error));
  }
}

}  // namespace

std::vector<std::string> tokenNames(const fs::path& folder, const std::vector<int>& ids, ReadingNotes& notes) {
  std::map<int, std::string> names;
  const fs::path file = folder / "tokenizer.json";
  std::error_code ignored;
  try {
    if (fs::exists(fs::symlink_status(file, ignored))) {
      const json tokenizer = readTokenizer(file);
      if (!tokenizer.is_object()) throw std::runtime_error(translated("%1: expected a JSON object", file.string()));
      const bool byteLevel = mentions(tokenizer.value("decoder", json()), "ByteLevel") ||
                             mentions(tokenizer.value("pre_tokenizer", json()), "ByteLevel");
      for (const auto& [id, text] : entriesOf(tokenizer, {ids.begin(), ids.end()}))
        names[id] = asLabel(byteLevel ? fromByteLevel(text) : fromPieces(text));
      for (const json& added : tokenizer.value("added_tokens", json::array()))
        if (added.contains("id") && added.contains("content"))
          names[added.at("id").get<int>()] = asLabel(added.at("content").get<std::string>());
    }
  } catch (const json::exception&) {  // something else under this name
    names.clear();
    notes.add(ReadingNoteKind::NotRead,
              translated("%1: expected a tokenizer's vocabulary; tokens are shown by number", file.string()));
  } catch (const std::exception& error) {
    names.clear();
    notes.add(ReadingNoteKind::NotRead, translated("%1; tokens are shown by number", std::string(error.what())));
  }
  std::vector<std::string> labels;
  for (const int id : ids) {
    const auto found = names.find(id);
    labels.push_back(found == names.end() || found->second.empty() ? "#" + std::to_string(id) : found->second);
  }
  return labels;
}

}  // namespace moescope
