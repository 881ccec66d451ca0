#include "core/experiments/planned_key.h"

#include <filesystem>
#include <functional>
#include <sstream>

#include "core/data/content_hash.h"

namespace moescope {
namespace {

/// A text that can be part of a file's name; a path is told apart from others with the same last part.
std::string fileWord(const std::string& text) {
  if (text.find('/') == std::string::npos) return text;
  std::ostringstream word;
  word << std::filesystem::path(text).filename().string() << std::hex << std::hash<std::string>()(text);
  return word.str();
}

/// Of everything that a result hangs on.
std::string hashOf(const PlannedRun& run, const std::string& text, const std::string& program) {
  ContentHash hash;
  for (const std::string& part :
       {nameOf(run.task), std::string(run.oracle ? "oracle" : ""), std::to_string(run.steps), text, program})
    hash.add(part);
  for (const KnobDeclaration& knob : knobTable()) {
    if (knob.name == "device") continue;
    hash.add(knob.name);
    hash.add(wordOf(knob, run.knobs));
  }
  return hash.text();
}

}  // namespace

std::string wordOf(const KnobDeclaration& knob, const Knobs& knobs) {
  if (!knob.get) return knob.text(knobs);
  std::ostringstream value;
  value.precision(17);
  value << knob.get(knobs);
  return value.str();
}

std::string keyOf(const PlannedRun& run, const std::string& text, const std::string& program) {
  const Knobs defaults;
  std::string key = nameOf(run.task) + "_" + (run.oracle ? "oracle" : run.knobs.router);
  for (const KnobDeclaration& knob : knobTable()) {
    const std::string value = wordOf(knob, run.knobs);
    if (knob.name != "router" && knob.name != "device" && value != wordOf(knob, defaults))
      key += "_" + knob.name + fileWord(value);
  }
  return key + "_seed" + std::to_string(run.knobs.seed) + "_steps" + std::to_string(run.steps) + "_" + hashOf(run, text, program);
}

}  // namespace moescope
