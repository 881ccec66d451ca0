#pragma once
// Presenter mode: the window before a hall, with large type and without chrome; a pointer of light, a black screen, and on
// another screen what only the lecturer sees.

#include <QAction>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <vector>

#include "app/window/chrome.h"
#include "app/window/lesson_player.h"
#include "app/window/presenter_console.h"

namespace moescope {

/// The size of text before a hall, for a window of this size in device-independent pixels: captions are 24 pixels high, or more,
/// of 1080.
double hallTextScale(const QSize& window);

class Presenter : public QObject {
  Q_OBJECT
 public:
  /// `chrome` takes status line, bars and docks away.
  Presenter(QMainWindow& window, LessonPlayer& lessons, Controller& controller, Chrome& chrome);
  /// To begin and end it, and its keys, for a menu.
  const std::vector<QAction*>& actions() const { return actions_; }

  bool presents() const { return presents_; }
  void begin();
  void end();
  /// One thing at a time: the black screen, the pointer, presenter mode. False: there was none of them.
  bool escape();
  /// By how much text is larger than the document says.
  double textScale() const { return presents_ ? hallTextScale(window_.size()) : 1.0; }
  void setBlank(bool blank);
  void setPointer(bool shown);
  bool isBlank() const { return !black_.isNull(); }
  bool points() const { return !light_.isNull(); }
  PresenterConsole* console() { return console_; }

 Q_SIGNALS:
  /// It began or ended, or the window has another size: text is to be fitted.
  void changed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QAction* add(const QString& text, const char* name, const QList<QKeySequence>& keys, bool whilePresenting,
               const std::function<void()>& action);
  void showConsole(bool shown);
  void lendKeysTo(QWidget* console) const;
  void placeOnScreens();

  QMainWindow& window_;
  LessonPlayer& lessons_;
  Controller& controller_;
  Chrome& chrome_;
  std::vector<QAction*> actions_, keys_;  ///< keys_: those that mean something while it presents
  std::vector<QWidget*> bars_;            ///< that were taken away
  bool presents_ = false;
  Qt::WindowStates stateBefore_;
  QRect placeBefore_;
  QPointer<QWidget> black_, light_;
  QTimer follow_;  ///< moves the light to the mouse
  QPointer<PresenterConsole> console_;
};

}  // namespace moescope
