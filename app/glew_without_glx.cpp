// VTK finds OpenGL's functions through GLEW. A GLEW that was built for X finds all of them under Wayland too, and then reports
// that there is no X display, upon which VTK refuses to draw. This glewInit stands before the library's own and takes that one
// report for success. Without GLEW in VTK nothing calls it.

#include <dlfcn.h>

namespace {
constexpr unsigned kOk = 0, kNoVersion = 1, kNoGlxDisplay = 4;  // GLEW_OK, GLEW_ERROR_NO_GL_VERSION, GLEW_ERROR_NO_GLX_DISPLAY
}

extern "C" unsigned glewInit() {
  const auto real = reinterpret_cast<unsigned (*)()>(dlsym(RTLD_NEXT, "glewInit"));
  const unsigned result = real ? real() : kNoVersion;
  return result == kNoGlxDisplay ? kOk : result;
}
