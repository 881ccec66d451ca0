#pragma once
// A number as it is on screen, large enough for a hall, over its name and unit.

#include <QStringList>
#include <QWidget>
#include <cmath>

#include "app/window/controller.h"

namespace moescope {

class LargeNumber : public QWidget {
  Q_OBJECT
 public:
  /// "2.079", or why there is none.
  virtual QString number() const = 0;
  virtual QString caption() const = 0;  ///< "Entropy, nats"
  QFont numberFont() const;             ///< in which the number stands whole
  QSize sizeHint() const override;

 protected:
  explicit LargeNumber(Controller& controller);
  /// How many times as large as normal text the number is where there is room.
  void setTimes(double times);
  /// Numbers and a caption that there is to be room for.
  virtual QStringList widestNumbers() const = 0;
  virtual QString widestCaption() const { return caption(); }
  /// Of a bar between number and caption that is full at 1; NaN: an empty one.
  virtual double share() const { return NAN; }
  virtual bool hasBar() const { return false; }
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

  static constexpr double kTimes = 2.9;  ///< 72 pixels of line height at a text scale of 1.5

  Controller& controller_;

 private:
  QFont largeFont() const;
  int barHeight() const { return hasBar() ? fontMetrics().height() / 2 : 0; }

  double times_ = kTimes;
  QSize wanted_;
};

}  // namespace moescope
