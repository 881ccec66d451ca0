#include "app/document/lesson.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "app/document/document_json.h"
#include "app/document/json_fields.h"
#include "app/document/lesson_archive.h"
#include "core/reading/lens_table.h"
#include "core/reading/metric_table.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

using nlohmann::json;

constexpr std::size_t kLargest = std::size_t{1} << 20;  // bytes of a file
constexpr const char* kFence = "```";
constexpr const char *kCommentBegin = "<!--", *kCommentEnd = "-->";

/// Name and text of each file, written by the build.
const std::vector<std::pair<std::string, std::string>>& lessonFiles() {
  static const std::vector<std::pair<std::string, std::string>> files = {
#include "lesson_files.inc"
  };
  return files;
}

struct Place {
  std::string file;
  int line = 0;
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(translated("%1, line %2: %3", file, std::to_string(line < 1 ? 1 : line), what));
  }
};

bool isView(const std::string& name) {
  return std::any_of(viewRegistry().begin(), viewRegistry().end(),
                     [&](const ViewDeclaration& view) { return view.name == name; });
}

/// Names of all that a page may leave on the panel.
std::set<std::string> controlNames() {
  std::set<std::string> names;
  for (const auto& knob : knobSettings()) names.insert(knob.name);
  for (const auto& setting : lensTable()) names.insert(setting.name);
  return names;
}

std::vector<std::string> wordsOf(JsonFields& fields, const char* key, const std::string& expected,
                                 const std::function<bool(const std::string&)>& known) {
  std::vector<std::string> words;
  const json* list = fields.find(key);
  if (!list) return words;
  if (!list->is_array() || (list->empty() && std::string(key) == "views")) fields.expected(key, expected);
  for (const json& word : *list) {
    if (!word.is_string() || !known(word.get<std::string>())) fields.expected(key, expected);
    words.push_back(word.get<std::string>());
  }
  return words;
}

LessonTask readTask(const json& object, std::map<std::string, std::string>& unknown, const Lens& lens) {
  JsonFields fields(object, "/task", unknown);
  LessonTask task;
  const std::string reach = fields.words("reach", ""), predict = fields.words("predict", "");
  if (reach.empty() == predict.empty()) fields.expected("reach", translated("either reach or predict, the name of a measure"));
  task.kind = reach.empty() ? LessonTask::Kind::Predict : LessonTask::Kind::Reach;
  task.measure = reach.empty() ? predict : reach;
  if (std::none_of(metricTable().begin(), metricTable().end(), [&](const Metric& metric) { return metric.name == task.measure; }))
    fields.expected(reach.empty() ? "predict" : "reach", translated("the name of a measure"));
  task.lens = lens;
  if (task.kind == LessonTask::Kind::Reach) {
    if (fields.find("at_least")) task.least = fields.number("at_least", 0.0);
    if (fields.find("at_most")) task.greatest = fields.number("at_most", 0.0);
    if (!task.least && !task.greatest) fields.expected("at_least", translated("at_least, at_most or both"));
  } else {
    task.within = fields.number("within", 0.0);
    if (!(task.within > 0.0)) fields.expected("within", translated("a number above 0"));
    const LensSetting& concentration = lensSetting("concentration");
    const double value = fields.number("concentration", concentration.get(lens));
    concentration.check(value);
    concentration.set(task.lens, value);
  }
  return task;
}

/// Changes a state as a JSON merge patch would (RFC 7386), each side by itself.
void merge(json change, json& state) {
  if (change.is_object() && change.contains("sides") && change["sides"].is_array() &&
      change["sides"].size() <= Document{}.sides.size()) {
    json& sides = state["sides"];
    for (std::size_t i = 0; i < change["sides"].size(); ++i) sides[i].merge_patch(change["sides"][i]);
    change.erase("sides");
  }
  state.merge_patch(change);
}

/// Files that "![WORDS](NAME)" names.
std::vector<std::string> picturesIn(const std::string& words) {
  std::vector<std::string> names;
  for (std::size_t at = words.find("!["); at != std::string::npos; at = words.find("![", at + 2)) {
    const std::size_t middle = words.find("](", at), end = middle == std::string::npos ? middle : words.find(')', middle);
    const std::string name = end == std::string::npos ? "" : words.substr(middle + 2, end - middle - 2);
    if (!isPlainName(name) || !(name.ends_with(".png") || name.ends_with(".jpg")))
      throw std::runtime_error(
          translated("the picture '%1'; expected ![WORDS](NAME), a .png or .jpg beside the lesson", name.substr(0, 80)));
    names.push_back(name);
  }
  return names;
}

