#pragma once
// The wheel scrolls what holds an editor, and changes the editor only where a person is at work in it.

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QScrollBar>

namespace moescope {

/// Guards every combo box, spin box and slider of the application, those that are made later too, as long as it lives.
class WheelGuard : public QObject {
 public:
  explicit WheelGuard(QObject* owner) : QObject(owner) { qApp->installEventFilter(this); }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Wheel && event->type() != QEvent::Polish) return false;
    QWidget* editor = editorAt(watched);
    if (!editor) return false;
    if (event->type() == QEvent::Polish && editor->focusPolicy() == Qt::WheelFocus) editor->setFocusPolicy(Qt::StrongFocus);
    if (event->type() == QEvent::Polish || editor->hasFocus()) return false;
    event->ignore();  // goes on to the parent
    return true;
  }

 private:
  static QWidget* editorAt(QObject* watched) {
    if (!watched->isWidgetType()) return nullptr;
    auto* widget = static_cast<QWidget*>(watched);
    const bool slider = qobject_cast<QAbstractSlider*>(widget) && !qobject_cast<QScrollBar*>(widget);
    return slider || qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) ? widget : nullptr;
  }
};

}  // namespace moescope
