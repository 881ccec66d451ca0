#pragma once
// Lessons: pages of words, each with the Document that belongs to it. A lesson is one Markdown file; docs/lessons.md says what is
// in it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "core/reading/metric_table.h"
#include "views/scene.h"

namespace moescope {

class TemporaryFolder;

/// What the learner is to do on a page, judged by a number of metricTable() as it is on screen.
struct LessonTask {
  enum class Kind {
    Reach,    ///< bring the number into a range, by the controls of the page
    Predict,  ///< say what it will be before it is shown
  };
  Kind kind = Kind::Reach;
  std::string measure;                    ///< a name of metricTable()
  std::optional<double> least, greatest;  ///< of Reach: at least one of them
  double within = 0.0;                    ///< of Predict: how near is right, in the measure's unit
  Lens lens;                              ///< of Predict: through which the number is shown then

  bool operator==(const LessonTask&) const = default;
};

struct LessonPage {
  std::string title, words;  ///< words: Markdown without the title
  std::string notes;         ///< for the lecturer; may be empty
  Document document;
  std::vector<std::string> highlighted;  ///< views, and names of knobs and settings of the lens
  std::int64_t trainTo = 0;  ///< the page is ready when the model has this step, and trains until then: its own, else that of the
                             ///< page before with the same knobs
  bool syntheticCheckpoint = false;  ///< the page shows the program's invented checkpoint instead of a model in training
  std::string session;               ///< the page shows this recorded session, a file beside the lesson; empty: none
  std::vector<std::string> pictures; ///< that the words name, files beside the lesson
  bool keepsTraining = false;  ///< the model trains while the page is shown
  std::optional<LessonTask> task;
};

struct Lesson {
  std::string name;       ///< stable id: its file's name without language and ending
  std::string language;   ///< "en", "de"
  std::string title, shows;  ///< shows: one sentence on what a learner sees
  int order = 0;          ///< in a list of lessons
  std::shared_ptr<const TemporaryFolder> unpacked;  ///< of an archive; it goes when nobody has the lesson any more
  std::string folder;     ///< where its sessions and pictures lie, an absolute path; empty: it can have none
  std::vector<LessonPage> pages;  ///< at least one
};

/// Whether the model of page `a` is that of page `b`, counted from 0: both train one, of the same knobs.
bool sameModel(const Lesson& lesson, std::size_t a, std::size_t b);
/// The first of the pages in a row that show the model of this page.
std::size_t firstOfModel(const Lesson& lesson, std::size_t page);

/// Names of the files that the lesson's pages show, each once.
std::vector<std::string> filesOf(const Lesson& lesson);

/// A lesson's file. `name`: "NAME.LANGUAGE.md". Throws std::runtime_error with one line: name, line of the file and what was
/// expected there.
Lesson lessonFromMarkdown(const std::string& name, const std::string& text);

/// All that the program was built with, in their order, each in every language that it has.
const std::vector<Lesson>& lessons();
/// One in a language, or in English where it has not that one. Throws std::invalid_argument naming those that there are.
const Lesson& requireLesson(const std::string& name, const std::string& language);

/// The row of metricTable() of this name, which must be one.
const Metric& metricNamed(const std::string& name);
/// The number of a measure on a scene's layer, read through `lens`; NaN: there is none.
double measured(const Scene& scene, const std::string& measure, const Lens& lens);
/// Whether Reach is reached.
bool isReached(const LessonTask& task, double value);

}  // namespace moescope
