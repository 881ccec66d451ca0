#pragma once
// A lesson in the window: its words and tasks in a dock; its pages drive views, controls and training.

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

namespace moescope {

class LessonPlayer : public QDockWidget {
  Q_OBJECT
 public:
  /// `window`: whose views and controls pages speak of.
  LessonPlayer(Controller& controller, QWidget* window);

  /// From its first page. Another lesson under way ends.
  void start(const Lesson& lesson);
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

 Q_SIGNALS:
  void ended();

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  const LessonPage& shown() const { return lesson_.pages[static_cast<std::size_t>(page_)]; }
  void showPage();
  void mark();
  void unmark();
  void follow();
  void fitText();
  void judgePrediction();
  std::string syntheticCheckpoint();
  QString waitText() const;
  QString taskText();

  Controller& controller_;
  QWidget* window_;
  Lesson lesson_;
  int page_ = 0;
  Document before_;                       ///< of the lesson
  std::map<int, std::uint64_t> models_;   ///< that pages were shown with
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
