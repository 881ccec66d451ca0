// Film scripts from files and to them.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "app/document/document_json.h"
#include "app/document/json_fields.h"
#include "app/film/film_script.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

using nlohmann::json;

constexpr std::size_t kLargest = std::size_t{16} << 20;  // bytes of a script
constexpr std::size_t kMostKeys = 10000;
constexpr int kFilmVersion = 1;
constexpr double kTrainingSeconds = 10.0;  // that a preset's training takes in its film, where the preset does not say

const std::vector<std::pair<const char*, Ease>>& eases() {
  static const std::vector<std::pair<const char*, Ease>> all = {
      {"smooth", Ease::Smooth}, {"linear", Ease::Linear}, {"hold", Ease::Hold}};
  return all;
}

// ---------------------------------------------------------------- changes of a state

/// Puts a change into a state: objects key by key, sides side by side (the second begins as the first), anything else as a whole;
/// null takes a key away.
void change(json& state, const json& by, bool sides = false) {
  if (by.is_object()) {
    if (!state.is_object()) state = json::object();
    for (const auto& [key, value] : by.items()) {
      if (value.is_null())
        state.erase(key);
      else
        change(state[key], value, key == "sides");
    }
  } else if (sides && by.is_array() && state.is_array()) {
    for (std::size_t i = 0; i < by.size(); ++i) {
      if (i == state.size()) state.push_back(i > 0 ? json(state[0]) : json::object());
      change(state[i], by[i]);
    }
  } else {
    state = by;
  }
}

/// What change() takes from one state to another; null: they are the same.
json changeBetween(const json& from, const json& to, bool sides = false) {
  if (from == to) return nullptr;
  json by;
  if (from.is_object() && to.is_object()) {
    by = json::object();
    for (const auto& [key, value] : from.items())
      if (!to.contains(key)) by[key] = nullptr;
    for (const auto& [key, value] : to.items()) {
      if (!from.contains(key))
        by[key] = value;
      else if (from.at(key) != value)
        by[key] = changeBetween(from.at(key), value, key == "sides");
    }
    return by;
  }
  if (!sides || !from.is_array() || !to.is_array() || from.size() != to.size()) return to;
  by = json::array();
  for (std::size_t i = 0; i < to.size(); ++i) by.push_back(from[i] == to[i] ? json::object() : changeBetween(from[i], to[i]));
  return by;
}

Document readState(const json& state, const std::string& place) {
  try {
    Document document = documentFromJson(state.dump());
    if (!document.unknown.empty())
      throw std::runtime_error(translated("%1 is no key of a state", document.unknown.begin()->first));
    return document;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(place + ": " + error.what());
  }
}

// ---------------------------------------------------------------- key frames

/// What a film moves most, without writing whole states.
void readShortcuts(JsonFields& fields, json& state) {
  for (json& side : state["sides"]) {
    if (const json* concentration = fields.find("concentration")) side["lens"]["concentration"] = *concentration;
    if (fields.find("step"))
      side["cursor"] = {{"live", false}, {"generation", kFilmGeneration}, {"step", fields.whole("step", 0)}};
  }
}

FilmKey readKey(const json& object, const std::string& place, json& state, const FilmKey* before,
                std::map<std::string, std::string>& unknown) {
  JsonFields fields(object, place, unknown);
  FilmKey key;
  key.time = fields.number("time", before ? -1.0 : 0.0);
  if (!std::isfinite(key.time) || key.time > kLongestFilm || (before ? key.time <= before->time : key.time != 0.0))
    fields.expected(
        "time", before ? translated("seconds after the key frame before, at most 3600") : translated("0 in the first key frame"));
  key.title = fields.words("title", before ? before->title : "");
  key.caption = fields.words("caption", "");
  const std::string ease = fields.words("ease", "smooth");
  const auto known = std::find_if(eases().begin(), eases().end(), [&](const auto& each) { return ease == each.first; });
  if (known == eases().end()) fields.expected("ease", translated("smooth, linear or hold"));
  key.ease = known->second;
  if (const json* changed = fields.find("state")) change(state, *changed);
  readShortcuts(fields, state);
  key.document = readState(state, place);
  return key;
}

