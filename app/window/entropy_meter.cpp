#include "app/window/entropy_meter.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr double kNumberSize = 2.9;  // of normal text: 72 pixels of line height at a text scale of 1.5
constexpr double kBriefSize = 2.0;

}  // namespace

EntropyMeter::EntropyMeter(Controller& controller) : controller_(controller) {
  setObjectName("entropyMeter");
  setAccessibleName(tr("Mean entropy of the routing probabilities, nats"));
  setToolTip(tr(
      "H = −Σ p log p of each token's routing probabilities, mean over the probe.\nThe bar ends at log N: every expert equally."));
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(&controller_, &Controller::sceneChanged, this, [this] {
    setAccessibleDescription(number() + " " + unit());
    update();
  });
}

QFont EntropyMeter::numberFont() const {
  QFont large = font();
  large.setPointSizeF((brief_ ? kBriefSize : kNumberSize) * font().pointSizeF());
  large.setBold(true);
  return large;
}

double EntropyMeter::most() const {
  const Scene& scene = controller_.scene();
  return scene.routing ? std::log(static_cast<double>(scene.routing->probabilities.cols())) : NAN;
}

QString EntropyMeter::number() const {
  const Scene& scene = controller_.scene();
  if (!scene.routing) return "–";
  const double entropy = scene.routing->probability.meanEntropy;
  if (scene.snapshot->capture) return "–";
  return std::isfinite(entropy) ? QString::number(entropy, 'f', 3) : tr("not a number");
}

void EntropyMeter::setBrief(bool brief) {
  brief_ = brief;
  updateGeometry();
  update();
}

QString EntropyMeter::unit() const {
  const SnapshotPointer& snapshot = controller_.scene().snapshot;
  if (snapshot && snapshot->capture) return tr("no entropy of a capture");
  return brief_ ? tr("nats") : std::isfinite(most()) ? tr("nats of %1, entropy").arg(most(), 0, 'f', 3) : tr("nats, entropy");
}

QSize EntropyMeter::sizeHint() const {
  const int width = std::max(QFontMetrics(numberFont()).horizontalAdvance("0.000"),
                             fontMetrics().horizontalAdvance(brief_ ? tr("nats") : tr("nats of %1, entropy").arg("0.000")));
  return {width + 4, QFontMetrics(numberFont()).height() + fontMetrics().height() * 3 / 2};
}

void EntropyMeter::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const int number = QFontMetrics(numberFont()).height(), line = fontMetrics().height(), bar = line / 2;
  painter.setPen(palette().color(QPalette::WindowText));
  painter.setFont(controller_.scene().routing && !std::isfinite(controller_.scene().routing->probability.meanEntropy)
                      ? font()
                      : numberFont());
  painter.drawText(QRect(0, 0, width(), number), Qt::AlignLeft | Qt::AlignVCenter, this->number());
  painter.fillRect(QRect(0, number, width(), bar), palette().color(QPalette::Base));
  if (const double share = controller_.scene().routing ? controller_.scene().routing->probability.meanEntropy / most() : NAN;
      std::isfinite(share))
    painter.fillRect(QRectF(0, number, width() * std::clamp(share, 0.0, 1.0), bar), palette().color(QPalette::Highlight));
  painter.setFont(font());
  painter.drawText(QRect(0, number + bar, width(), line), Qt::AlignLeft | Qt::AlignVCenter, unit());
}

void EntropyMeter::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace moescope
