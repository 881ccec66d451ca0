#pragma once
// What Qt needs to know fonts without a display.

#include <QGuiApplication>
#include <cstdlib>
#include <optional>

namespace moescope {

class FontApplication {
 public:
  /// `needed`: false makes nothing.
  explicit FontApplication(bool needed) {
    if (!needed) return;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    application_.emplace(count_, arguments_);
  }

 private:
  int count_ = 1;
  char name_[9] = "moescope";
  char* arguments_[2] = {name_, nullptr};
  std::optional<QGuiApplication> application_;
};

}  // namespace moescope
