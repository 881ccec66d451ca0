#pragma once
// An outline drawn by hand over a view, to take what lies inside it.

#include <QMouseEvent>
#include <QPolygonF>
#include <QWidget>

#include "core/reading/selection.h"

namespace moescope {

/// Shift adds, Control and Alt take away, without one of them what was selected goes.
Combine combineOf(Qt::KeyboardModifiers modifiers);

class Lasso : public QWidget {
  Q_OBJECT
 public:
  /// Lies over `view`, whole. `always`: where every drag draws an outline; else one with a key of combineOf().
  Lasso(QWidget* view, bool always);
  /// Whether a mouse event of the view belongs to an outline, so that nobody else is to have it: one that presses the left button
  /// where an outline may begin, and all until that is let go.
  bool takes(const QMouseEvent& event);
  bool drawing() const { return drawing_; }

 Q_SIGNALS:
  /// Let go after a way of some length: pixels of the view, device-independent, from its upper left corner.
  void drawn(const QPolygonF& outline, Combine how);
  /// Let go where it was pressed.
  void clicked(const QPointF& at, Qt::KeyboardModifiers modifiers);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const bool always_;
  bool drawing_ = false;
  QPolygonF outline_;
};

}  // namespace moescope
