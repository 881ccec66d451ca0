#include "app/drawing_check.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "app/drawing_child.h"

namespace moescope {
namespace {

constexpr std::chrono::seconds kPatience(20);

/// What the child said and how it ended.
struct Answer {
  std::string platform, renderer, version;
  std::vector<std::string> said;  ///< by Qt, then what drivers and VTK wrote
  bool tooOld = false, drew = false, silent = false;
  int signal = 0;  ///< that ended it
};

/// What the child writes until it ends or our patience does. Processes of its own (a message bus) may keep the pipe open after
/// it.
std::string readAll(int from, pid_t child, int& status, bool& silent) {
  std::string text;
  const auto end = std::chrono::steady_clock::now() + kPatience;
  bool ended = false;
  for (std::array<char, 4096> buffer{};;) {
    pollfd wait{from, POLLIN, 0};
    const bool more = poll(&wait, 1, ended ? 0 : 100) > 0;
    const ssize_t got = more ? read(from, buffer.data(), buffer.size()) : -1;
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    silent = !ended && !more && std::chrono::steady_clock::now() > end;
    if (silent) kill(child, SIGKILL);
    if (got == 0 || silent) {
      if (!ended) waitpid(child, &status, 0);
      return text;
    }
    if (!more && ended) return text;
    if (!more) ended = waitpid(child, &status, WNOHANG) == child;
  }
}

/// A line of a driver or of VTK that says something: VTK puts a place, its class and an address before its words.
std::string wordsOf(const std::string& line) {
  if (line.empty() || line.starts_with("ERROR: In ") || line.starts_with("Warning: In ") ||
      line.find("QStandardPaths") != std::string::npos)
    return {};
  const std::size_t address = line.starts_with("vtk") ? line.find("): ") : std::string::npos;
  return address == std::string::npos ? line : line.substr(address + 3);
}

Answer parse(const std::string& text) {
  Answer result;
  std::istringstream lines(text);
  std::vector<std::string> others;
  for (std::string line; std::getline(lines, line);) {
    const auto take = [&](const char* tag, std::string& to) {
      const bool is = line.starts_with(tag);
      if (is) to = line.substr(std::strlen(tag));
      return is;
    };
    std::string said;
    if (take(answer::kPlatform, result.platform) || take(answer::kRenderer, result.renderer) ||
        take(answer::kVersion, result.version))
      continue;
    if (line == answer::kTooOld)
      result.tooOld = true;
    else if (line == answer::kDrew)
      result.drew = true;
    else if (const bool byQt = take(answer::kSaid, said); !wordsOf(byQt ? said : line).empty())
      (byQt ? result.said : others).push_back(wordsOf(byQt ? said : line));
  }
  result.said.insert(result.said.end(), others.begin(), others.end());
  return result;
}

Answer ask(Drawing kind) {
  std::array<int, 2> ends{};
  std::cout.flush();
  std::fflush(nullptr);  // or the child might write it once more
  if (pipe(ends.data()) != 0) throw std::runtime_error(std::string("no pipe could be made: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::string("no process could be started: ") + std::strerror(errno));
  if (child == 0) drawInChild(kind, ends[1]);
  close(ends[1]);
  bool silent = false;
  int status = 0;
  Answer result = parse(readAll(ends[0], child, status, silent));
  close(ends[0]);
  result.silent = silent;
  result.signal = !silent && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return result;
}

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// "NAME (VALUE)", or that it is not set.
std::string named(const char* name) {
  return std::string(name) + " (" + (setting(name).empty() ? "not set" : setting(name)) + ")";
}

/// Where drawing was to be; where Qt never came so far as to name its platform, by what is set.
std::string placeOf(Drawing kind, const std::string& platform) {
  const std::string asked = platform.empty() ? setting("QT_QPA_PLATFORM") : platform;
  const bool wayland = asked.starts_with("wayland") || (asked.empty() && setting("DISPLAY").empty());
  if (kind == Drawing::Offscreen || asked.starts_with("xcb") || (asked.empty() && !wayland))
    return "X display " + setting("DISPLAY");
  return wayland ? "Wayland display " + setting("WAYLAND_DISPLAY") : "Qt platform " + asked;
}

/// Settings that keep a good driver or platform from being used, so far as they are set here; else `otherwise`.
std::string remedy(const std::vector<const char*>& suspects, const std::string& otherwise) {
  std::string found;
  for (const char* name : suspects)
    if (std::getenv(name)) found += std::string(found.empty() ? "" : " and ") + name + "=" + setting(name);
  return found.empty() ? otherwise : "start without " + found;
}

std::string platformRemedy(const std::string& said) {
  const std::string wanted = setting("QT_QPA_PLATFORM");
  if (said.find("Could not find") != std::string::npos && said.find("wayland") != std::string::npos)
    return "install the package qt6-wayland" + (wanted.empty() ? "" : ", or start without QT_QPA_PLATFORM=" + wanted);
  if (said.find("connect to display") != std::string::npos)
    return "check DISPLAY; with no DISPLAY at all, moescope render and --screenshot draw on a virtual one";
  if (said.find("wl_display") != std::string::npos)
    return "check " + named("WAYLAND_DISPLAY") + " and " + named("XDG_RUNTIME_DIR");
  return remedy({"QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH"},
                "install the packages libqt6gui6 and qt6-qpa-plugins");
}

std::string driverRemedy(const Answer& given) {
  std::vector<const char*> suspects = {
      "LIBGL_ALWAYS_INDIRECT", "MESA_GL_VERSION_OVERRIDE",  "MESA_LOADER_DRIVER_OVERRIDE", "GALLIUM_DRIVER",
      "LIBGL_DRIVERS_PATH",    "__GLX_VENDOR_LIBRARY_NAME", "QT_XCB_GL_INTEGRATION",       "QT_OPENGL"};
  if (given.platform != "xcb" && !given.platform.starts_with("wayland")) suspects.insert(suspects.begin(), "QT_QPA_PLATFORM");
  return remedy(suspects, "install a newer driver for the graphics card; the package libgl1-mesa-dri draws by the processor");
}

std::string because(const Answer& given) { return given.said.empty() ? "" : " (" + given.said.front() + ")"; }

/// One line: what was found, then what to do.
std::string faultOf(Drawing kind, const Answer& given) {
  const std::string place = placeOf(kind, given.platform), needed = "OpenGL " + std::to_string(kLeastOpenGlMajor) + "." +
                                                                    std::to_string(kLeastOpenGlMinor) + " or later";
  if (given.drew) return {};
  if (given.silent)
    return place + " does not answer for " + std::to_string(kPatience.count()) +
           " seconds; check that it runs and that the machine is not too busy";
  if (given.platform.empty()) {
    const std::string said = given.said.empty() ? "Qt gave no reason" : given.said.front();
    const std::string wanted = setting("QT_QPA_PLATFORM");
    return "nothing can be drawn" + (wanted.empty() || kind == Drawing::Offscreen ? "" : " on Qt platform " + wanted) + ": " +
           said + "; " + platformRemedy(said);
  }
  if (given.renderer.empty())
    return "no OpenGL on " + place + because(given) + ", " + needed + " is needed; " + driverRemedy(given);
  const std::string found = "OpenGL " + given.version + " by " + given.renderer + " on " + place;
  if (given.tooOld) return found + ", but " + needed + " is needed; " + driverRemedy(given);
  const std::string end = given.signal ? std::string(": ") + strsignal(given.signal) : "";
  return found + " could not be drawn with" + end + because(given) + "; " + driverRemedy(given);
}

}  // namespace

DrawingReport checkDrawing(Drawing kind) {
  const Answer given = ask(kind);
  return {placeOf(kind, given.platform), given.renderer, given.version, faultOf(kind, given)};
}

}  // namespace moescope
