#include "app/window/window_state.h"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace moescope {

using nlohmann::json;

namespace {

/// None is -1 in the file.
Selection selectionOf(int expert, int other) {
  if (expert < -1 || other < -1) throw std::runtime_error("selected_expert and selected_other must be at least -1 (none)");
  if (other >= 0 && expert < 0) throw std::runtime_error("selected_other needs a selected_expert");
  if (other >= 0 && other == expert) throw std::runtime_error("selected_other must differ from selected_expert");
  Selection selection;
  for (const int each : {expert, other})
    if (each >= 0) selection.experts.push_back(each);
  return selection;
}

/// By its name; an older version wrote the number of soft, top-k, top-p or threshold.
GatingPolicy policyOf(const json& policy) {
  if (policy.is_number_integer() && policy >= 0 && policy <= 3) return static_cast<GatingPolicy>(policy.get<int>() + static_cast<int>(GatingPolicy::Soft));
  std::string known;
  for (const GatingDeclaration& gating : gatingTable()) {
    if (policy == gating.name) return gating.policy;
    known += (known.empty() ? "" : ", ") + std::string(gating.name);
  }
  throw std::runtime_error("policy must be one of " + known);
}

void require(bool holds, const char* expected) {
  if (!holds) throw std::runtime_error(expected);
}

void requireLens(const Lens& lens) {
  require(std::isfinite(lens.concentration) && lens.concentration >= 0.0f && lens.concentration <= kGreatestConcentration,
          "concentration must be 0 to 1000000");
  require(lens.gating.k >= 1, "k must be at least 1");
  require(lens.gating.mass > 0.0f && lens.gating.mass <= 1.0f, "mass must be above 0 and at most 1");
  require(lens.gating.threshold >= 0.0f && lens.gating.threshold <= 1.0f, "threshold must be 0 to 1");
  require(lens.layer >= 0, "layer must be at least 0");
}

/// Before it becomes the knob's own type, where 8.5 experts would be 8.
void setKnob(const KnobDeclaration& knob, Knobs& knobs, const json& value) {
  if (!knob.get) return knob.setText(knobs, value);
  const double number = value;
  if (!(number >= knob.minimum && number <= knob.maximum) || (knob.integral && number != std::floor(number))) {
    std::ostringstream message;
    message << "knob " << knob.name << " is " << number << "; expected " << (knob.integral ? "a whole number from " : "")
            << knob.minimum << " to " << knob.maximum;
    throw std::runtime_error(message.str());
  }
  knob.set(knobs, number);
}

}  // namespace

QString stateToJson(const WindowState& shown) {
  const Lens& lens = shown.lens;
  json state;
  state["moescope_state"] = 1;
  state["lens"] = {{"concentration", lens.concentration}, {"bingham_reading", lens.reading == ConcentrationReading::Bingham},
                   {"prior_gates", lens.source == GateSource::Prior},
                   {"policy", gatingTable()[static_cast<std::size_t>(lens.gating.policy)].name}, {"k", lens.gating.k}, {"mass", lens.gating.mass},
                   {"threshold", lens.gating.threshold}, {"layer", lens.layer},
                   {"selected_expert", shown.selection.expert()}, {"selected_other", shown.selection.other()}};
  for (const KnobDeclaration& knob : knobTable()) {
    if (knob.get)
      state["knobs"][knob.name] = knob.get(shown.knobs);
    else
      state["knobs"][knob.name] = knob.text(shown.knobs);
  }
  if (!shown.checkpoint.empty()) state["checkpoint"] = {{"folder", shown.checkpoint}, {"trace", shown.trace}};
  return QString::fromStdString(state.dump(2));
}

WindowState stateFromJson(const QString& text) {
  try {
    const json state = json::parse(text.toStdString());
    if (state.at("moescope_state") != 1) throw std::runtime_error("unknown version");
    const json& view = state.at("lens");
    Lens lens;
    lens.concentration = view.at("concentration");
    lens.reading = view.at("bingham_reading").get<bool>() ? ConcentrationReading::Bingham : ConcentrationReading::Tempered;
    lens.source = view.value("prior_gates", false) ? GateSource::Prior : GateSource::Trained;
    lens.gating = {policyOf(view.at("policy")), view.at("k"), view.at("mass"), view.at("threshold")};
    lens.layer = view.at("layer");
    const Selection selection = selectionOf(view.value("selected_expert", -1), view.value("selected_other", -1));  // an older version knew none
    requireLens(lens);
    Knobs knobs;
    const json& values = state.at("knobs");
    for (const KnobDeclaration& knob : knobTable())
      if (values.contains(knob.name)) setKnob(knob, knobs, values.at(knob.name));  // else of an older version: the default
    requireValid(knobs);
    WindowState result{lens, selection, knobs};
    if (state.contains("checkpoint")) {
      result.checkpoint = state["checkpoint"].at("folder");
      result.trace = state["checkpoint"].at("trace");
      if (!std::filesystem::path(result.checkpoint).is_absolute()) throw std::runtime_error("checkpoint.folder must be an absolute path");
    }
    return result;
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string("the clipboard holds no Moescope state: ") + error.what());
  }
}

void requireExperts(const Selection& selection, int experts) {
  const auto check = [experts](const char* name, int expert) {
    if (expert >= experts)
      throw std::runtime_error(std::string("the state's ") + name + " is " + std::to_string(expert) + ", but the model has experts 0 to " + std::to_string(experts - 1));
  };
  check("selected_expert", selection.expert());
  check("selected_other", selection.other());
}

}  // namespace moescope
