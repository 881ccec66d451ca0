#include "app/window/highlight.h"

#include <QEvent>
#include <QPainter>

namespace moescope {
namespace {

constexpr int kThickness = 3;
const QColor kColour(255, 176, 0);

}  // namespace

Highlight::Highlight(QWidget* target) : QWidget(target->parentWidget()), target_(target) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::NoFocus);
  target->installEventFilter(this);
  follow();
}

bool Highlight::eventFilter(QObject* watched, QEvent* event) {
  switch (event->type()) {
    case QEvent::Move:
    case QEvent::Resize:
    case QEvent::Show:
    case QEvent::Hide:
    case QEvent::ParentChange: follow(); break;
    default: break;
  }
  return QWidget::eventFilter(watched, event);
}

void Highlight::follow() {
  if (!target_) return hide();
  if (target_->parentWidget() != parentWidget()) setParent(target_->parentWidget());
  const QRect around = target_->geometry().adjusted(-kThickness, -kThickness, kThickness, kThickness);
  setGeometry(around.intersected(parentWidget()->rect()));  // whole also where the target fills its parent
  setVisible(target_->isVisibleTo(target_->parentWidget()));
  raise();
}

void Highlight::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(kColour, kThickness));
  painter.drawRoundedRect(QRectF(rect()).adjusted(kThickness / 2.0, kThickness / 2.0, -kThickness / 2.0, -kThickness / 2.0),
                          kThickness, kThickness);
}

}  // namespace moescope
