#pragma once
// A window that shows something.

#include <QSize>
#include <memory>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"

namespace moescope {

/// Takes the place of the window before. False: within 20 s its views were not there, or no model was read.
inline bool showWindow(std::unique_ptr<MainWindow>& window, const Document& document, const QSize& size) {
  window = std::make_unique<MainWindow>(document);
  window->resize(size);
  window->show();
  return becomes(
      [&] { return window->revealed() && window->controller().scene().routing && window->controller().scene().curve; });
}

}  // namespace moescope
