#pragma once
// What Qt needs to know fonts without a display.

#include <QGuiApplication>
#include <cstdlib>
#include <optional>

#include "app/program_arguments.h"

namespace moescope {

class FontApplication {
 public:
  /// `needed`: false makes nothing.
  explicit FontApplication(bool needed) {
    if (!needed) return;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    application_.emplace(arguments_.count, arguments_.values);
  }

 private:
  ProgramArguments arguments_;
  std::optional<QGuiApplication> application_;
};

}  // namespace moescope
