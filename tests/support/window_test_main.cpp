// For tests that open the window.

#include <QSurfaceFormat>
#include <QVTKOpenGLNativeWidget.h>

#include <cstdlib>

#include "app/window/application.h"
#include "app/window/language.h"
#include "tests/support/test_class.h"

int main(int argc, char** argv) {
  QSurfaceFormat::setDefaultFormat(QVTKOpenGLNativeWidget::defaultFormat());
  moescope::Application application(argc, argv);
  if (const char* code = std::getenv("MOESCOPE_TEST_LANGUAGE")) moescope::speak(code);
  return moescope::testing::runTestClass(argc, argv);
}
