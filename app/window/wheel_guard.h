#pragma once
// The wheel scrolls what holds an editor, and changes the editor only where a person is at work in it.

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QScrollBar>

namespace moescope {

class WheelGuard : public QObject {
 public:
  /// Guards every combo box, spin box and slider inside `widget`, and lives as long as it does.
  explicit WheelGuard(QWidget* widget) : QObject(widget) {
    for (QWidget* editor : widget->findChildren<QWidget*>()) {
      const bool slider = qobject_cast<QAbstractSlider*>(editor) && !qobject_cast<QScrollBar*>(editor);
      if (!slider && !qobject_cast<QComboBox*>(editor) && !qobject_cast<QAbstractSpinBox*>(editor)) continue;
      editor->setFocusPolicy(Qt::StrongFocus);  // Qt's own lets the wheel take the focus
      editor->installEventFilter(this);
    }
  }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus()) return false;
    event->ignore();  // goes on to the parent
    return true;
  }
};

}  // namespace moescope
