#pragma once
// Reads one JSON object key by key: each value is checked, and what nobody asked for is kept.

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace moescope {

class JsonFields {
 public:
  /// `place`: where the object lies, as a JSON pointer; empty for the outermost. `unknown` gets the keys that were not asked for,
  /// by their JSON pointers, when this ends. Throws std::runtime_error when `object` is none.
  JsonFields(const nlohmann::json& object, std::string place, std::map<std::string, std::string>& unknown);
  ~JsonFields();
  JsonFields(const JsonFields&) = delete;
  JsonFields& operator=(const JsonFields&) = delete;

  // What a key holds, or `fallback` where it is missing. They throw std::runtime_error with the key's place and what was
  // expected.
  double number(const std::string& key, double fallback);
  std::int64_t whole(const std::string& key, std::int64_t fallback);
  bool flag(const std::string& key, bool fallback);
  std::string words(const std::string& key, const std::string& fallback);
  std::vector<int> numbers(const std::string& key);              ///< whole ones; missing: none
  std::array<double, 3> vector(const std::string& key);          ///< must be there
  /// The value itself; null: missing.
  const nlohmann::json* find(const std::string& key);
  /// The place of one of its keys.
  std::string placeOf(const std::string& key) const;
  [[noreturn]] void expected(const std::string& key, const std::string& what) const;

 private:
  const nlohmann::json& object_;
  std::string place_;
  std::map<std::string, std::string>& unknown_;
  std::vector<std::string> asked_;
};

}  // namespace moescope
