#pragma once
// One number of metricTable() as it is on screen, large enough for a hall, with its name and unit.

#include <QWidget>
#include <string>

#include "app/window/controller.h"

namespace moescope {

class KeyNumber : public QWidget {
  Q_OBJECT
 public:
  explicit KeyNumber(Controller& controller);
  /// By its name in metricTable().
  void setMeasure(const std::string& name);
  /// A question mark in its place: somebody is to say it first.
  void setSecret(bool secret);
  /// "2.079"; "–": there is none now.
  QString number() const;
  QString caption() const;  ///< "Entropy, nats"
  QFont numberFont() const;  ///< in which the number stands whole
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QFont largeFont() const;  ///< where there is room

  Controller& controller_;
  std::string measure_ = "entropy";
  bool secret_ = false;
};

}  // namespace moescope
