#pragma once
// The Qt application of a window, whose surfaces have as many samples as pictures without a window.

#include <malloc.h>

#include <QSurfaceFormat>
#include <QTimer>
#include <QVTKOpenGLNativeWidget.h>

#include <optional>

#include "app/program_arguments.h"
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
    application_.emplace(arguments_.count, arguments_.values);
    QObject::connect(&giveBack_, &QTimer::timeout, [] { malloc_trim(0); });
    giveBack_.start(kGiveBackMilliseconds);
  }
  Application& operator*() { return *application_; }
  Application* operator->() { return &*application_; }

 private:
  static constexpr int kGiveBackMilliseconds = 60000;  // it takes 5 to 10
  ProgramArguments arguments_;
  std::optional<Application> application_;
  QTimer giveBack_;  // free pages between those in use: the system's heap keeps them, some 5 MB a minute while a model trains
};

}  // namespace moescope
