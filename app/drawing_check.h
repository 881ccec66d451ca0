#pragma once
// Whether OpenGL and the platform can draw here, found out before anything of ours depends on it.

#include <string>

namespace moescope {

enum class Drawing {
  Window,    ///< a Qt window, on the platform that Qt chooses
  Offscreen  ///< pictures without a window, which this VTK draws through X
};

struct DrawingReport {
  std::string place;     ///< "X display :0", "Wayland display wayland-0", "Qt platform offscreen"
  std::string renderer;  ///< as the driver names it: "llvmpipe (LLVM 15.0.6, 256 bits)"; empty: no OpenGL was had
  std::string version;   ///< of OpenGL, as the driver names it: "4.5 (Core Profile) Mesa 22.3.6"
  std::string fault;     ///< one line: what was found and what to do; empty: it draws
};

/// Draws a few pixels in a child process, since a driver that fails may take its process along. To be asked while this process
/// has one thread. Takes as long as opening a display and loading a driver; a display that is silent for 20 seconds is a fault.
DrawingReport checkDrawing(Drawing kind);

}  // namespace moescope
