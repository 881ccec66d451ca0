#include "app/lesson_film.h"

#include <QTextDocument>
#include <algorithm>
#include <cstdio>

#include "app/font_application.h"
#include "app/lesson_record.h"
#include "app/window/language.h"
#include "views/font_metrics.h"
#include "views/word_strip.h"

namespace moescope {
namespace {

// Of a film of 720 lines.
constexpr double kCaptionWidth = 1180.0, kCaptionText = 20.0;  // pixels: as the painter writes captions
constexpr std::size_t kCaptionLines = 2;

constexpr double kCharacters = 15.0;   // read in a second
constexpr double kLeastSeconds = 2.5;  // of a caption
constexpr double kThinking = 3.0, kGliding = 2.0, kAnswer = 4.0;  // seconds
constexpr std::int64_t kFurther = 200;  // steps of a page that goes on training

/// Sentences, with their marks.
std::vector<std::string> sentencesOf(const std::string& paragraph) {
  std::vector<std::string> sentences(1);
  for (std::size_t i = 0; i < paragraph.size(); ++i) {
    sentences.back() += paragraph[i];
    const bool ends =
        std::string(".!?:").find(paragraph[i]) != std::string::npos && i + 1 < paragraph.size() && paragraph[i + 1] == ' ';
    if (ends) sentences.emplace_back();
  }
  return sentences;
}

bool fits(const std::string& words) {
  return wrapped(words, kCaptionWidth, kCaptionText, kCaptionLines + 1).size() <= kCaptionLines;
}

std::string trimmed(const std::string& words) {
  const std::size_t first = words.find_first_not_of(' ');
  return first == std::string::npos ? "" : words.substr(first, words.find_last_not_of(' ') - first + 1);
}

/// The page's words in parts that a caption holds, each of whole sentences where one fits.
std::vector<std::string> captionsOf(const LessonPage& page) {
  QTextDocument document;
  document.setMarkdown(QString::fromStdString(page.words));
  std::vector<std::string> captions;
  for (const QString& paragraph : document.toPlainText().remove(QChar(0xFFFC)).split('\n', Qt::SkipEmptyParts)) {
    std::string open;
    for (const std::string& sentence : sentencesOf(paragraph.simplified().toStdString())) {
      if (!open.empty() && fits(open + sentence)) {
        open += sentence;
        continue;
      }
      if (!trimmed(open).empty()) captions.push_back(trimmed(open));
      open = sentence;
      const std::vector<std::string> lines = wrapped(trimmed(sentence), kCaptionWidth, kCaptionText, 1000);
      for (std::size_t i = 0; i + kCaptionLines < lines.size(); i += kCaptionLines) {
        captions.push_back(lines[i] + " " + lines[i + 1]);
        open.clear();
        for (std::size_t rest = i + kCaptionLines; rest < lines.size(); ++rest) open += (open.empty() ? "" : " ") + lines[rest];
      }
    }
    if (!trimmed(open).empty()) captions.push_back(trimmed(open));
  }
  return captions;
}

double secondsFor(const std::string& words) {
  return std::max(kLeastSeconds, static_cast<double>(charactersOf(words).size()) / kCharacters);
}

/// Its words one after another while its steps pass, then its task: the question stands, the lens goes where the answer is, and
/// the number is told.
FilmScript scriptOf(const Lesson& lesson, std::size_t index, const RecordedPage& recorded, bool dark) {
  const LessonPage& page = lesson.pages[index];
  const std::string title = std::to_string(index + 1) + "/" + std::to_string(lesson.pages.size()) + "  " + page.title;
  FilmScript script{static_cast<long>(recorded.to), page.document.layout.alone, {}};
  const std::vector<std::string> captions = captionsOf(page);
  double whole = 0.0;
  for (const std::string& caption : captions) whole += secondsFor(caption);
  double time = 0.0;
  const auto add = [&](const std::string& caption, std::int64_t step, const Lens& lens, Ease ease) {
    FilmKey key{time, recorded.document, title, caption, ease};
    key.document.dark = dark;
    key.document.sides[0].lens = lens;
    for (Side& side : key.document.sides) side.cursor.step = step;
    script.keys.push_back(std::move(key));
  };
  const Lens lens = recorded.document.sides[0].lens;
  for (const std::string& caption : captions) {
    add(caption, recorded.from + static_cast<std::int64_t>(time / whole * static_cast<double>(recorded.to - recorded.from)), lens,
        Ease::Linear);
    time += secondsFor(caption);
  }
  const std::string last = captions.empty() ? "" : captions.back();
  add(last, recorded.to, lens, Ease::Hold);
  if (!page.task) return script;
  const TaskAnswer answer = answerOf(*page.task, sceneOf(recorded));
  if (!answer.lens) {
    std::fprintf(stderr, "note: page %zu, %s: no concentration does what its task asks for; the film leaves the answer out\n",
                 index + 1, page.title.c_str());
    return script;
  }
  time += kThinking;
  add(last, recorded.to, lens, Ease::Smooth);
  time += kGliding;
  add(answer.words, recorded.to, *answer.lens, Ease::Hold);
  time += kAnswer;
  add(answer.words, recorded.to, *answer.lens, Ease::Hold);
  return script;
}

}  // namespace

void renderLesson(const Lesson& lesson, const std::string& word, bool dark, const FilmRequest& request) {
  const FontApplication fonts(true);
  LessonRecorder recorder(lesson, kFurther);
  FilmRecord record;
  record.lesson = word;
  record.language = spokenLanguage();
  record.dark = dark;
  record.threads = machineThreads();
  renderParts(request, std::move(record), lesson.pages.size(), [&](std::size_t index) {
    const LessonPage& page = lesson.pages[index];
    for (const std::string& picture : page.pictures)
      std::fprintf(stderr, "note: page %zu, %s: the film leaves its picture %s out\n", index + 1, page.title.c_str(),
                   picture.c_str());
    const RecordedPage recorded = recorder.page(index);
    return FilmPart{scriptOf(lesson, index, recorded, dark), recorded.timelines};
  });
}

void renderLessonFrame(const FilmRecord& record, std::int64_t frame, const std::string& output) {
  requireFrame(record, frame);
  const FontApplication fonts(true);
  const Lesson lesson = lessonNamed(record.lesson, "en");
  std::size_t index = 0;
  std::int64_t first = 0;  // frame of the page
  while (index < record.pages.size() && frame >= first + record.pages[index]) first += record.pages[index++];
  if (index >= lesson.pages.size())
    throw std::runtime_error(record.lesson + " has " + std::to_string(lesson.pages.size()) + " pages, and the film had " +
                             std::to_string(record.pages.size()) + ": the lesson has changed since");
  const RecordedPage recorded = LessonRecorder(lesson, kFurther, record.threads).page(index);
  renderFrameAgain(record, frame, output, {scriptOf(lesson, index, recorded, record.dark), recorded.timelines},
                   timeOf(frame - first, record.shape));
}

}  // namespace moescope
