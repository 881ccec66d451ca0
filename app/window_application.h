#pragma once
// The Qt application of a window, whose surfaces have as many samples as pictures without a window.

#include <QSurfaceFormat>
#include <QVTKOpenGLNativeWidget.h>

#include <optional>

#include "app/window/application.h"
#include "views/offscreen.h"

namespace moescope {

/// One in a process, once it is known that there is a display.
class WindowApplication {
 public:
  WindowApplication() {
    QSurfaceFormat format = QVTKOpenGLNativeWidget::defaultFormat();
    format.setSamples(kSamples);
    QSurfaceFormat::setDefaultFormat(format);
    application_.emplace(count_, arguments_);
  }
  Application& operator*() { return *application_; }
  Application* operator->() { return &*application_; }

 private:
  int count_ = 1;
  char name_[9] = "moescope";
  char* arguments_[2] = {name_, nullptr};
  std::optional<Application> application_;
};

}  // namespace moescope
