// The window anew, in the language that is spoken now.

#include <utility>

#include "app/window/film_menu.h"
#include "app/window/language.h"
#include "app/window/main_window.h"

namespace moescope {

QString MainWindow::whyNoSuccessor() const {
  return film_->recorder().records() || film_->keyFrames().renders()
             ? tr("A film is being made: the language changes when it is chosen again after it, or at the next start")
             : QString();
}

std::unique_ptr<MainWindow> MainWindow::successor() {
  const bool presents = presenter_->presents(), sets = findChild<QWidget*>("settingsDialog")->isVisible();
  presenter_->end();
  LessonPlayer::UnderWay lesson = lessons_->handOver();  // before the layout is looked at: it hides bars
  std::unique_ptr<MainWindow> next(new MainWindow(bench_));
  next->restoreLayout(preferences());
  if (remember_) next->rememberOnClose();
  next->film_->keyFrames().take(film_->keyFrames().keys());
  next->show();
  next->lessons_->takeOver(std::move(lesson));
  if (presents) next->presenter_->begin();
  if (sets) next->findChild<QAction*>("actionSettings")->trigger();
  return next;
}

}  // namespace moescope