/// What the page's JSON says; `before` is the state of the page before, which it changes.
void readBlock(const std::string& text, LessonPage& page, json& state, const LessonPage* before) {
  const json object = json::parse(text);
  std::map<std::string, std::string> unknown;
  {
    JsonFields fields(object, "", unknown);
    if (const json* change = fields.find("state")) merge(*change, state);
    if (const std::vector<std::string> views = wordsOf(fields, "views", translated("a list of views"), isView); !views.empty()) {
      state["layout"]["alone"] = views;
    }
    std::set<std::string> names = controlNames();
    if (fields.find("controls")) {
      const auto known = [&](const std::string& name) { return names.count(name) > 0; };
      const auto left = wordsOf(fields, "controls", translated("a list of knobs and settings of the lens"), known);
      for (const std::string& name : left) names.erase(name);
      state["hidden_controls"] = names;
    }
    page.document = documentFromJson(state.dump());
    const std::int64_t trainedTo =
        before && before->document.sides[0].knobs == page.document.sides[0].knobs ? before->trainTo : 0;
    if (!page.document.unknown.empty())
      throw std::runtime_error(translated("/state%1 is no key of a state", page.document.unknown.begin()->first));
    const std::set<std::string> all = controlNames();
    page.highlighted = wordsOf(fields, "highlight", translated("a list of views, knobs and settings of the lens"),
                               [&](const std::string& name) { return isView(name) || all.count(name) > 0; });
    page.trainTo = fields.whole("train_to", trainedTo);
    if (page.trainTo < 0 || page.trainTo > 100000) fields.expected("train_to", "0 to 100000");
    page.keepsTraining = fields.flag("trains", false);
    const std::string checkpoint = fields.words("checkpoint", "");
    if (!checkpoint.empty() && checkpoint != "synthetic") fields.expected("checkpoint", "synthetic");
    page.syntheticCheckpoint = !checkpoint.empty();
    page.session = fields.words("session", "");
    if (fields.find("session") && !(isPlainName(page.session) && page.session.ends_with(".moescope")))
      fields.expected("session", translated("the name of a .moescope beside the lesson"));
    if (page.syntheticCheckpoint && !page.session.empty())
      fields.expected("session", translated("a checkpoint or a session, not both"));
    if (const std::string notes = fields.words("notes", ""); !notes.empty())
      page.notes = page.notes.empty() ? notes : page.notes + "\n\n" + notes;
    if (const json* task = fields.find("task")) page.task = readTask(*task, unknown, page.document.sides[0].lens);
  }
  if (!unknown.empty()) throw std::runtime_error(translated("%1 is no key of a page", unknown.begin()->first));
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Reads line by line, and knows where it is.
class LessonReader {
 public:
  LessonReader(const std::string& file, const std::string& text) : lines_(text), place_{file} {}

  Lesson read() {
    readHead();
    std::string line;
    while (next(line)) {
      if (line.rfind("# ", 0) == 0) {
        endPage();
        lesson_.pages.emplace_back().title = trimmed(line.substr(2));
        started_ = place_.line;
        continue;
      }
      if (lesson_.pages.empty()) {
        if (!trimmed(line).empty()) place_.fail(translated("expected a page, which begins with '# TITLE'"));
        continue;
      }
      if (line.rfind(kFence, 0) == 0 && trimmed(line.substr(3)) == "json")
        takeBlock();
      else if (trimmed(line).rfind(kCommentBegin, 0) == 0)
        takeNotes(trimmed(line).substr(4));
      else
        lesson_.pages.back().words += line + '\n';
    }
    if (lesson_.pages.empty()) place_.fail(translated("a lesson without pages; expected '# TITLE'"));
    endPage();
    return std::move(lesson_);
  }

 private:
  bool next(std::string& line) {
    if (!std::getline(lines_, line)) return false;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ++place_.line;
    return true;
  }

  void readHead() {
    std::string line;
    if (!next(line) || line != "---") place_.fail(translated("expected '---', before title and what the lesson shows"));
    while (next(line) && line != "---") {
      const std::size_t colon = line.find(':');
      const std::string key = trimmed(line.substr(0, colon)),
                        value = colon == std::string::npos ? "" : trimmed(line.substr(colon + 1));
      if (value.empty()) place_.fail(translated("expected KEY: VALUE"));
      if (key == "title")
        lesson_.title = value;
      else if (key == "shows")
        lesson_.shows = value;
      else if (key == "order" && value.size() < 4 && value.find_first_not_of("0123456789") == std::string::npos)
        lesson_.order = std::stoi(value);
      else
        place_.fail(translated("'%1'; expected title, shows or order (a number up to 999)", line));
    }
    if (line != "---" || lesson_.title.empty() || lesson_.shows.empty())
      place_.fail(translated("expected title, shows, and '---' after them"));
  }

  void takeBlock() {
    if (hasBlock_) place_.fail(translated("a second block of JSON on this page; expected one"));
    const int start = place_.line;
    std::string text, line;
    while (true) {
      if (!next(line)) place_.fail(translated("the block of JSON of line %1 has no end", std::to_string(start)));
      if (line.rfind(kFence, 0) == 0) break;
      text += line + '\n';
    }
    hasBlock_ = true;
    try {
      readBlock(text, lesson_.pages.back(), state_,
                lesson_.pages.size() > 1 ? &lesson_.pages[lesson_.pages.size() - 2] : nullptr);
    } catch (const std::exception& error) {
      const std::string what = error.what();
      Place{place_.file, start}.fail(translated("in the block of this page: %1", what.substr(0, what.find('\n'))));
    }
  }

  /// What Markdown does not show is for the lecturer.
  void takeNotes(std::string line) {
    const int start = place_.line;
    std::string& notes = lesson_.pages.back().notes;
    while (line.find(kCommentEnd) == std::string::npos) {
      notes += line + '\n';
      if (!next(line)) place_.fail(translated("the notes of line %1 have no end; expected -->", std::to_string(start)));
    }
    notes += line.substr(0, line.find(kCommentEnd));
    notes = trimmed(notes);
  }

  void endPage() {
    if (lesson_.pages.empty()) return;
    LessonPage& page = lesson_.pages.back();
    page.words = trimmed(page.words);
    try {
      page.pictures = picturesIn(page.words);
    } catch (const std::exception& error) {
      Place{place_.file, started_}.fail(error.what());
    }
    if (page.title.empty() || page.words.empty()) Place{place_.file, started_}.fail(translated("a page without title or words"));
    if (!std::exchange(hasBlock_, false)) {
      LessonPage same;
      if (lesson_.pages.size() > 1) same = lesson_.pages[lesson_.pages.size() - 2];
      page.document = same.document;
      page.trainTo = same.trainTo;
    }
  }

  std::istringstream lines_;
  Place place_;
  Lesson lesson_;
  json state_ = {{"moescope_state", kDocumentVersion}};
  bool hasBlock_ = false;
  int started_ = 0;
};

}  // namespace

