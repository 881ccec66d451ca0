#include "app/render_request.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/document/lesson_file.h"
#include "app/lesson_record.h"
#include "app/render_film.h"
#include "app/suggestion.h"
#include "app/window/language.h"

namespace moescope {
namespace {

const Preset& presetNamed(const std::string& name) {
  try {
    return requirePreset(name);
  } catch (const std::invalid_argument& error) {
    std::vector<std::string> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    throw CLI::ValidationError("preset", error.what() + didYouMean(name, names));
  }
}

void beginLesson(RenderOptions& options, const std::string& word) {
  try {
    options.lesson = lessonNamed(word, spokenLanguage());
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("preset", error.what());
  }
  options.lessonWord = isLessonFile(word) ? std::filesystem::absolute(word).string()
                                          : "lesson:" + options.lesson->name + "." + options.lesson->language;
}

bool isScriptFile(const std::string& name) { return name.ends_with(".json") || name.ends_with(".md"); }

void beginSession(RenderOptions& options, const std::string& path) {
  options.session = std::filesystem::absolute(path).string();
  SessionFilm film;
  try {
    film = filmOfSession(options.session, options.run);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--run", error.what());
  }
  options.recorded = std::move(film.timeline);
  options.notes = std::move(film.notes);
  if (!options.record) options.film = std::move(film.script);
}

void beginScript(RenderOptions& options, const std::string& path) {
  if (!isFilmRecord(path)) {
    options.film = readFilmScript(path);
    return;
  }
  options.record = readFilmRecord(path);
  options.size = std::to_string(options.record->shape.width) + "x" + std::to_string(options.record->shape.height);
  options.rate = options.record->shape.rate;
  if (!options.record->lesson.empty()) {
    beginLesson(options, options.record->lesson);
    options.document.dark = options.record->dark;
    return;
  }
  options.film = options.record->script;
  if (!options.record->session.empty()) beginSession(options, options.record->session);
}

}  // namespace

void beginRendering(RenderOptions& options, const std::string& word) {
  const bool preset = std::any_of(presets().begin(), presets().end(), [&](const Preset& each) { return each.name == word; });
  if (!preset && namesLesson(word)) return beginLesson(options, word);
  options.scriptGiven = word.ends_with(".moescope") || isScriptFile(word);
  if (!options.scriptGiven) {
    const Preset& preset = presetNamed(word);
    options.film = filmOf(preset);
    options.document = preset.document;
    options.preset = preset.views;
    options.steps = preset.steps;
  } else {
    word.ends_with(".moescope") ? beginSession(options, word) : beginScript(options, word);
  }
  if (options.scriptGiven && options.film) {
    options.document = options.film->keys.front().document;
    options.preset = options.film->views;
    options.steps = options.film->steps;
  }
  options.theme = options.document.dark ? "dark" : "light";
}

void chooseRenderLanguage(RenderOptions& options) {
  if (options.record && options.language.empty()) options.language = options.record->language;
  speak(options.language);
  if (!options.lesson || options.record) return;
  if (!options.language.empty() && options.lessonWord.starts_with("lesson:"))
    return beginLesson(options, "lesson:" + options.lesson->name);
  if (options.language.empty()) speakAs(*options.lesson);
}

}  // namespace moescope
