#include "app/lesson_record.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "app/display.h"
#include "app/document/lesson_file.h"
#include "app/document/scene_assembly.h"
#include "app/options.h"
#include "app/window/language.h"
#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/synthetic_checkpoint.h"
#include "core/reading/lens_table.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kPlayed = 10.0;  // seconds of the script by which a run is recorded: any time that moves does
const std::string kPrefix = "lesson:";

/// One of the program's: "NAME" or "NAME.LANGUAGE".
bool isOfTheProgram(const std::string& word) {
  return std::any_of(lessons().begin(), lessons().end(),
                     [&](const Lesson& lesson) { return word == lesson.name || word == lesson.name + "." + lesson.language; });
}

bool beginsAsLesson(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) && (line == "---" || line == "---\r");
}

std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

}  // namespace

bool namesLesson(const std::string& word) {
  return word.starts_with(kPrefix) || word.ends_with(".moelesson") || (word.ends_with(".md") && beginsAsLesson(word)) ||
         isOfTheProgram(word);
}

Lesson lessonNamed(const std::string& word, const std::string& language) {
  const std::string name = word.starts_with(kPrefix) ? word.substr(kPrefix.size()) : word;
  if (isLessonFile(name)) return readLessonFile(name, language);
  for (const Lesson& lesson : lessons())
    if (name == lesson.name + "." + lesson.language) return lesson;
  return requireLesson(name, language);
}

void speakAs(const Lesson& lesson) {
  const std::vector<Language> all = languages();
  if (std::any_of(all.begin(), all.end(), [&](const Language& each) { return each.code == lesson.language; }))
    speak(lesson.language);
}

LessonRecorder::LessonRecorder(const Lesson& lesson, std::int64_t furtherSteps, int threads)
    : lesson_(lesson), further_(furtherSteps), threads_(threads) {}

std::int64_t LessonRecorder::lastStep(std::size_t index) const {
  const LessonPage& page = lesson_.pages[index];
  return page.trainTo + (page.keepsTraining ? further_ : 0);
}

RecordedPage LessonRecorder::page(std::size_t index) {
  const LessonPage& page = lesson_.pages[index];
  RecordedPage recorded = page.syntheticCheckpoint ? ofCheckpoint(page)
                          : !page.session.empty()  ? ofSession(page)
                                                   : trained(index);
  for (Side& side : recorded.document.sides) side.cursor = {false, kFilmGeneration, recorded.to};
  if (!page.session.empty()) recorded.document.sides[0].cursor.generation = recorded.timelines[0]->current();
  return recorded;
}

/// All pages of a model are recorded together, each step that a film can show.
RecordedPage LessonRecorder::trained(std::size_t index) {
  const std::size_t first = firstOfModel(lesson_, index);
  const LessonPage& page = lesson_.pages[index];
  RecordedPage recorded{page.document, {}, index > first ? lastStep(index - 1) : 0, lastStep(index)};
  recorded.from = std::min(recorded.from, recorded.to);
  if (const auto known = trained_.find(first); known != trained_.end()) {
    recorded.timelines = known->second;
    return recorded;
  }
  FilmScript script;
  script.steps = 0;
  for (std::size_t i = first; i < lesson_.pages.size() && sameModel(lesson_, i, first); ++i) {
    script.steps = std::max<long>(script.steps, static_cast<long>(lastStep(i)));
    const std::vector<std::string>& views = lesson_.pages[i].document.layout.alone;
    script.views.insert(script.views.end(), views.begin(), views.end());
  }
  for (const double share : {0.0, 1.0}) {
    FilmKey key{share * kPlayed, page.document, "", "", Ease::Linear};
    for (Side& side : key.document.sides) side.cursor = {false, kFilmGeneration, static_cast<std::int64_t>(share) * script.steps};
    script.keys.push_back(std::move(key));
  }
  recorded.timelines = trained_[first] = recordFilm(script, threads_, nullptr);
  return recorded;
}

RecordedPage LessonRecorder::ofCheckpoint(const LessonPage& page) {
  const std::filesystem::path folder = made_.path() / "SYNTHETIC";
  if (!std::filesystem::exists(folder / "trace.safetensors")) writeSyntheticCheckpoint(folder);
  const int layer = page.document.sides[0].lens.layer;
  std::shared_ptr<const Timeline>& timeline = layers_[layer];
  if (!timeline) {
    const CheckpointReader reader(folder, {}, kFilmGeneration);
    auto made = std::make_shared<Timeline>();
    made->append(reader.snapshot(layer));
    Progress progress("expert", reader.experts(layer));
    made->append(reader.analysis(layer, {}, [&](int done) {
      progress.at(done);
      return !interrupted();
    }));
    timeline = made;
  }
  RecordedPage recorded{page.document, {timeline, nullptr}};
  recorded.document.sides[0].source = {SideSource::Kind::Checkpoint, folder.string(), ""};
  return recorded;
}

RecordedPage LessonRecorder::ofSession(const LessonPage& page) {
  SessionFilm film = filmOfSession(lesson_.folder + "/" + page.session);
  printNotes(film.notes);
  const std::vector<std::int64_t> steps = film.timeline->snapshotSteps(film.timeline->current());
  RecordedPage recorded{page.document, {film.timeline, nullptr}, steps.front(), steps.back()};
  recorded.document.sides[0].knobs = film.script.keys.front().document.sides[0].knobs;
  return recorded;
}

Scene sceneOf(const RecordedPage& page) {
  Scene scene = assembleScene(*page.timelines[0], page.document, 0);
  if (!scene.snapshot || !scene.routing) throw std::runtime_error("nothing was recorded of this page");
  return scene;
}

TaskAnswer answerOf(const LessonTask& task, const Scene& scene) {
  const Metric& metric = metricNamed(task.measure);
  const LensSetting& concentration = lensSetting("concentration");
  TaskAnswer answer;
  const auto tell = [&](const Lens& lens) {
    answer.lens = lens;
    answer.value = measured(scene, task.measure, lens);
    const std::string label = translated(metric.label);
    answer.words =
        label.substr(label.find_first_not_of(' ')) + translated(", concentration ") + numberText(concentration.get(lens)) + ": " +
        (std::isfinite(answer.value) ? numberText(answer.value) + (metric.unit.empty() ? "" : " " + translated(metric.unit))
                                     : "–");
  };
  if (task.kind == LessonTask::Kind::Predict) {
    tell(task.lens);
    return answer;
  }
  constexpr double kStep = 1.05, kWay = 6.0;  // outwards from where it stands, to a sixty-fourth and to 64 times that
  for (double away = 0.0; away <= kWay * std::log(2.0); away += std::log(kStep))
    for (const double sign : {1.0, -1.0}) {
      Lens lens = scene.lens;
      concentration.set(lens,
                        std::min(concentration.maximum, std::max(1e-3, concentration.get(scene.lens)) * std::exp(sign * away)));
      if (!isReached(task, measured(scene, task.measure, lens))) continue;
      tell(lens);
      return answer;
    }
  return answer;
}

}  // namespace moescope
