#include "app/window/preferences.h"

#include <QVariant>
#include <cmath>

#include "app/window/settings_file.h"

namespace moescope {
namespace {

constexpr int kVersion = 2;  // of the layouts: docks of another version do not fit

}  // namespace

Preferences Preferences::load() {
  const QSettings stored = settingsFile();
  Preferences preferences;
  preferences.known = stored.contains("version");
  if (!preferences.known) return preferences;
  const double scale = stored.value("text_scale", 1.0).toDouble();
  if (std::isfinite(scale) && scale >= 0.7 && scale <= 2.5) preferences.textScale = scale;
  preferences.geometry = stored.value("geometry").toByteArray();
  if (stored.value("version").toInt() == kVersion) {
    preferences.layout = stored.value("layout").toByteArray();
    const QMap<QString, QVariant> groups = stored.value("groups").toMap();
    for (auto each = groups.begin(); each != groups.end(); ++each) preferences.groups[each.key()] = each.value().toByteArray();
  }
  preferences.state = stored.value("state").toString();
  return preferences;
}

bool Preferences::store() const {
  QSettings stored = settingsFile();
  stored.setValue("version", kVersion);
  stored.setValue("text_scale", textScale);
  stored.setValue("geometry", geometry);
  stored.setValue("layout", layout);
  QMap<QString, QVariant> layouts;
  for (auto each = groups.begin(); each != groups.end(); ++each) layouts[each.key()] = each.value();
  stored.setValue("groups", layouts);
  stored.setValue("state", state);
  stored.sync();
  return stored.status() == QSettings::NoError;
}

void Preferences::forget() {
  QSettings stored = settingsFile();
  stored.clear();
}

}  // namespace moescope
