#include "app/window/first_breath.h"

#include <QApplication>
#include <QEvent>
#include <QSlider>

#include "app/window/controller.h"
#include "app/window/settings_file.h"

namespace moescope {
namespace {

constexpr int kLook = 100, kPicture = 1500;  // milliseconds: between two looks; that the picture stands before it moves
constexpr const char* kKey = "breathed";

bool isTouch(QEvent::Type type) {
  switch (type) {
    case QEvent::MouseButtonPress:
    case QEvent::TouchBegin:
    case QEvent::TabletPress:
    case QEvent::Wheel:
    case QEvent::KeyPress:
    case QEvent::ShortcutOverride:
    case QEvent::Shortcut: return true;
    default: return false;
  }
}

/// The handle is under the hand then, and must not run from it.
bool takesHold(const QObject* watched, QEvent::Type type) {
  return type != QEvent::KeyPress && type != QEvent::ShortcutOverride && qobject_cast<const QSlider*>(watched) &&
         watched->objectName().endsWith("concentration");
}

}  // namespace

bool FirstBreath::takeDue() {
  QSettings stored = settingsFile();
  if (stored.value(kKey).toBool()) return false;
  stored.setValue(kKey, true);
  return true;
}

FirstBreath::FirstBreath(Controller& controller, Breath& breath, QWidget* window)
    : QObject(window), controller_(controller), breath_(breath), steps_(controller.history().stack().index()) {
  timer_.setInterval(kLook);
  connect(&timer_, &QTimer::timeout, this, &FirstBreath::look);
  timer_.start();
  qApp->installEventFilter(this);
}

/// What is touched is a widget; its window hears of it first.
bool FirstBreath::eventFilter(QObject* watched, QEvent* event) {
  if (timer_.isActive() && watched->isWidgetType() && isTouch(event->type())) end(!takesHold(watched, event->type()));
  return QObject::eventFilter(watched, event);
}

void FirstBreath::look() {
  if (!controller_.document().motion || controller_.history().stack().index() > steps_ + (begun_ ? 1 : 0)) return end(true);
  if (begun_) {
    if (!breath_.runs()) end(false);
    return;
  }
  const Scene& scene = controller_.scene();
  if (scene.routing && scene.curve) seen_ += kLook;
  if (seen_ < kPicture) return;
  begun_ = true;
  breath_.start();
}

void FirstBreath::end(bool goesBack) {
  timer_.stop();
  qApp->removeEventFilter(this);
  if (begun_ && breath_.runs()) breath_.stop(goesBack);
  deleteLater();
}

}  // namespace moescope
