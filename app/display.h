#pragma once
// Drawing needs an X or Wayland display with this VTK. Without one, a virtual one does.

namespace moescope {

bool hasDisplay();

/// With no display, starts this program again under xvfb-run, with the same words; does not return then. Throws
/// std::runtime_error when there is neither a display nor xvfb-run.
void requireDisplay();

}  // namespace moescope
