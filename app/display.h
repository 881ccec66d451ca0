#pragma once
// Where to draw: a window needs an X or Wayland display, pictures without a window an X display with this VTK. Without one, a
// virtual one does.

#include "app/drawing_check.h"

namespace moescope {

bool hasDisplay();

/// With no X display, starts a virtual one. Throws std::runtime_error, one line with what was found and what to do, when there is
/// neither an X display nor Xvfb, or when OpenGL cannot be drawn with there. Returns what draws. To be called before there are
/// threads.
DrawingReport requireDisplay();

/// The same for a Qt window. A window that is only for a picture (`picture`) may be on a virtual display.
void requireWindow(bool picture);

}  // namespace moescope
