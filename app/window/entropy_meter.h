#pragma once
// The number that falls when routing grows sure: mean entropy with a bar from 0 to log N.

#include "app/window/large_number.h"

namespace moescope {

class EntropyMeter : public LargeNumber {
  Q_OBJECT
 public:
  explicit EntropyMeter(Controller& controller);
  QSize minimumSizeHint() const override { return sizeHint(); }
  /// Smaller, and without log N in words.
  void setBrief(bool brief);
  QString number() const override;
  QString caption() const override;

 protected:
  QStringList widestNumbers() const override { return {"0.000"}; }
  QString widestCaption() const override;
  double share() const override;
  bool hasBar() const override { return true; }

 private:
  double most() const;

  bool brief_ = false;
};

}  // namespace moescope
