#include "app/window/key_number.h"

#include <cmath>
#include <utility>

#include "app/document/lesson.h"
#include "app/window/language.h"

namespace moescope {

KeyNumber::KeyNumber(Controller& controller) : LargeNumber(controller) {
  setObjectName("keyNumber");
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setMeasure(measure_);
}

void KeyNumber::setMeasure(const std::string& name) {
  measure_ = name;
  const Metric& metric = metricNamed(measure_);
  setToolTip(localised(metric.label) + ": " + localised(metric.formula) + tr("\nMeasured on: ") +
             localised(channelName(metric.channel)));
  setAccessibleName(caption());
  updateGeometry();
  update();
}

void KeyNumber::setSecret(bool secret) {
  if (std::exchange(secret_, secret) != secret) update();
}

QString KeyNumber::number() const {
  if (secret_) return "?";
  const double value = measured(controller_.scene(), measure_, controller_.scene().lens);
  return std::isfinite(value) ? QString::number(value, 'f', 3) : "–";
}

QString KeyNumber::caption() const {
  const Metric& metric = metricNamed(measure_);
  return localised(metric.label).trimmed() + (metric.unit.empty() ? QString() : ", " + localised(metric.unit));
}

}  // namespace moescope
