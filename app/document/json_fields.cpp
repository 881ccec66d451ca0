#include "app/document/json_fields.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "core/words/words.h"

namespace moescope {
namespace {

using nlohmann::json;

constexpr std::size_t kShown = 60;  // of a wrong value

std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return text;
}

/// Read in C++'s own way a number beyond int would become another one.
std::optional<std::int64_t> wholeOf(const json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) return {};
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return {};
  const double number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) > 9e15) return {};
  return static_cast<std::int64_t>(number);
}

}  // namespace

JsonFields::JsonFields(const json& object, std::string place, std::map<std::string, std::string>& unknown)
    : object_(object), place_(std::move(place)), unknown_(unknown) {
  if (!object.is_object())
    throw std::runtime_error(
        translated("%1 is %2; expected an object", place_.empty() ? translated("a state") : place_, shown(object)));
}

JsonFields::~JsonFields() {
  for (const auto& [key, value] : object_.items())
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end())
      unknown_[placeOf(key)] = value.dump(-1, ' ', true, json::error_handler_t::replace);
}

std::string JsonFields::placeOf(const std::string& key) const {
  std::string escaped;
  for (const char c : key) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return place_ + "/" + escaped;
}

void JsonFields::expected(const std::string& key, const std::string& what) const {
  throw std::runtime_error(object_.contains(key) ? translated("%1 is %2; expected %3", placeOf(key), shown(object_.at(key)), what)
                                                 : translated("%1 is missing; expected %2", placeOf(key), what));
}

const json* JsonFields::find(const std::string& key) {
  asked_.push_back(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

double JsonFields::number(const std::string& key, double fallback) {
  const json* value = find(key);
  if (!value) return fallback;
  if (!value->is_number() || !std::isfinite(value->get<double>())) expected(key, translated("a finite number"));
  return value->get<double>();
}

std::int64_t JsonFields::whole(const std::string& key, std::int64_t fallback) {
  const json* value = find(key);
  if (!value) return fallback;
  const std::optional<std::int64_t> number = wholeOf(*value);
  if (!number) expected(key, translated("a whole number"));
  return *number;
}

bool JsonFields::flag(const std::string& key, bool fallback) {
  const json* value = find(key);
  if (!value) return fallback;
  if (!value->is_boolean()) expected(key, translated("true or false"));
  return value->get<bool>();
}

std::string JsonFields::words(const std::string& key, const std::string& fallback) {
  const json* value = find(key);
  if (!value) return fallback;
  if (!value->is_string()) expected(key, translated("a string"));
  return value->get<std::string>();
}

std::vector<int> JsonFields::numbers(const std::string& key) {
  std::vector<int> all;
  const json* value = find(key);
  if (!value) return all;
  if (!value->is_array()) expected(key, translated("a list of whole numbers"));
  for (const json& each : *value) {
    const std::optional<std::int64_t> number = wholeOf(each);
    if (!number || *number < INT32_MIN || *number > INT32_MAX) expected(key, translated("a list of whole numbers"));
    all.push_back(static_cast<int>(*number));
  }
  return all;
}

std::array<double, 3> JsonFields::vector(const std::string& key) {
  const json* value = find(key);
  const auto isNumber = [](const json& each) { return each.is_number() && std::isfinite(each.get<double>()); };
  if (!value || !value->is_array() || value->size() != 3 || !std::all_of(value->begin(), value->end(), isNumber))
    expected(key, translated("three finite numbers"));
  return {value->at(0), value->at(1), value->at(2)};
}

}  // namespace moescope
