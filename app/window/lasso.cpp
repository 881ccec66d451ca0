#include "app/window/lasso.h"

#include <QPainter>

namespace moescope {
namespace {

constexpr double kLeastWay = 4.0;  // pixels: less is a click

double wayOf(const QPolygonF& outline) {
  double most = 0.0;
  for (const QPointF& point : outline) most = std::max(most, (point - outline.first()).manhattanLength());
  return most;
}

}  // namespace

Combine combineOf(Qt::KeyboardModifiers modifiers) {
  if (modifiers & Qt::ShiftModifier) return Combine::Add;
  return modifiers & (Qt::ControlModifier | Qt::AltModifier) ? Combine::Subtract : Combine::Replace;
}

Lasso::Lasso(QWidget* view, bool always) : QWidget(view), always_(always) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::NoFocus);
  hide();
}

bool Lasso::takes(const QMouseEvent& event) {
  if (event.type() == QEvent::MouseButtonPress) {
    if (event.button() != Qt::LeftButton || !(always_ || combineOf(event.modifiers()) != Combine::Replace)) return false;
    drawing_ = true;
    outline_ = {event.position()};
    return true;
  }
  if (!drawing_) return false;
  if (event.type() == QEvent::MouseMove) {
    outline_.append(event.position());
    if (wayOf(outline_) < kLeastWay) return true;
    setGeometry(parentWidget()->rect());
    show();
    raise();
    update();
    return true;
  }
  if (event.type() != QEvent::MouseButtonRelease || event.button() != Qt::LeftButton) return true;
  drawing_ = false;
  hide();
  outline_.append(event.position());
  if (wayOf(outline_) < kLeastWay)
    Q_EMIT clicked(event.position(), event.modifiers());
  else
    Q_EMIT drawn(outline_, combineOf(event.modifiers()));
  return true;
}

void Lasso::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QColor fill = palette().color(QPalette::Highlight);
  painter.setPen(QPen(fill, 2.0, Qt::DashLine));
  fill.setAlphaF(0.15f);
  painter.setBrush(fill);
  painter.drawPolygon(outline_);
}

}  // namespace moescope
