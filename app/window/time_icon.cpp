#include "app/window/time_icon.h"

#include <QPainter>

namespace moescope {

QIcon timeIcon(TimeSign sign, const QWidget& widget) {
  QIcon made;
  for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Disabled}) {
    const double size = widget.fontMetrics().height();
    QPixmap picture((QSizeF(size, size) * widget.devicePixelRatioF()).toSize());
    picture.setDevicePixelRatio(widget.devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor color = widget.palette().color(QPalette::Active, QPalette::ButtonText);
    if (mode == QIcon::Disabled) color.setAlphaF(0.35F);
    painter.setBrush(color);
    painter.scale(size, size);
    const bool mirrored = sign == TimeSign::Start || sign == TimeSign::Back;
    if (mirrored) painter.translate(1, 0), painter.scale(-1, 1);
    const auto triangle = [&](double left) { painter.drawPolygon(QPolygonF({{left, 0.15}, {left + 0.55, 0.5}, {left, 0.85}})); };
    const auto bar = [&](double left) { painter.drawRect(QRectF(left, 0.15, 0.16, 0.7)); };
    if (sign == TimeSign::Pause) bar(0.22), bar(0.6);
    if (sign == TimeSign::Play) painter.drawPolygon(QPolygonF({{0.18, 0.08}, {0.9, 0.5}, {0.18, 0.92}}));
    if (sign == TimeSign::Forward || sign == TimeSign::Back) bar(0.14), triangle(0.38);
    if (sign == TimeSign::Start) triangle(0.08), bar(0.68);
    made.addPixmap(picture, mode);
  }
  return made;
}

}  // namespace moescope
