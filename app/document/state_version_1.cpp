#include "app/document/state_version_1.h"

#include <stdexcept>

#include "app/document/json_fields.h"
#include "core/words/words.h"

namespace moescope {
namespace {

using nlohmann::json;

Lens lensOf(JsonFields& fields) {
  Lens lens;
  lens.concentration = static_cast<float>(fields.number("concentration", 1.0));
  lens.reading = fields.flag("bingham_reading", false) ? ConcentrationReading::Bingham : ConcentrationReading::Tempered;
  lens.source = fields.flag("prior_gates", false) ? GateSource::Prior : GateSource::Trained;
  constexpr GatingPolicy policies[] = {GatingPolicy::Soft, GatingPolicy::TopK, GatingPolicy::TopP, GatingPolicy::Threshold};
  const std::int64_t policy = fields.whole("policy", 0), k = fields.whole("k", 2), layer = fields.whole("layer", 0);
  if (policy < 0 || policy > 3) fields.expected("policy", "0 to 3");
  if (k < 1 || k > 512) fields.expected("k", "1 to 512");
  if (layer < 0 || layer > 999) fields.expected("layer", "0 to 999");
  lens.gating = {policies[policy], static_cast<int>(k), static_cast<float>(fields.number("mass", 0.9)),
                 static_cast<float>(fields.number("threshold", 0.05))};
  lens.layer = static_cast<int>(layer);
  return lens;
}

/// None is -1 in the file.
Selection selectionOf(JsonFields& fields) {
  const std::int64_t expert = fields.whole("selected_expert", -1), other = fields.whole("selected_other", -1);
  if (expert < -1 || expert > 1000000) fields.expected("selected_expert", translated("an expert, or -1 for none"));
  if (other < -1 || other > 1000000) fields.expected("selected_other", translated("an expert, or -1 for none"));
  if (other >= 0 && (expert < 0 || other == expert))
    fields.expected("selected_other", translated("the second expert of a pair with selected_expert"));
  Selection selection;
  for (const std::int64_t each : {expert, other})
    if (each >= 0) selection.experts.push_back(static_cast<int>(each));
  return selection;
}

void setKnob(const KnobDeclaration& knob, const json& value, Knobs& knobs) {
  if (!knob.get) {
    if (!value.is_string()) throw std::runtime_error(translated("/knobs/%1 must be a string", knob.name));
    knob.check(value.get<std::string>());
    return knob.setText(knobs, value.get<std::string>());
  }
  if (knob.flag && value.is_boolean()) return knob.set(knobs, value.get<bool>() ? 1.0 : 0.0);
  if (!value.is_number()) throw std::runtime_error(translated("/knobs/%1 must be a number", knob.name));
  knob.check(value.get<double>());
  knob.set(knobs, value.get<double>());
}

}  // namespace

Document documentOfVersion1(const json& state) {
  Document document;
  Side& side = document.sides[0];
  JsonFields fields(state, "", document.unknown);
  fields.find("moescope_state");
  const json *lens = fields.find("lens"), *knobs = fields.find("knobs"), *checkpoint = fields.find("checkpoint");
  if (!lens) fields.expected("lens", translated("an object"));
  if (!knobs || !knobs->is_object()) fields.expected("knobs", translated("an object"));
  {
    JsonFields of(*lens, "/lens", document.unknown);
    side.lens = lensOf(of);
    side.selection = selectionOf(of);
  }
  for (const KnobDeclaration& knob : knobSettings()) try {
      if (knobs->contains(knob.name)) setKnob(knob, knobs->at(knob.name), side.knobs);
    } catch (const std::invalid_argument& error) {
      throw std::runtime_error(translated("/knobs: %1", error.what()));
    }
  if (checkpoint) {
    JsonFields of(*checkpoint, "/checkpoint", document.unknown);
    side.source = {SideSource::Kind::Checkpoint, of.words("folder", ""), of.words("trace", "")};
  }
  document.unknown.clear();  // their places are not those of the new form
  requireValid(document);
  return document;
}

}  // namespace moescope
