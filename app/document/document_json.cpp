#include "app/document/document_json.h"

#include <stdexcept>

#include "app/document/json_fields.h"
#include "app/document/state_version_1.h"
#include "core/reading/lens_table.h"
#include "core/reading/prompt.h"
#include "core/words/words.h"

namespace moescope {
namespace {

const std::map<SideSource::Kind, std::string>& kindNames() {
  static const std::map<SideSource::Kind, std::string> names = {{SideSource::Kind::Training, "training"},
                                                                {SideSource::Kind::Checkpoint, "checkpoint"},
                                                                {SideSource::Kind::Session, "session"}};
  return names;
}

using nlohmann::json;

constexpr std::size_t kLargest = std::size_t{4} << 20;  // bytes; a full state has a few thousand
constexpr int kDeepest = 32;                             // levels; a state has six
constexpr const char* kVersionKey = "moescope_state";

// ---------------------------------------------------------------- writing

template <typename Owner, typename Rows>
json settingsToJson(const Owner& owner, const Rows& rows) {
  json object = json::object();
  for (const auto& row : rows) {
    if (!row.get)
      object[row.name] = row.text(owner);
    else if (row.flag)
      object[row.name] = row.get(owner) != 0.0;
    else if (row.integral)
      object[row.name] = static_cast<std::int64_t>(row.get(owner));
    else
      object[row.name] = row.get(owner);
  }
  return object;
}

json selectionToJson(const Selection& selection) {
  return {{"experts", selection.experts}, {"tokens", selection.tokens}, {"domains", selection.domains}};
}

json readingToJson(const CaptureReading& reading) {
  return {{"tokens", reading.shape.tokens},
          {"layers", reading.shape.layers},
          {"chosen", reading.shape.chosen},
          {"experts", reading.experts},
          {"without_identical_rows", reading.withoutIdentical}};
}

json sideToJson(const Side& side) {
  json object;
  object["source"] = {{"kind", kindNames().at(side.source.kind)}};
  if (side.source.kind == SideSource::Kind::Checkpoint)
    object["source"].update({{"folder", side.source.folder}, {"trace", side.source.trace}});
  if (!(side.source.reading == CaptureReading{})) object["source"]["capture"] = readingToJson(side.source.reading);
  if (side.source.kind == SideSource::Kind::Session) object["source"]["file"] = side.source.file;
  object["knobs"] = settingsToJson(side.knobs, knobSettings());
  object["lens"] = settingsToJson(side.lens, lensTable());
  if (side.source.kind != SideSource::Kind::Training) object["training_lens"] = settingsToJson(side.trainingLens, lensTable());
  object["selection"] = selectionToJson(side.selection);
  const AnalysisSettings& analysis = side.analysis.settings;
  object["analysis"] = {{"every_seconds", side.analysis.everySeconds},
                        {"rank", analysis.rank},
                        {"explained_variance", analysis.explainedVariance},
                        {"jacobian_tokens", analysis.jacobianTokens},
                        {"jacobian_probes", analysis.jacobianProbes}};
  object["cursor"] = {{"live", side.cursor.live}};
  if (!side.cursor.live) object["cursor"].update({{"generation", side.cursor.generation}, {"step", side.cursor.step}});
  object["cameras"] = json::object();
  for (const auto& [view, camera] : side.cameras)
    object["cameras"][view] = {{"position", camera.position}, {"focal_point", camera.focalPoint}, {"up", camera.up}};
  return object;
}

json setsToJson(const std::vector<NamedSet>& sets) {
  json list = json::array();
  for (const NamedSet& each : sets) {
    list.push_back(selectionToJson(each.members));
    list.back()["name"] = each.name;
  }
  return list;
}

json bookmarksToJson(const std::vector<Bookmark>& bookmarks) {
  json list = json::array();
  for (const Bookmark& each : bookmarks)
    list.push_back({{"name", each.name}, {"generation", each.generation}, {"step", each.step}});
  return list;
}

// ---------------------------------------------------------------- reading

using Unknown = std::map<std::string, std::string>;

/// Knobs and lenses, by their tables. A row's own complaint gets the place in front.
template <typename Owner, typename Rows>
void readSettings(const json& object, const std::string& place, const Rows& rows, Unknown& unknown, Owner& owner) {
  JsonFields fields(object, place, unknown);
  for (const auto& row : rows) {
    try {
      if (!row.get) {
        const std::string words = fields.words(row.name, row.text(owner));
        row.check(words);
        row.setText(owner, words);
        continue;
      }
      const bool before = row.get(owner) != 0.0;
      const double value = row.flag && fields.find(row.name) && fields.find(row.name)->is_boolean()
                               ? fields.flag(row.name, before)
                               : fields.number(row.name, row.get(owner));
      row.check(value);
      row.set(owner, value);
    } catch (const std::invalid_argument& error) {
      throw std::runtime_error(place + ": " + error.what());
    }
  }
}

CaptureReading readReading(const json& object, const std::string& place, Unknown& unknown) {
  JsonFields fields(object, place, unknown);
  CaptureReading reading;
  reading.shape = {fields.whole("tokens", 0), fields.whole("layers", 0), fields.whole("chosen", 0)};
  reading.experts = static_cast<int>(
      std::clamp<std::int64_t>(fields.whole("experts", 0), -1, kMostCapturedExperts + 1));  // requireValid() refuses both
  reading.withoutIdentical = fields.flag("without_identical_rows", false);
  return reading;
}

SideSource readSource(const json& object, const std::string& place, Unknown& unknown) {
  JsonFields fields(object, place, unknown);
  const std::string kind = fields.words("kind", "training");
  if (kind == "training") return {};
  if (kind == kindNames().at(SideSource::Kind::Session)) return {SideSource::Kind::Session, "", "", fields.words("file", "")};
  if (kind != "checkpoint") fields.expected("kind", translated("training, checkpoint or session"));
  SideSource source{SideSource::Kind::Checkpoint, fields.words("folder", ""), fields.words("trace", "")};
  if (const json* reading = fields.find("capture")) source.reading = readReading(*reading, place + ".capture", unknown);
  return source;
}

AnalysisChoice readAnalysis(const json& object, const std::string& place, Unknown& unknown) {
  JsonFields fields(object, place, unknown);
  AnalysisChoice analysis;
  AnalysisSettings& settings = analysis.settings;
  const auto small = [&](const char* key, int fallback) {
    const std::int64_t value = fields.whole(key, fallback);
    if (value < 0 || value > 1000000) fields.expected(key, translated("a whole number from 0 to 1000000"));
    return static_cast<int>(value);
  };
  analysis.everySeconds = fields.number("every_seconds", analysis.everySeconds);
  settings.rank = small("rank", settings.rank);
  settings.explainedVariance = fields.number("explained_variance", settings.explainedVariance);
  settings.jacobianTokens = small("jacobian_tokens", settings.jacobianTokens);
  settings.jacobianProbes = small("jacobian_probes", settings.jacobianProbes);
  return analysis;
}

Cursor readCursor(const json& object, const std::string& place, Unknown& unknown) {
  JsonFields fields(object, place, unknown);
  Cursor cursor;
  cursor.live = fields.flag("live", true);
  if (cursor.live) return cursor;
  const std::int64_t generation = fields.whole("generation", 0);
  if (generation < 0) fields.expected("generation", translated("at least 0"));
  cursor.generation = static_cast<std::uint64_t>(generation);
  cursor.step = fields.whole("step", 0);
  return cursor;
}

std::map<std::string, Camera> readCameras(const json& object, const std::string& place, Unknown& unknown) {
  std::map<std::string, Camera> cameras;
  JsonFields fields(object, place, unknown);
  for (const auto& [view, value] : object.items()) {
    fields.find(view);
    JsonFields camera(value, fields.placeOf(view), unknown);
    cameras[view] = {camera.vector("position"), camera.vector("focal_point"), camera.vector("up")};
  }
  return cameras;
}

Side readSide(const json& object, const std::string& place, Unknown& unknown) {
  Side side;
  JsonFields fields(object, place, unknown);
  const auto inner = [&](const char* key, const auto& read) {
    if (const json* value = fields.find(key)) read(*value, fields.placeOf(key));
  };
  inner("source", [&](const json& value, const std::string& at) { side.source = readSource(value, at, unknown); });
  inner("knobs", [&](const json& value, const std::string& at) { readSettings(value, at, knobSettings(), unknown, side.knobs); });
  inner("lens", [&](const json& value, const std::string& at) { readSettings(value, at, lensTable(), unknown, side.lens); });
  inner("training_lens",
        [&](const json& value, const std::string& at) { readSettings(value, at, lensTable(), unknown, side.trainingLens); });
  inner("selection", [&](const json& value, const std::string& at) {
    JsonFields selection(value, at, unknown);
    side.selection = {selection.numbers("experts"), selection.numbers("tokens"), selection.numbers("domains")};
  });
  inner("analysis", [&](const json& value, const std::string& at) { side.analysis = readAnalysis(value, at, unknown); });
  inner("cursor", [&](const json& value, const std::string& at) { side.cursor = readCursor(value, at, unknown); });
  inner("cameras", [&](const json& value, const std::string& at) { side.cameras = readCameras(value, at, unknown); });
  return side;
}

std::map<std::string, std::string> readWords(const json& object, const std::string& place, Unknown& unknown) {
  std::map<std::string, std::string> all;
  JsonFields fields(object, place, unknown);
  for (const auto& [key, value] : object.items()) all[key] = fields.words(key, "");
  return all;
}

Links readLinks(const json& object, const std::string& place, Unknown& unknown) {
  JsonFields fields(object, place, unknown);
  return {fields.flag("concentration", true), fields.flag("layer", true), fields.flag("selection", true),
          fields.flag("cameras", true), fields.flag("time", true)};
}

Layout readLayout(const json& object, const std::string& place, Unknown& unknown) {
  JsonFields fields(object, place, unknown);
  Layout layout{fields.words("group", ""), {}, {}, fields.words("filling", ""), fields.flag("drawer", false)};
  if (const json* open = fields.find("open")) {
    if (!open->is_array()) fields.expected("open", translated("a list of parts of the panel"));
    for (const json& part : *open) {
      if (!part.is_string()) fields.expected("open", translated("a list of parts of the panel"));
      layout.open.insert(part.get<std::string>());
    }
  }
  const auto views = [&](const char* key) {
    std::vector<std::string> names;
    const json* list = fields.find(key);
    if (list && !list->is_array()) fields.expected(key, translated("a list of views"));
    for (const json& view : list ? *list : json::array()) {
      if (!view.is_string()) fields.expected(key, translated("a list of views"));
      names.push_back(view.get<std::string>());
    }
    return names;
  };
  layout.front = views("front");
  layout.alone = views("alone");
  if (const json* docks = fields.find("docks")) layout.docks = readWords(*docks, fields.placeOf("docks"), unknown);
  return layout;
}

std::vector<Bookmark> readBookmarks(const json& list, JsonFields& outer, Unknown& unknown) {
  if (!list.is_array() || list.size() > kMostBookmarks)
    outer.expected("bookmarks", translated("a list of at most %1", std::to_string(kMostBookmarks)));
  std::vector<Bookmark> bookmarks;
  for (std::size_t i = 0; i < list.size(); ++i) {
    JsonFields fields(list[i], "/bookmarks/" + std::to_string(i), unknown);
    const std::int64_t generation = fields.whole("generation", 0);
    if (generation < 0) fields.expected("generation", translated("at least 0"));
    bookmarks.push_back({fields.words("name", ""), static_cast<std::uint64_t>(generation), fields.whole("step", 0)});
  }
  return bookmarks;
}

std::vector<NamedSet> readSets(const json& list, JsonFields& outer, Unknown& unknown) {
  if (!list.is_array() || list.size() > kMostSets)
    outer.expected("sets", translated("a list of at most %1", std::to_string(kMostSets)));
  std::vector<NamedSet> sets;
  for (std::size_t i = 0; i < list.size(); ++i) {
    JsonFields fields(list[i], "/sets/" + std::to_string(i), unknown);
    sets.push_back({fields.words("name", ""), {fields.numbers("experts"), fields.numbers("tokens"), fields.numbers("domains")}});
  }
  return sets;
}

Playback readPlayback(const json& object, Unknown& unknown) {
  JsonFields fields(object, "/playback", unknown);
  const std::string unit = fields.words("unit", "snapshots");
  if (unit != "snapshots" && unit != "steps") fields.expected("unit", translated("snapshots or steps"));
  return {fields.number("rate", Playback{}.rate), unit == "steps" ? Playback::Unit::Steps : Playback::Unit::Snapshots};
}

Continuation readContinuation(const json& object, Unknown& unknown) {
  JsonFields fields(object, "/continuation", unknown);
  Continuation continuation;
  const std::int64_t bytes = fields.whole("bytes", 0), seed = fields.whole("seed", 1);
  if (bytes < 0 || bytes > kMostBytesMore) fields.expected("bytes", "0 to " + std::to_string(kMostBytesMore));
  if (seed < 0) fields.expected("seed", translated("at least 0"));
  continuation.bytes = static_cast<int>(bytes);
  continuation.seed = static_cast<std::uint64_t>(seed);
  continuation.temperature = fields.number("temperature", continuation.temperature);
  return continuation;
}

Document readDocument(const json& object) {
  Document document;
  JsonFields fields(object, "", document.unknown);
  fields.find(kVersionKey);
  if (const json* sides = fields.find("sides")) {
    if (!sides->is_array() || sides->empty() || sides->size() > document.sides.size())
      fields.expected("sides", translated("a list of one or two sides"));
    for (std::size_t i = 0; i < sides->size(); ++i)
      document.sides[i] = readSide((*sides)[i], "/sides/" + std::to_string(i), document.unknown);
  }
  document.compares = fields.flag("compares", false);
  const std::string active = fields.words("active", "A");
  if (active != "A" && active != "B") fields.expected("active", "A or B");
  document.active = active == "A" ? 0 : 1;
  document.differs = fields.flag("difference", false);
  if (const json* links = fields.find("links")) document.links = readLinks(*links, "/links", document.unknown);
  if (const json* layout = fields.find("layout")) document.layout = readLayout(*layout, "/layout", document.unknown);
  if (const json* views = fields.find("views")) {
    JsonFields options(*views, "/views", document.unknown);
    for (const auto& [view, value] : views->items()) {
      options.find(view);
      document.viewOptions[view] = readWords(value, options.placeOf(view), document.unknown);
    }
  }
  const std::string theme = fields.words("theme", "dark");
  if (theme != "dark" && theme != "light") fields.expected("theme", translated("dark or light"));
  document.dark = theme == "dark";
  document.textScale = fields.number("text_scale", 1.0);
  document.motion = fields.flag("motion", true);
  if (const json* hidden = fields.find("hidden_controls")) {
    if (!hidden->is_array()) fields.expected("hidden_controls", translated("a list of names"));
    for (const json& name : *hidden) {
      if (!name.is_string()) fields.expected("hidden_controls", translated("a list of names"));
      document.hiddenControls.insert(name.get<std::string>());
    }
  }
  if (const json* bookmarks = fields.find("bookmarks")) document.bookmarks = readBookmarks(*bookmarks, fields, document.unknown);
  if (const json* sets = fields.find("sets")) document.sets = readSets(*sets, fields, document.unknown);
  if (const json* playback = fields.find("playback")) document.playback = readPlayback(*playback, document.unknown);
  document.prompt = fields.words("prompt", "");
  const std::int64_t place = fields.whole("prompt_place", -1);
  if (place < -1 || place >= static_cast<std::int64_t>(kLargestPrompt))
    fields.expected("prompt_place", translated("a byte of the prompt, or -1"));
  document.promptPlace = static_cast<int>(place);
  if (const json* continuation = fields.find("continuation"))
    document.continuation = readContinuation(*continuation, document.unknown);
  return document;
}

}  // namespace

std::string toJson(const Document& document) {
  json object;
  object[kVersionKey] = kDocumentVersion;
  object["sides"] = {sideToJson(document.sides[0])};
  if (document.compares || !(document.sides[1] == Side{})) object["sides"].push_back(sideToJson(document.sides[1]));
  object["compares"] = document.compares;
  object["active"] = document.active == 0 ? "A" : "B";
  object["difference"] = document.differs;
  const Links& links = document.links;
  object["links"] = {{"concentration", links.concentration},
                     {"layer", links.layer},
                     {"selection", links.selection},
                     {"cameras", links.cameras},
                     {"time", links.time}};
  object["layout"] = {{"group", document.layout.group},   {"front", document.layout.front}, {"filling", document.layout.filling},
                      {"drawer", document.layout.drawer}, {"alone", document.layout.alone}, {"open", document.layout.open},
                      {"docks", document.layout.docks}};
  object["views"] = document.viewOptions;
  object["theme"] = document.dark ? "dark" : "light";
  object["text_scale"] = document.textScale;
  object["motion"] = document.motion;
  object["hidden_controls"] = document.hiddenControls;
  object["bookmarks"] = bookmarksToJson(document.bookmarks);
  object["sets"] = setsToJson(document.sets);
  object["playback"] = {{"rate", document.playback.rate},
                        {"unit", document.playback.unit == Playback::Unit::Steps ? "steps" : "snapshots"}};
  object["prompt"] = document.prompt;
  object["prompt_place"] = document.promptPlace;
  object["continuation"] = {{"bytes", document.continuation.bytes},
                            {"temperature", document.continuation.temperature},
                            {"seed", document.continuation.seed}};
  for (const auto& [place, value] : document.unknown) try {
      object[json::json_pointer(place)] = json::parse(value);
    } catch (const json::exception&) {
      continue;  // its place is gone: a side that is not written
    }
  return object.dump(2, ' ', false, json::error_handler_t::replace);
}

Document documentFromJson(const std::string& text) {
  if (text.size() > kLargest)
    throw std::runtime_error(translated("this is no Moescope state: it has %1 bytes; expected at most %2",
                                        std::to_string(text.size()), std::to_string(kLargest)));
  json object;
  try {
    object = json::parse(text, [](int depth, json::parse_event_t, json&) {
      if (depth > kDeepest)
        throw std::runtime_error(
            translated("this is no Moescope state: it is nested deeper than %1 levels", std::to_string(kDeepest)));
      return true;
    });
  } catch (const json::exception& error) {
    std::string where = error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 3: ..."
    if (const std::size_t start = where.find("] "); start != std::string::npos) where = where.substr(start + 2);
    throw std::runtime_error(translated("this is no Moescope state: %1", where.substr(0, where.find('\n'))));
  }
  if (!object.is_object() || !object.contains(kVersionKey))
    throw std::runtime_error(translated("this is no Moescope state: expected an object with the key %1", kVersionKey));
  const json& version = object.at(kVersionKey);
  if (!version.is_number_integer()) throw std::runtime_error(translated("/%1 must be a whole number", kVersionKey));
  if (version == 1) return documentOfVersion1(object);
  if (version != kDocumentVersion)
    throw std::runtime_error(translated("/%1 is %2: this program reads versions 1 to %3", std::string(kVersionKey),
                                        version.dump(), std::to_string(kDocumentVersion)));
  Document document = readDocument(object);
  requireValid(document);
  return document;
}

}  // namespace moescope
