#pragma once
// What the pages of a lesson show, trained or read once, for its film and its handout.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/document/lesson.h"
#include "app/document/lesson_archive.h"
#include "app/render_film.h"

namespace moescope {

/// A lesson by its file or by its name, with or without "lesson:" before it and ".LANGUAGE" behind it; `language` where it says
/// none. Throws std::runtime_error or std::invalid_argument with one line.
Lesson lessonNamed(const std::string& word, const std::string& language);
/// Whether a word names a lesson: "lesson:NAME", a .moelesson, a .md that begins as a lesson does, or one of the program's by its
/// name.
bool namesLesson(const std::string& word);

/// What is drawn and said from here on is in the lesson's language, where the interface has it.
void speakAs(const Lesson& lesson);

/// A page with all that it shows.
struct RecordedPage {
  Document document;           ///< its cursors at the page's last step
  FilmTimelines timelines;
  std::int64_t from = 0, to = 0;  ///< steps of training that pass on it
};

class LessonRecorder {
 public:
  /// `furtherSteps`: that a page trains which has no end to its training. `threads`: that it trains with. `lesson` must outlive
  /// this.
  LessonRecorder(const Lesson& lesson, std::int64_t furtherSteps, int threads = machineThreads());
  /// Trains or reads what is not there yet, and says what a person should know of it on standard error. Throws Stopped where a
  /// person stopped it, std::runtime_error for what cannot be read.
  RecordedPage page(std::size_t index);

 private:
  std::int64_t lastStep(std::size_t index) const;
  RecordedPage trained(std::size_t index);
  RecordedPage ofCheckpoint(const LessonPage& page);
  RecordedPage ofSession(const LessonPage& page);

  const Lesson& lesson_;
  const std::int64_t further_;
  const int threads_;
  TemporaryFolder made_;                         ///< holds the invented checkpoint
  std::map<std::size_t, FilmTimelines> trained_;  ///< by the first page that has the model
  std::map<int, std::shared_ptr<const Timeline>> layers_;  ///< of the checkpoint
};

/// A task's answer as the page's model gives it: the lens that reaches or shows it, and the number. Null lens: no concentration
/// reaches it.
struct TaskAnswer {
  std::optional<Lens> lens;
  double value = 0.0;
  std::string words;  ///< "Entropy, concentration 0: 2.079 nats"
};
TaskAnswer answerOf(const LessonTask& task, const Scene& scene);

/// The scene of a recorded page. Throws std::runtime_error where it cannot be read.
Scene sceneOf(const RecordedPage& page);

}  // namespace moescope
