#include "app/window/large_number.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

namespace moescope {
namespace {

/// The font, smaller where the words would not stand whole in so much room.
QFont fitted(QFont font, const QString& words, int room) {
  const int width = QFontMetrics(font).horizontalAdvance(words);
  if (width > room && room > 0) font.setPointSizeF(font.pointSizeF() * room / (width + 1));
  return font;
}

}  // namespace

LargeNumber::LargeNumber(Controller& controller) : controller_(controller) {
  connect(&controller_, &Controller::sceneChanged, this, [this] {
    setAccessibleDescription(number() + " " + caption());
    if (const QSize wanted = sizeHint(); wanted != wanted_) wanted_ = wanted, updateGeometry();  // not a layout for each number
    update();
  });
}

void LargeNumber::setTimes(double times) {
  times_ = times;
  updateGeometry();
  update();
}

QFont LargeNumber::largeFont() const {
  QFont large = font();
  large.setPointSizeF(times_ * font().pointSizeF());
  large.setBold(true);
  return large;
}

QFont LargeNumber::numberFont() const { return fitted(largeFont(), number(), width()); }

QSize LargeNumber::sizeHint() const {
  const QFontMetrics large(largeFont());
  int width = fontMetrics().horizontalAdvance(widestCaption());
  for (const QString& number : widestNumbers()) width = std::max(width, large.horizontalAdvance(number));
  return {width + 4, large.height() + barHeight() + fontMetrics().height()};
}

void LargeNumber::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const int line = QFontMetrics(largeFont()).height(), bar = barHeight();
  painter.setPen(palette().color(QPalette::WindowText));
  painter.setFont(numberFont());
  painter.drawText(QRect(0, 0, width(), line), Qt::AlignLeft | Qt::AlignVCenter, number());
  painter.fillRect(QRect(0, line, width(), bar), palette().color(QPalette::Base));
  if (const double full = share(); std::isfinite(full))
    painter.fillRect(QRectF(0, line, width() * std::clamp(full, 0.0, 1.0), bar), palette().color(QPalette::Highlight));
  painter.setFont(fitted(font(), caption(), width()));
  painter.drawText(QRect(0, line + bar, width(), fontMetrics().height()), Qt::AlignLeft | Qt::AlignVCenter, caption());
}

void LargeNumber::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace moescope
