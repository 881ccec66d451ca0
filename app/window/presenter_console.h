#pragma once
// What only the lecturer sees: notes, the time, how long it has been, and the page that comes next.

#include <QElapsedTimer>
#include <QLabel>
#include <QTextBrowser>
#include <QTimer>
#include <QWidget>

#include "app/window/lesson_player.h"

namespace moescope {

class PresenterConsole : public QWidget {
  Q_OBJECT
 public:
  PresenterConsole(LessonPlayer& lessons, Controller& controller);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void fitText();
  void showPage();
  void showTime();
  void showNext();
  QString whyNoPicture(const LessonPage& next) const;

  LessonPlayer& lessons_;
  Controller& controller_;
  QLabel *title_, *clock_, *since_, *count_, *nextTitle_, *nextPicture_;
  QTextBrowser* notes_;
  QElapsedTimer started_;
  QTimer tick_, later_;  ///< later_: the next page is drawn when the shown one is
};

/// "1:02:03" or "2:03".
QString durationText(qint64 seconds);

}  // namespace moescope
