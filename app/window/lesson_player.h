#pragma once
// A lesson in the window: its words and tasks in a dock, its views and controls in the middle; its pages drive them and the
// training.

#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <map>
#include <memory>
#include <vector>

#include "app/document/lesson.h"
#include "app/window/controller.h"
#include "app/window/highlight.h"
#include "app/window/page_views.h"

namespace moescope {

class LessonPlayer : public QDockWidget {
  Q_OBJECT
 public:
  /// `window`: whose views and controls pages speak of. It takes views() for the middle.
  LessonPlayer(Controller& controller, QWidget* window);
  PageViews* views() { return views_; }

  /// From a page, counted from 0. Another lesson under way ends.
  void start(const Lesson& lesson, int page = 0);
  /// A lesson under way, on its way to the window of another language.
  struct UnderWay {
    Lesson lesson;  ///< without pages: none
    int page = 0;
    Document before;                       ///< of the lesson
    std::map<int, std::uint64_t> models;   ///< of the lesson, by the first page of each
    std::unique_ptr<QTemporaryDir> made;   ///< holds the invented checkpoint, where a page showed it
  };
  /// This window is without it, and what it shows stays.
  UnderWay handOver();
  /// Goes on with it in this window's language, where the program has the lesson in it.
  void takeOver(UnderWay lesson);
  /// What was shown before the lesson comes back.
  void end();
  bool runs() const { return !lesson_.pages.empty(); }
  const Lesson& lesson() const { return lesson_; }
  int page() const { return page_; }
  void goTo(int page);
  void next() { goTo(page_ + 1); }
  void back() { goTo(page_ - 1); }
  /// Whether what the page waits for has come: its step, and its task.
  bool isReady() const;
  /// Whether the model that the page shows is there, trained as far as the page wants.
  bool isThere() const;
  const LessonPage& shown() const { return lesson_.pages[static_cast<std::size_t>(page_)]; }
  /// The page after this one; null: this is the last.
  const LessonPage* following() const;
  /// Before a hall: without buttons, for those who turn pages with keys.
  void setPresented(bool presented);

 Q_SIGNALS:
  void started();
  void pageShown();
  void ended();

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void open(const Lesson& lesson, int page);
  void showPage();
  void showPictures();
  void mark();
  void unmark();
  void follow();
  void fitText();
  void fitWidth();
  void fitWords();
  void judgePrediction();
  std::string syntheticCheckpoint();
  QString waitText() const;
  QString taskText();

  Controller& controller_;
  QWidget* window_;
  PageViews* views_;
  Lesson lesson_;
  int page_ = 0;
  Document before_;                       ///< of the lesson
  std::map<int, std::uint64_t> models_;   ///< of the lesson, by the first page of each
  bool reached_ = false, judged_ = false;  ///< of this page's task
  QString verdict_;
  std::unique_ptr<QTemporaryDir> made_;   ///< holds the invented checkpoint, where a page showed it
  std::vector<QPointer<Highlight>> marks_;  ///< children of what they mark
  QLabel *title_ = nullptr, *wait_ = nullptr, *task_ = nullptr, *count_ = nullptr;
  QTextBrowser* words_ = nullptr;
  QWidget* prediction_ = nullptr;
  QDoubleSpinBox* guess_ = nullptr;
  QPushButton *back_ = nullptr, *next_ = nullptr, *close_ = nullptr;
};

}  // namespace moescope