/// A model is trained once for each side: a key frame cannot have another one.
void requireOneTraining(const FilmScript& script) {
  const Document& first = script.keys.front().document;
  for (std::size_t k = 1; k < script.keys.size(); ++k) {
    const Document& document = script.keys[k].document;
    const std::string place = "/keys/" + std::to_string(k);
    if (document.compares != first.compares)
      throw std::runtime_error(
          translated("%1: compares changes within the film; expected it only in the film's own state", place));
    for (std::size_t i = 0; i < document.sides.size(); ++i)
      if (!(document.sides[i].knobs == first.sides[i].knobs) || !(document.sides[i].source == first.sides[i].source))
        throw std::runtime_error(
            translated("%1: knobs or source change within the film; expected them only in the film's own state", place));
  }
}

std::vector<std::string> readViews(JsonFields& fields) {
  const json* views = fields.find("views");
  if (!views || !views->is_array() || views->empty() || views->size() > viewRegistry().size())
    fields.expected("views", translated("a list of views"));
  std::vector<std::string> names;
  for (const json& view : *views) {
    const bool known =
        view.is_string() && std::any_of(viewRegistry().begin(), viewRegistry().end(),
                                        [&](const ViewDeclaration& each) { return each.name == view.get<std::string>(); });
    if (!known) fields.expected("views", translated("names of views"));
    names.push_back(view.get<std::string>());
  }
  return names;
}

/// `preset`: whose state, views and steps stand where the film has none of its own.
FilmScript readFilm(const json& object, const Preset* preset) {
  std::map<std::string, std::string> unknown;
  FilmScript script;
  {
    JsonFields fields(object, "", unknown);
    if (fields.whole("moescope_film", 0) != kFilmVersion) fields.expected("moescope_film", "1");
    if (fields.find("preset")) try {
        preset = &requirePreset(fields.words("preset", ""));
      } catch (const std::invalid_argument& error) {
        throw std::runtime_error(translated("/preset: %1", error.what()));
      }
    if (preset) script.views = preset->views, script.steps = preset->steps;
    if (!preset || fields.find("views")) script.views = readViews(fields);
    script.steps = static_cast<long>(fields.whole("steps", script.steps));
    if (script.steps < 0 || script.steps > 10000000) fields.expected("steps", "0 to 10000000");
    json state = json::parse(toJson(preset ? preset->document : Document{}));
    if (const json* own = fields.find("state")) change(state, *own);
    const std::string title = fields.words("title", preset ? preset->title : "");
    const json* keys = fields.find("keys");
    if (!keys || !keys->is_array() || keys->empty() || keys->size() > kMostKeys)
      fields.expected("keys", translated("a list of 1 to 10000 key frames"));
    for (std::size_t i = 0; i < keys->size(); ++i) {
      script.keys.push_back(
          readKey((*keys)[i], "/keys/" + std::to_string(i), state, i > 0 ? &script.keys.back() : nullptr, unknown));
      if (i == 0 && script.keys[0].title.empty()) script.keys[0].title = title;
    }
  }
  if (!unknown.empty()) throw std::runtime_error(translated("%1 is no key of a film", unknown.begin()->first));
  requireOneTraining(script);
  return script;
}

json parsed(const std::string& text) {
  if (text.size() > kLargest)
    throw std::runtime_error(translated("this is no film script: it has %1 bytes; expected at most %2",
                                        std::to_string(text.size()), std::to_string(kLargest)));
  try {
    return json::parse(text, [](int depth, json::parse_event_t, json&) {
      if (depth > 32) throw std::runtime_error(translated("this is no film script: it is nested deeper than 32 levels"));
      return true;
    });
  } catch (const json::exception& error) {
    std::string where = error.what();
    if (const std::size_t start = where.find("] "); start != std::string::npos) where = where.substr(start + 2);
    throw std::runtime_error(translated("this is no film script: %1", where.substr(0, where.find('\n'))));
  }
}

// ---------------------------------------------------------------- Markdown

/// "4", "4.5" or "1:04.5"; throws std::invalid_argument.
double secondsOf(const std::string& words) {
  std::size_t end = 0;
  const std::size_t colon = words.find(':');
  const double minutes = colon == std::string::npos ? 0.0 : std::stod(words.substr(0, colon), &end);
  if (colon != std::string::npos && end != colon) throw std::invalid_argument("");
  const std::string rest = colon == std::string::npos ? words : words.substr(colon + 1);
  const double seconds = std::stod(rest, &end);
  if (end != rest.size()) throw std::invalid_argument("");
  return 60.0 * minutes + seconds;
}

