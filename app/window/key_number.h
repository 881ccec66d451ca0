#pragma once
// One number of metricTable() as it is on screen.

#include <string>

#include "app/window/large_number.h"

namespace moescope {

class KeyNumber : public LargeNumber {
  Q_OBJECT
 public:
  explicit KeyNumber(Controller& controller);
  /// By its name in metricTable().
  void setMeasure(const std::string& name);
  /// A question mark in its place: somebody is to say it first.
  void setSecret(bool secret);
  QString number() const override;  ///< "–": there is none now
  QString caption() const override;
  /// In a small window with large text it is written smaller, and stays whole.
  QSize minimumSizeHint() const override { return {sizeHint().width() / 2, sizeHint().height()}; }

 protected:
  QStringList widestNumbers() const override { return {"00.000", number()}; }

 private:
  std::string measure_ = "entropy";
  bool secret_ = false;
};

}  // namespace moescope
