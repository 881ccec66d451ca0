#pragma once
// A frame around widgets that a lesson speaks of.

#include <QPointer>
#include <QWidget>
#include <vector>

namespace moescope {

/// Lies above one widget and lets the mouse through.
class Highlight : public QWidget {
  Q_OBJECT
 public:
  explicit Highlight(QWidget* target);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void follow();
  QPointer<QWidget> target_;
};

}  // namespace moescope
