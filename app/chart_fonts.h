#pragma once
// What pictures that are painted without a window need for their text.

#include <QGuiApplication>
#include <memory>

namespace moescope {

/// An application without a screen where there is none yet, else null.
inline std::unique_ptr<QGuiApplication> applicationForFonts() {
  if (qGuiApp) return nullptr;
  static int count = 1;
  static char name[] = "moescope";
  static char* arguments[] = {name, nullptr};
  qputenv("QT_QPA_PLATFORM", "offscreen");
  return std::make_unique<QGuiApplication>(count, arguments);
}

}  // namespace moescope
