// Lessons in the window.

#include <algorithm>

#include "app/window/lesson_menu.h"
#include "app/window/main_window.h"

namespace moescope {
namespace {

constexpr double kWordsShare = 0.34;  // of the window's width

}  // namespace

/// A page has the window but for menu and status line: its views, its controls and its words.
void MainWindow::heedLessons() {
  lessons_ = new LessonPlayer(controller_, this);
  addDockWidget(Qt::RightDockWidgetArea, lessons_);
  views_->showAlone(lessons_->views());
  const std::vector<QWidget*> others = {findChild<QToolBar*>("bar-groups"), timeBar_, tokens_, promptBar_};
  connect(lessons_, &LessonPlayer::started, this, [this, others] {
    chrome_.takeAway(others);
    resizeDocks({lessons_}, {static_cast<int>(kWordsShare * width())}, Qt::Horizontal);
  });
  connect(lessons_, &LessonPlayer::ended, this, [this, others] { chrome_.giveBack(others); });
  presenter_ = new Presenter(*this, *lessons_, controller_, chrome_);
  connect(presenter_, &Presenter::changed, this, [this] {
    if (textScale() != theme_.textScale) applyTheme();
    if (lessons_->runs()) resizeDocks({lessons_}, {static_cast<int>(kWordsShare * width())}, Qt::Horizontal);
    status_->show();
  });
}

/// The document's, and before a hall as much as a hall needs.
double MainWindow::textScale() const {
  return std::max(controller_.document().textScale, presenter_ ? presenter_->textScale() : 0.0);
}

void MainWindow::openLesson(const QString& file) {
  try {
    lessons_->start(lessonGiven(file));
  } catch (const std::exception& error) {
    say(QString::fromStdString(error.what()));
  }
}

}  // namespace moescope
