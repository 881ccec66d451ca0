#include "app/window/preferences.h"

#include <QSettings>
#include <cmath>

namespace moescope {
namespace {

constexpr int kVersion = 1;  // of the layout: docks of another version do not fit

}  // namespace

Preferences Preferences::load() {
  const QSettings stored(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope");
  Preferences preferences;
  if (stored.value("version").toInt() != kVersion) return preferences;
  preferences.known = true;
  preferences.dark = stored.value("dark", true).toBool();
  const double scale = stored.value("text_scale", 1.0).toDouble();
  if (std::isfinite(scale) && scale >= 0.7 && scale <= 2.5) preferences.textScale = scale;
  preferences.geometry = stored.value("geometry").toByteArray();
  preferences.layout = stored.value("layout").toByteArray();
  preferences.state = stored.value("state").toString();
  return preferences;
}

void Preferences::store() const {
  QSettings stored(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope");
  stored.setValue("version", kVersion);
  stored.setValue("dark", dark);
  stored.setValue("text_scale", textScale);
  stored.setValue("geometry", geometry);
  stored.setValue("layout", layout);
  stored.setValue("state", state);
}

void Preferences::forget() {
  QSettings stored(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope");
  stored.clear();
}

}  // namespace moescope
