#include "core/checkpoint/config_file.h"

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "core/data/files.h"
#include "core/data/json_text.h"
#include "core/words/words.h"

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Where the language model's part lies in the config.json of a model that also sees or hears.
constexpr const char* kTextParts[] = {"text_config", "llm_config", "language_config", "thinker_config"};

/// The language model's part, with the whole's model_type where it has none of its own.
json textPart(const json& whole) {
  for (const char* part : kTextParts)
    if (whole.contains(part) && whole[part].is_object()) {
      json text = textPart(whole[part]);
      if (!text.contains("model_type") && whole.contains("model_type")) text["model_type"] = whole["model_type"];
      return text;
    }
  return whole;
}

std::string textOf(const fs::path& path) {
  requireRegularFile(path);
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed || size > 1'000'000)
    throw std::runtime_error(translated("%1: expected a config.json of at most 1 MB", path.string()));
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string plain(double value) {
  std::string text = json(value).dump();
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

/// As it stands in the file, where JSON itself has no number for it too.
std::string shown(const json& value) {
  if (!value.is_number_float() || std::isfinite(value.get<double>()))
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
  return std::isnan(value.get<double>()) ? "NaN" : value.get<double>() > 0.0 ? "Infinity" : "-Infinity";
}

}  // namespace

std::string shortened(const std::string& text) { return text.substr(0, 60); }

ConfigFile::ConfigFile(const fs::path& path, ReadingNotes& notes) : ConfigFile(textOf(path), path.string(), notes) {}

ConfigFile::ConfigFile(const std::string& text, const std::string& file, ReadingNotes& notes) : file_(file), notes_(notes) {
  whole_ = readJson(text, file_, 32, [&] { return translated("%1: nested deeper than 32", file_); });
  if (!whole_.is_object())
    throw std::runtime_error(translated("%1: expected a JSON object, found %2", file_, shortened(shown(whole_))));
  text_ = textPart(whole_);
}

const json* ConfigFile::find(const std::string& key) const {
  const json* at = &text_;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('.', begin), key.size());
    const std::string part = key.substr(begin, end - begin);
    if (!at->is_object() || !at->contains(part)) return nullptr;
    at = &(*at)[part];
    begin = end + 1;
  }
  return at->is_null() ? nullptr : at;
}

std::string ConfigFile::firstOf(const std::vector<std::string>& keys) const {
  for (const std::string& key : keys)
    if (has(key)) return key;
  return {};
}

std::string ConfigFile::text(const std::string& key, const std::string& otherwise) const {
  if (!has(key)) return assume(key, "\"" + otherwise + "\""), otherwise;
  require(at(key).is_string(), key, translated("a text"));
  return at(key).get<std::string>();
}

double ConfigFile::number(const std::string& key, double otherwise) const {
  if (!has(key)) return assume(key, plain(otherwise)), otherwise;
  if (at(key).is_boolean()) return at(key).get<bool>() ? 1.0 : 0.0;
  require(at(key).is_number() && std::isfinite(at(key).get<double>()), key, translated("a finite number"));
  return at(key).get<double>();
}

int ConfigFile::count(const std::vector<std::string>& keys) const {
  const std::string key = firstOf(keys);
  if (key.empty()) throw std::runtime_error(translated("%1: expected a number \"%2\"", file_, keys.front()));
  return countOf(key);
}

int ConfigFile::countOf(const std::string& key) const {
  const double value = at(key).is_number() ? at(key).get<double>() : 0.0;
  require(value >= 1 && value <= 1'000'000 && value == std::floor(value), key, translated("a whole number from 1 to 1000000"));
  return static_cast<int>(value);
}

void ConfigFile::require(bool holds, const std::string& key, const std::string& expected) const {
  if (!holds)
    throw std::runtime_error(translated("%1: \"%2\": expected %3, found %4", file_, key, expected, shortened(shown(at(key)))));
}

void ConfigFile::assume(const std::string& key, const std::string& value) const {
  note(ReadingNoteKind::Assumed, translated("no \"%1\": %2, the family's default", key, value));
}

const json& ConfigFile::quantisation() const {
  static const json none;
  for (const json* part : {&text_, &whole_})
    if (part->contains("quantization_config")) return (*part)["quantization_config"];
  return none;
}

}  // namespace moescope