Lesson lessonFromMarkdown(const std::string& name, const std::string& text) {
  if (text.size() > kLargest)
    throw std::runtime_error(
        translated("%1: %2 bytes; expected at most %3 of a lesson", name, std::to_string(text.size()), std::to_string(kLargest)));
  const std::string stem = name.substr(0, name.size() - (name.ends_with(".md") ? 3 : 0));
  const std::size_t dot = stem.rfind('.');
  if (!name.ends_with(".md") || dot == std::string::npos || dot == 0 || dot + 1 == stem.size())
    throw std::runtime_error(translated("%1: expected the name NAME.LANGUAGE.md, such as what-a-router-does.en.md", name));
  Lesson lesson = LessonReader(name, text).read();
  lesson.name = stem.substr(0, dot);
  lesson.language = stem.substr(dot + 1);
  return lesson;
}

bool sameModel(const Lesson& lesson, std::size_t a, std::size_t b) {
  const LessonPage &one = lesson.pages[a], &other = lesson.pages[b];
  const auto trains = [](const LessonPage& page) { return !page.syntheticCheckpoint && page.session.empty(); };
  return trains(one) && trains(other) && one.document.compares == other.document.compares &&
         one.document.sides[0].knobs == other.document.sides[0].knobs &&
         one.document.sides[1].knobs == other.document.sides[1].knobs;
}

std::size_t firstOfModel(const Lesson& lesson, std::size_t page) {
  while (page > 0 && sameModel(lesson, page - 1, page)) --page;
  return page;
}

std::vector<std::string> filesOf(const Lesson& lesson) {
  std::set<std::string> names;
  for (const LessonPage& page : lesson.pages) {
    if (!page.session.empty()) names.insert(page.session);
    names.insert(page.pictures.begin(), page.pictures.end());
  }
  return {names.begin(), names.end()};
}

const std::vector<Lesson>& lessons() {
  static const std::vector<Lesson> all = [] {
    std::vector<Lesson> read;
    for (const auto& [name, text] : lessonFiles()) read.push_back(lessonFromMarkdown(name, text));
    std::stable_sort(read.begin(), read.end(), [](const Lesson& a, const Lesson& b) { return a.order < b.order; });
    return read;
  }();
  return all;
}

const Lesson& requireLesson(const std::string& name, const std::string& language) {
  const Lesson* found = nullptr;
  std::string known;
  for (const Lesson& lesson : lessons()) {
    if (lesson.name == name && (lesson.language == language || (lesson.language == "en" && !found))) found = &lesson;
    if (lesson.language == "en") known += (known.empty() ? "" : ", ") + lesson.name;
  }
  if (!found) throw std::invalid_argument(translated("there is no lesson '%1'; expected one of %2", name, known));
  return *found;
}

const Metric& metricNamed(const std::string& name) {
  return *std::find_if(metricTable().begin(), metricTable().end(), [&](const Metric& metric) { return metric.name == name; });
}

double measured(const Scene& scene, const std::string& measure, const Lens& lens) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  if (!scene.snapshot || !scene.routing) return none;
  const auto metric =
      std::find_if(metricTable().begin(), metricTable().end(), [&](const Metric& each) { return each.name == measure; });
  if (metric == metricTable().end()) return none;
  if (lens == scene.lens) return metric->value({*scene.snapshot, *scene.routing, nullptr, &scene.lens});
  try {
    const Routing routing = evaluate(*scene.snapshot, lens);
    return metric->value({*scene.snapshot, routing, nullptr, &lens});
  } catch (const std::exception&) {
    return none;  // this model cannot be read so
  }
}

bool isReached(const LessonTask& task, double value) {
  return std::isfinite(value) && (!task.least || value >= *task.least) && (!task.greatest || value <= *task.greatest);
}

}  // namespace moescope
