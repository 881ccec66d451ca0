#include "app/display.h"

#include <X11/Xlib.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/qt_messages.h"

namespace moescope {
namespace {

bool inPath(const std::string& program) {
  std::istringstream folders(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

/// The words that this program was started with.
std::vector<std::string> ownWords() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

/// Starts this program again, on a virtual X display.
[[noreturn]] void startOnVirtualDisplay() {
  if (!inPath("xvfb-run")) throw std::runtime_error("no display, and no xvfb-run to make a virtual one: install the package xvfb");
  for (const char* other : {"WAYLAND_DISPLAY", "XDG_SESSION_TYPE"}) unsetenv(other);  // or Qt might open its window there
  std::vector<std::string> words = {"xvfb-run", "-a", "-s", "-screen 0 1920x1200x24"};
  const std::vector<std::string> own = ownWords();
  words.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
  words.insert(words.end(), own.begin() + 1, own.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  execvp(raw[0], raw.data());
  throw std::runtime_error("xvfb-run could not be started");
}

int endOfDisplay(Display*) {
  std::fprintf(stderr, "moescope: the connection to the X display was lost\n");
  std::fflush(stderr);
  _exit(1);
}

int endOfRequest(Display*, XErrorEvent* event) {
  std::fprintf(stderr, "moescope: the X display refused a request (error %d, request %d.%d)\n", event->error_code, event->request_code, event->minor_code);
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
  if (!isSet("DISPLAY")) startOnVirtualDisplay();
  const DrawingReport report = checked(Drawing::Offscreen);
  sayOneLineWhenDisplayFails();
  return report;
}

void requireWindow(bool picture) {
  const char* asked = std::getenv("QT_QPA_PLATFORM");
  const std::string platform = asked ? asked : "";
  const bool free = platform.empty() || platform.starts_with("xcb");  // else the check says what is wrong with what was asked for
  if (picture && free && !isSet("DISPLAY")) startOnVirtualDisplay();  // not on a Wayland display, where the window would flash up
  if (free && !hasDisplay()) throw std::runtime_error("no display to open a window on; `moescope render` and --screenshot draw without one");
  checked(Drawing::Window);
  installQtMessages();
}

}  // namespace moescope
