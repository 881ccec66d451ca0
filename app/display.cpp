#include "app/display.h"

#include <X11/Xlib.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "app/qt_messages.h"
#include "app/virtual_display.h"
#include "core/words/words.h"

namespace moescope {
namespace {

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

int endOfDisplay(Display*) {
  std::fprintf(stderr, "moescope: the connection to the X display was lost\n");
  std::fflush(stderr);
  _exit(1);
}

int endOfRequest(Display*, XErrorEvent* event) {
  std::fprintf(stderr, "moescope: the X display refused a request (error %d, request %d.%d)\n", event->error_code,
               event->request_code, event->minor_code);
  std::fflush(stderr);
  _exit(1);
}

/// Xlib prints several lines when the X server goes away or refuses a request; here it is one. Xlib comes with VTK, so that its
/// functions are looked up rather than linked.
void sayOneLineWhenDisplayFails() {
  if (void* set = dlsym(RTLD_DEFAULT, "XSetIOErrorHandler")) reinterpret_cast<decltype(&XSetIOErrorHandler)>(set)(endOfDisplay);
  if (void* set = dlsym(RTLD_DEFAULT, "XSetErrorHandler")) reinterpret_cast<decltype(&XSetErrorHandler)>(set)(endOfRequest);
}

DrawingReport checked(Drawing kind) {
  const DrawingReport report = checkDrawing(kind);
  if (!report.fault.empty()) throw std::runtime_error(report.fault);
  return report;
}

}  // namespace

bool hasDisplay() { return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY"); }

DrawingReport requireDisplay() {
  if (!isSet("DISPLAY")) startVirtualDisplay();
  const DrawingReport report = checked(Drawing::Offscreen);
  sayOneLineWhenDisplayFails();
  return report;
}

void requireWindow(bool picture) {
  const char* asked = std::getenv("QT_QPA_PLATFORM");
  const std::string platform = asked ? asked : "";
  const bool free = platform.empty() || platform.starts_with("xcb");  // else the check says what is wrong with what was asked for
  if (picture && free && !isSet("DISPLAY")) startVirtualDisplay();  // not on a Wayland display, where the window would flash up
  if (free && !hasDisplay())
    throw std::runtime_error(translated("no display to open a window on; `moescope render` and --screenshot draw without one"));
  checked(Drawing::Window);
  installQtMessages();
}

}  // namespace moescope
