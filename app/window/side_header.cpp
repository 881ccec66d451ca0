#include "app/window/side_header.h"

#include <QPainter>

#include "app/document/differences.h"
#include "app/window/language.h"

namespace moescope {

SideHeader::SideHeader(Controller& controller, int side) : controller_(controller), side_(side) {
  setObjectName(side == kDifference ? "headerDifference" : side == 0 ? "headerA" : "headerB");
  setMargin(3);
  setVisible(false);
  connect(&controller_, &Controller::sceneChanged, this, &SideHeader::showScene);
  connect(&controller_, &Controller::documentChanged, this, &SideHeader::showScene);
  showScene();
}

void SideHeader::showScene() {
  if (!controller_.compares()) return;
  const auto stepOf = [this](int side) {
    const SnapshotPointer snapshot = controller_.on(side).scene().snapshot;
    return !snapshot              ? tr("starting")
           : snapshot->capture    ? tr("capture")
           : snapshot->checkpoint ? tr("checkpoint")
                                  : tr("step %1").arg(snapshot->step);
  };
  QString words;
  if (side_ == kDifference) {
    const QString first = stepOf(0), second = stepOf(1);
    words = "B − A  ·  " + (first == second ? first : "A " + first + ", B " + second);
  } else {
    const QString name = QString::fromStdString(sideName(controller_.document().sides[static_cast<std::size_t>(side_)]));
    words = QString(side_ == 0 ? "A  ·  " : "B  ·  ") + name + "  ·  " + stepOf(side_);
    setToolTip(words +
               (isActive() ? tr("\nThe panel shows this side's settings") : tr("\nClick: the panel shows this side's settings")));
  }
  if (words != text()) setText(words);
  update();
}

/// The active side stands out by its ground and a bar, not by colour alone.
void SideHeader::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const bool active = side_ != kDifference && isActive();
  painter.fillRect(rect(), palette().color(active ? QPalette::Button : QPalette::Window));
  const int bar = std::max(2, fontMetrics().height() / 5);
  if (active) painter.fillRect(0, 0, bar, height(), palette().color(QPalette::Highlight));
  QFont font = this->font();
  font.setBold(active);
  painter.setFont(font);
  painter.setPen(palette().color(QPalette::WindowText));
  const QRect room = rect().adjusted(bar + margin() + 2, 0, -margin(), 0);
  painter.drawText(room, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
                   QFontMetrics(font).elidedText(text(), Qt::ElideRight, room.width()));
}

void SideHeader::mousePressEvent(QMouseEvent*) {
  if (side_ != kDifference) controller_.activate(side_);
}

}  // namespace moescope
