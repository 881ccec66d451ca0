#pragma once
// Lessons: pages of words, each with the Document that belongs to it. A lesson is one Markdown file; docs/lessons.md says what is in it.

#include <optional>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "views/scene.h"

namespace moescope {

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
  std::int64_t trainTo = 0;   ///< the page is ready when the model has this step, and trains until then; 0: it does not wait
  bool syntheticCheckpoint = false;  ///< the page shows the program's invented checkpoint instead of a model in training
  bool keepsTraining = false;  ///< the model trains while the page is shown
  std::optional<LessonTask> task;
};

struct Lesson {
  std::string name;       ///< stable id: its file's name without language and ending
  std::string language;   ///< "en", "de"
  std::string title, shows;  ///< shows: one sentence on what a learner sees
  int order = 0;          ///< in a list of lessons
  std::vector<LessonPage> pages;  ///< at least one
};

/// A lesson's file. `name`: "NAME.LANGUAGE.md". Throws std::runtime_error with one line: name, line of the file and what was expected there.
Lesson lessonFromMarkdown(const std::string& name, const std::string& text);

/// All that the program was built with, in their order, each in every language that it has.
const std::vector<Lesson>& lessons();
/// One in a language, or in English where it has not that one. Throws std::invalid_argument naming those that there are.
const Lesson& requireLesson(const std::string& name, const std::string& language);

/// The number of a measure on a scene's layer, read through `lens`; NaN: there is none.
double measured(const Scene& scene, const std::string& measure, const Lens& lens);
/// Whether Reach is reached.
bool isReached(const LessonTask& task, double value);

}  // namespace moescope
