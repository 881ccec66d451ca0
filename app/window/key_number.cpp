#include "app/window/key_number.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/document/lesson.h"
#include "app/window/language.h"

namespace moescope {
namespace {

constexpr double kNumberSize = 2.9;  // of normal text: 72 pixels of line height at a text scale of 1.5

/// The font, smaller where the words would not stand whole in so much room.
QFont fitted(QFont font, const QString& words, int room) {
  const int width = QFontMetrics(font).horizontalAdvance(words);
  if (width > room && room > 0) font.setPointSizeF(font.pointSizeF() * room / (width + 1));
  return font;
}

}  // namespace

KeyNumber::KeyNumber(Controller& controller) : controller_(controller) {
  setObjectName("keyNumber");
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(&controller_, &Controller::sceneChanged, this, [this] {
    setAccessibleDescription(number());
    updateGeometry();
    update();
  });
  setMeasure(measure_);
}

void KeyNumber::setMeasure(const std::string& name) {
  measure_ = name;
  const Metric& metric = metricNamed(measure_);
  setToolTip(localised(metric.label) + ": " + localised(metric.formula) + tr("\nMeasured on: ") +
             localised(channelName(metric.channel)));
  setAccessibleName(caption());
  updateGeometry();
  update();
}

void KeyNumber::setSecret(bool secret) {
  if (std::exchange(secret_, secret) != secret) update();
}

QString KeyNumber::number() const {
  if (secret_) return "?";
  const double value = measured(controller_.scene(), measure_, controller_.scene().lens);
  return std::isfinite(value) ? QString::number(value, 'f', 3) : "–";
}

QString KeyNumber::caption() const {
  const Metric& metric = metricNamed(measure_);
  return localised(metric.label).trimmed() + (metric.unit.empty() ? QString() : ", " + localised(metric.unit));
}

QFont KeyNumber::largeFont() const {
  QFont large = font();
  large.setPointSizeF(kNumberSize * font().pointSizeF());
  large.setBold(true);
  return large;
}

QFont KeyNumber::numberFont() const { return fitted(largeFont(), number(), width()); }

QSize KeyNumber::sizeHint() const {
  const QFontMetrics large(largeFont());
  const int width = std::max(
      {large.horizontalAdvance("00.000"), large.horizontalAdvance(number()), fontMetrics().horizontalAdvance(caption())});
  return {width + 4, large.height() + fontMetrics().height()};
}

/// In a small window with large text it is written smaller, and stays whole.
QSize KeyNumber::minimumSizeHint() const { return {sizeHint().width() / 2, sizeHint().height()}; }

void KeyNumber::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const int line = QFontMetrics(largeFont()).height();
  painter.setPen(palette().color(QPalette::WindowText));
  painter.setFont(numberFont());
  painter.drawText(QRect(0, 0, width(), line), Qt::AlignLeft | Qt::AlignVCenter, number());
  painter.setFont(fitted(font(), caption(), width()));
  painter.drawText(QRect(0, line, width(), fontMetrics().height()), Qt::AlignLeft | Qt::AlignVCenter, caption());
}

void KeyNumber::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace moescope
