#include "app/document/presets.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/document/document_json.h"
#include "app/document/json_fields.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

/// Name and text of each file, written by the build.
const std::vector<std::pair<std::string, std::string>>& presetFiles() {
  static const std::vector<std::pair<std::string, std::string>> files = {
#include "preset_files.inc"
  };
  return files;
}

}  // namespace

Preset presetFromJson(const std::string& name, const std::string& text) {
  using nlohmann::json;
  const json object = json::parse(text, nullptr, false);
  std::map<std::string, std::string> unknown;
  Preset preset;
  {
    JsonFields fields(object, "", unknown);
    if (fields.whole("moescope_preset", 0) != 1) fields.expected("moescope_preset", "1");
    preset.name = name;
    preset.title = fields.words("title", "");
    preset.shows = fields.words("shows", "");
    if (preset.title.empty() || preset.shows.empty()) fields.expected("title", "a title, and what it shows");
    preset.steps = static_cast<long>(fields.whole("steps", 200));
    if (preset.steps < 0 || preset.steps > 100000) fields.expected("steps", "0 to 100000");
    const json* views = fields.find("views");
    if (!views || !views->is_array() || views->empty()) fields.expected("views", "a list of views");
    for (const json& view : *views) {
      const bool known =
          view.is_string() && std::any_of(viewRegistry().begin(), viewRegistry().end(),
                                          [&](const ViewDeclaration& each) { return each.name == view.get<std::string>(); });
      if (!known) fields.expected("views", "names of views");
      preset.views.push_back(view.get<std::string>());
    }
    const json* state = fields.find("state");
    if (!state) fields.expected("state", "a state");
    preset.document = documentFromJson(state->dump());
    preset.document.layout.front = preset.views;
    const json* film = fields.find("film");
    if (film && !film->is_object()) fields.expected("film", "what moves in its film");
    if (film) preset.film = film->dump();
  }
  if (!unknown.empty()) throw std::runtime_error(translated("%1 is no key of a preset", unknown.begin()->first));
  return preset;
}

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = [] {
    std::vector<Preset> read;
    for (const auto& [name, text] : presetFiles()) read.push_back(presetFromJson(name, text));
    return read;
  }();
  return all;
}

const Preset& requirePreset(const std::string& name) {
  std::string known;
  for (const Preset& preset : presets()) {
    if (preset.name == name) return preset;
    known += (known.empty() ? "" : ", ") + preset.name;
  }
  throw std::invalid_argument(translated("there is no preset '%1'; expected one of %2", name, known));
}

}  // namespace moescope
