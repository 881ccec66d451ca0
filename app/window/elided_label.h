#pragma once
// One line of text that is cut with dots where there is no room for it, whole in its tooltip, and never widens the window.

#include <QLabel>
#include <QPainter>

namespace moescope {

class ElidedLabel : public QLabel {
  Q_OBJECT
 public:
  using QLabel::QLabel;
  QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
                     fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
  }
};

/// Names of people's own folders can be long: the middle goes, both ends stay.
inline QString shortened(const QString& name, qsizetype letters = 20) {
  return name.size() <= letters ? name : name.left((letters - 1) - (letters - 1) / 2) + "…" + name.right((letters - 1) / 2);
}

}  // namespace moescope
