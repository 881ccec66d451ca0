#pragma once
// The line above a picture of A|B: which side it is, of what and at which step. A click makes the side the active one.

#include <QLabel>

#include "app/window/controller.h"

namespace moescope {

class SideHeader : public QLabel {
  Q_OBJECT
 public:
  static constexpr int kDifference = 2;
  /// `side`: 0, 1 or kDifference.
  SideHeader(Controller& controller, int side);
  QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }
  QSize sizeHint() const override { return {0, QLabel::sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void showScene();
  bool isActive() const { return side_ == controller_.active(); }

  Controller& controller_;
  const int side_;
};

}  // namespace moescope
