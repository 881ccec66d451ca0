// For tests that open the window.

#include <QSurfaceFormat>
#include <QVTKOpenGLNativeWidget.h>

#include "app/window/application.h"
#include "tests/support/test_class.h"

int main(int argc, char** argv) {
  QSurfaceFormat::setDefaultFormat(QVTKOpenGLNativeWidget::defaultFormat());
  moescope::Application application(argc, argv);
  return moescope::testing::runTestClass(argc, argv);
}
