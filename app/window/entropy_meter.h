#pragma once
// The number that falls when routing grows sure, large enough for a hall: mean entropy with a bar from 0 to log N.

#include <QWidget>

#include "app/window/controller.h"

namespace moescope {

class EntropyMeter : public QWidget {
  Q_OBJECT
 public:
  explicit EntropyMeter(Controller& controller);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }
  /// Smaller, and without log N in words.
  void setBrief(bool brief);
  /// "1.234", or why there is none.
  QString number() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QFont numberFont() const;
  QString unit() const;
  double most() const;

  Controller& controller_;
  bool brief_ = false;
};

}  // namespace moescope
