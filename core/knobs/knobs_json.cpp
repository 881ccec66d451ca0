#include "core/knobs/knobs_json.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

using nlohmann::json;

json toJson(const KnobDeclaration& knob, const Knobs& knobs) {
  if (!knob.get) return knob.text(knobs);
  if (knob.flag) return knob.get(knobs) != 0.0;
  if (knob.integral) return static_cast<std::int64_t>(knob.get(knobs));
  return knob.get(knobs);
}

void set(const KnobDeclaration& knob, const json& value, Knobs& knobs) {
  const auto require = [&](bool holds, const std::string& what) {
    if (!holds) throw std::invalid_argument(translated("%1: expected %2", knob.name, what));
  };
  if (!knob.get) {
    require(value.is_string(), translated("a text"));
    return knob.setText(knobs, value.get<std::string>());
  }
  require(knob.flag ? value.is_boolean() : value.is_number(), knob.flag ? translated("true or false") : translated("a number"));
  const double number = knob.flag ? static_cast<double>(value.get<bool>()) : value.get<double>();
  knob.check(number);
  knob.set(knobs, number);
}

/// Nothing lies in a knob: deep text is refused before it is built.
json flatObject(std::string_view text) {
  const auto flat = [](int depth, json::parse_event_t event, json&) {
    if (depth > 0 && (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start))
      throw std::invalid_argument(translated("expected one flat JSON object"));
    return true;
  };
  json object = json::parse(text, flat, false);
  if (!object.is_object()) throw std::invalid_argument(translated("expected a JSON object"));
  return object;
}

}  // namespace

std::string knobsJson(const Knobs& knobs) {
  json object;
  for (const KnobDeclaration& knob : knobTable()) object[knob.name] = toJson(knob, knobs);
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Knobs readKnobsJson(std::string_view text, const std::string& place) {
  try {
    json object = flatObject(text);
    Knobs knobs;
    for (const KnobDeclaration& knob : knobTable()) {
      if (!object.contains(knob.name) && knob.later) continue;
      if (!object.contains(knob.name)) throw std::invalid_argument(translated("%1 is missing", knob.name));
      set(knob, object[knob.name], knobs);
      object.erase(knob.name);
    }
    if (!object.empty()) throw std::invalid_argument(translated("there is no knob \"%1\"", object.begin().key().substr(0, 80)));
    requireValid(knobs);
    return knobs;
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(translated("%1: knobs: %2", place, error.what()));
  }
}

}  // namespace moescope
