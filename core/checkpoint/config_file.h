#pragma once
// A checkpoint's config.json, with every fault named by file and key, and what it leaves open noted.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/checkpoint/reading_notes.h"

namespace moescope {

/// Keys may lead into objects: "ffn_config.moe_top_k". A key that is null counts as missing.
class ConfigFile {
 public:
  /// Throws std::runtime_error with one line unless it is a JSON object of at most 1 MB. Where it describes a model of several
  /// parts, the text part ("text_config" and the like) is taken; `notes` gets what is assumed. The notes must outlive this.
  ConfigFile(const std::filesystem::path& path, ReadingNotes& notes);
  /// The same of `text`; `file` names where it is from.
  ConfigFile(const std::string& text, const std::string& file, ReadingNotes& notes);

  bool has(const std::string& key) const { return find(key) != nullptr; }
  const nlohmann::json& at(const std::string& key) const { return *find(key); }  ///< of a key that is there
  /// The first of these keys that is there; empty where none is.
  std::string firstOf(const std::vector<std::string>& keys) const;

  std::string text(const std::string& key, const std::string& otherwise) const;
  double number(const std::string& key, double otherwise) const;
  /// Of the first key that is there; throws where none is, or for anything but a whole number from 1 to 1000000.
  int count(const std::vector<std::string>& keys) const;
  int countOf(const std::string& key) const;  ///< of a key that is there

  void require(bool holds, const std::string& key, const std::string& expected) const;
  void assume(const std::string& key, const std::string& value) const;
  void note(ReadingNoteKind kind, const std::string& what) const { notes_.add(kind, file_ + ": " + what); }
  const std::string& file() const { return file_; }
  /// quantization_config of the text part, else of the whole; null where there is none.
  const nlohmann::json& quantisation() const;

 private:
  const nlohmann::json* find(const std::string& key) const;

  std::string file_;
  ReadingNotes& notes_;
  nlohmann::json whole_, text_;
};

/// A text of the file, short enough for a message.
std::string shortened(const std::string& text);

}  // namespace moescope
