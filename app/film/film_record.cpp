#include "app/film/film_record.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "app/document/json_fields.h"
#include "core/data/corpus.h"
#include "core/data/json_text.h"
#include "core/timeline/timeline.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

using nlohmann::json;

constexpr int kRecordVersion = 1;
constexpr const char* kVersionKey = "moescope_film_record";
constexpr std::streamoff kLargest = std::streamoff{64} << 20;  // bytes
constexpr std::size_t kBudget = std::size_t{2} << 30;          // of a time line; 256 snapshots of the default model take a tenth
constexpr long kTrailSnapshots = 30, kHeldOutLosses = 60, kAnalyses = 30;

std::string textOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file || file.tellg() < 0) throw std::runtime_error(translated("%1: cannot be read", path));
  if (file.tellg() > kLargest) throw std::runtime_error(translated("%1: larger than a film's record can be", path));
  file.seekg(0);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> wordsOf(JsonFields& fields, const std::string& key) {
  const json* list = fields.find(key);
  std::vector<std::string> words;
  if (!list || !list->is_array()) fields.expected(key, translated("a list of words"));
  for (const json& each : *list) {
    if (!each.is_string()) fields.expected(key, translated("a list of words"));
    words.push_back(each.get<std::string>());
  }
  return words;
}

int small(JsonFields& fields, const std::string& key, int least, int most) {
  const std::int64_t value = fields.whole(key, least - 1);
  if (value < least || value > most) fields.expected(key, std::to_string(least) + " to " + std::to_string(most));
  return static_cast<int>(value);
}

/// Frames of each page of a lesson, which are all that the film has.
std::vector<std::int64_t> pagesOf(JsonFields& fields, std::size_t frames) {
  const std::string wanted = translated("a list of how many frames each page has, %1 in all", std::to_string(frames));
  const json* list = fields.find("pages");
  std::vector<std::int64_t> pages;
  std::int64_t left = static_cast<std::int64_t>(frames);
  if (!list || !list->is_array()) fields.expected("pages", wanted);
  for (const json& each : *list) {
    if (!each.is_number_integer() || each.get<std::int64_t>() < 0 || each.get<std::int64_t>() > left)
      fields.expected("pages", wanted);
    pages.push_back(each.get<std::int64_t>());
    left -= pages.back();
  }
  if (left != 0) fields.expected("pages", wanted);
  return pages;
}

FilmRecord read(const json& object) {
  std::map<std::string, std::string> unknown;
  FilmRecord record;
  JsonFields fields(object, "", unknown);
  if (fields.whole(kVersionKey, 0) != kRecordVersion) fields.expected(kVersionKey, "1");
  record.film = fields.words("film", "");
  record.program = fields.words("program", "");
  record.device = fields.words("device", "");
  record.encoder = fields.words("encoder", "");
  record.shape = {small(fields, "width", 64, 8192), small(fields, "height", 64, 8192),
                  small(fields, "frames_per_second", 1, 240)};
  record.threads = small(fields, "threads", 1, 4096);
  record.corpora = wordsOf(fields, "corpora");
  record.session = fields.words("session", "");
  record.language = fields.words("language", record.language);
  record.hashes = wordsOf(fields, "frames");
  record.lesson = fields.words("lesson", "");
  if (!record.lesson.empty()) {
    record.dark = fields.flag("dark", true);
    record.pages = pagesOf(fields, record.hashes.size());
    return record;
  }
  const json* script = fields.find("script");
  if (!script) fields.expected("script", translated("a film script"));
  record.script = filmScriptFromJson(script->dump());
  return record;
}

bool movesInTime(const FilmScript& script) {
  return std::any_of(script.keys.begin(), script.keys.end(), [](const FilmKey& key) {
    return std::any_of(key.document.sides.begin(), key.document.sides.end(), [](const Side& side) { return !side.cursor.live; });
  });
}

/// Views beyond the first group show what an analysis of the experts measured.
bool showsAnalyses(const FilmScript& script) {
  return std::any_of(viewRegistry().begin(), viewRegistry().end(), [&](const ViewDeclaration& view) {
    return view.group != viewRegistry().front().group &&
           std::find(script.views.begin(), script.views.end(), view.name) != script.views.end();
  });
}

}  // namespace

std::string toJson(const FilmRecord& record) {
  json object{{kVersionKey, kRecordVersion},
              {"film", record.film},
              {"program", record.program},
              {"device", record.device},
              {"encoder", record.encoder},
              {"width", record.shape.width},
              {"height", record.shape.height},
              {"frames_per_second", record.shape.rate},
              {"frame_count", record.hashes.size()},
              {"threads", record.threads},
              {"corpora", record.corpora},
              {"session", record.session},
              {"language", record.language},
              {"frames", record.hashes}};
  if (record.lesson.empty())
    object["script"] = json::parse(toJson(record.script));
  else
    object.update({{"lesson", record.lesson}, {"dark", record.dark}, {"pages", record.pages}});
  return object.dump(2);
}

FilmRecord readFilmRecord(const std::string& path) {
  const std::string text = textOf(path);
  try {
    return read(json::parse(text));
  } catch (const json::parse_error& error) {
    throw std::runtime_error(notJson(path, text, error));
  } catch (const json::exception& error) {
    throw std::runtime_error(translated("%1: this is no record of a film: %2", path, whatIsWrong(error)));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

bool isFilmRecord(const std::string& path) {
  try {
    const json object = json::parse(textOf(path), nullptr, false);
    return object.is_object() && object.contains(kVersionKey);
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::int64_t framesOf(const FilmScript& script, const FilmShape& shape) {
  return std::max<std::int64_t>(1, std::llround(script.seconds() * shape.rate));
}

RecordingPlan planOf(const FilmScript& script, int threads) {
  RecordingPlan plan;
  plan.steps = script.steps;
  plan.threads = threads;
  plan.generation = kFilmGeneration;
  plan.budget = kBudget;
  const bool moves = movesInTime(script);
  const long most = moves ? static_cast<long>(Timeline::kMostKept) - 2 : kTrailSnapshots;  // beside the first and the last
  plan.atStart = moves;
  plan.snapshots = std::max(1L, (script.steps + most - 1) / most);
  plan.heldOut = std::max(1L, script.steps / kHeldOutLosses);
  plan.analyses = showsAnalyses(script) ? std::max(1L, script.steps / kAnalyses) : 0;
  for (const FilmKey& key : script.keys)
    for (const Side& side : key.document.sides) plan.analysedLayers.insert(side.lens.layer);
  return plan;
}

std::vector<std::string> corporaOf(const FilmScript& script) {
  std::vector<std::string> hashes;
  const Document& document = script.keys.front().document;
  for (std::size_t side = 0; side < (document.compares ? 2u : 1u); ++side) {
    const bool trained = document.sides[side].source.kind == SideSource::Kind::Training;
    const std::string& corpus = document.sides[side].knobs.corpus;
    hashes.push_back(!trained                                                ? ""
                     : side == 1 && corpus == document.sides[0].knobs.corpus ? hashes[0]
                                                                             : contentHash(loadCorpus(corpus)));
  }
  return hashes;
}

}  // namespace moescope
