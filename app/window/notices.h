#pragma once
// What came of a person's order, said in the status line.

#include <QString>
#include <exception>

#include "app/window/controller.h"

namespace moescope {

/// Does the work and says the line that it returns, or that it threw.
template <typename Work>
void saying(Controller& controller, const Work& work) {
  try {
    controller.notice(work());
  } catch (const std::exception& error) {
    controller.notice(QString::fromStdString(error.what()));
  }
}

}  // namespace moescope