std::string trimmed(const std::string& words) {
  const std::size_t first = words.find_first_not_of(" \t\r"), last = words.find_last_not_of(" \t\r");
  return first == std::string::npos ? "" : words.substr(first, last - first + 1);
}

/// Reads a script line by line into the JSON that it stands for.
class MarkdownReader {
 public:
  json read(const std::string& text) {
    film_ = {{"moescope_film", kFilmVersion}, {"keys", json::array()}};
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      ++number_;
      take(trimmed(line));
    }
    if (inBlock_) complain(translated("a block of JSON does not end; expected ```"));
    return film_;
  }

 private:
  [[noreturn]] void complain(const std::string& what) const {
    throw std::runtime_error(translated("line %1: %2", std::to_string(number_), what));
  }
  json& section() { return film_["keys"].empty() ? film_ : film_["keys"].back(); }

  void take(const std::string& line) {
    if (inBlock_) return takeOfBlock(line);
    if (line.starts_with("```")) {
      inBlock_ = true;
      block_.clear();
    } else if (line.starts_with("## ")) {
      begin(trimmed(line.substr(3)));
    } else if (line.starts_with("# ")) {
      section()["title"] = trimmed(line.substr(2));
    } else if (!line.empty() && !film_["keys"].empty()) {  // words before the first key frame are for who reads the script
      json& caption = section()["caption"];
      caption = caption.is_string() ? caption.get<std::string>() + " " + line : line;
    }
  }

  void takeOfBlock(const std::string& line) {
    if (!line.starts_with("```")) {
      block_ += line + "\n";
      return;
    }
    inBlock_ = false;
    try {
      const json object = parsed(block_);
      if (!object.is_object()) complain(translated("expected a JSON object in this block"));
      section().update(object);
    } catch (const std::runtime_error& error) {
      complain(error.what());
    }
  }

  void begin(const std::string& time) {
    try {
      film_["keys"].push_back({{"time", secondsOf(time)}});
    } catch (const std::logic_error&) {
      complain(translated("'%1' is no time of a key frame; expected seconds such as 4.5, or 1:04", time));
    }
  }

  json film_;
  std::string block_;
  bool inBlock_ = false;
  int number_ = 0;
};

}  // namespace

FilmScript filmScriptFromJson(const std::string& text) { return readFilm(parsed(text), nullptr); }

FilmScript filmScriptFromMarkdown(const std::string& text) {
  if (text.size() > kLargest)
    throw std::runtime_error(translated("this is no film script: it has %1 bytes; expected at most %2",
                                        std::to_string(text.size()), std::to_string(kLargest)));
  return readFilm(MarkdownReader().read(text), nullptr);
}

FilmScript readFilmScript(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargest + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.eof() && !file) throw std::runtime_error(translated("%1: cannot be read", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  try {
    return std::filesystem::path(path).extension() == ".md" ? filmScriptFromMarkdown(text) : filmScriptFromJson(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

FilmScript filmOf(const Preset& preset) {
  json film = preset.film.empty() ? json::object() : parsed(preset.film);
  film["moescope_film"] = kFilmVersion;
  if (!film.contains("keys"))
    film["keys"] = {{{"time", 0}, {"step", 0}, {"ease", "linear"}},
                    {{"time", kTrainingSeconds}, {"step", preset.steps}},
                    {{"time", kTrainingSeconds + 1.0}}};
  FilmScript script = readFilm(film, &preset);
  for (FilmKey& key : script.keys) key.title = translated(key.title), key.caption = translated(key.caption);
  return script;
}

std::string toJson(const FilmScript& script) {
  json state = json::parse(toJson(script.keys.front().document));
  json film = {{"moescope_film", kFilmVersion},
               {"steps", script.steps},
               {"views", script.views},
               {"state", state},
               {"keys", json::array()}};
  for (const FilmKey& key : script.keys) {
    const json next = json::parse(toJson(key.document));
    json object = {{"time", key.time}, {"title", key.title}, {"caption", key.caption}};
    for (const auto& [name, ease] : eases())
      if (ease == key.ease) object["ease"] = name;
    if (json by = changeBetween(state, next); !by.is_null()) object["state"] = std::move(by);
    state = next;
    film["keys"].push_back(std::move(object));
  }
  return film.dump(2);
}

}  // namespace moescope
