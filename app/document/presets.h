#pragma once
// Documents that show one idea each, ready made. A preset is one file, resources/presets/NAME.json; docs/state.md says what is in
// it.

#include <string>
#include <vector>

#include "app/document/document.h"

namespace moescope {

struct Preset {
  std::string name;                 ///< its file's name without ending: stable id
  std::string title, shows;         ///< what it is called; one or two sentences on what one sees
  long steps = 0;                   ///< of training before its pictures
  std::vector<std::string> views;   ///< that show it, the most telling first
  Document document;
  std::string film;  ///< what moves in its film: a film script as JSON, without what the preset has itself; empty: training, from
                     ///< its start
};

/// All that the program was built with, by name.
const std::vector<Preset>& presets();

/// Throws std::invalid_argument naming those that there are.
const Preset& requirePreset(const std::string& name);

/// A preset's file. Throws std::runtime_error with one line: the key and what was expected.
Preset presetFromJson(const std::string& name, const std::string& text);

}  // namespace moescope
