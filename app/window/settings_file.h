#pragma once
// The user's own settings file.

#include <QSettings>

namespace moescope {

inline QSettings settingsFile() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope"); }

}  // namespace moescope
