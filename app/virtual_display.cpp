#include "app/virtual_display.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace moescope {
namespace {

constexpr int kStartMilliseconds = 30000;  // that Xvfb may take

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error("no display, and Xvfb, which makes a virtual one, " + why);
}

/// An authority file that lets nobody else on this machine onto the display: in memory, so that nothing is left behind. Returns
/// its name.
std::string makeAuthority() {
  std::array<unsigned char, 16> cookie;
  if (getrandom(cookie.data(), cookie.size(), 0) != static_cast<ssize_t>(cookie.size()))
    fail("got no random numbers for its key");
  const std::string method = "MIT-MAGIC-COOKIE-1";
  std::string entry = {
      '\xff', '\xff', 0, 0,
      0,      0,      0, static_cast<char>(method.size())};  // any host and display; lengths are 16 bits, high byte first
  entry += method;
  entry += {0, static_cast<char>(cookie.size())};
  entry.append(reinterpret_cast<const char*>(cookie.data()), cookie.size());
  const int file = memfd_create("moescope-authority", MFD_CLOEXEC);
  if (file < 0 || write(file, entry.data(), entry.size()) != static_cast<ssize_t>(entry.size()))
    fail(std::string("got no key: ") + std::strerror(errno));
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file);
}

[[noreturn]] void becomeXvfb(pid_t parent, int number, const std::string& authority) {
  setsid();  // not in the terminal's group: Ctrl-C is for the program that draws
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
  fcntl(number, F_SETFD, 0);
  execlp("Xvfb", "Xvfb", "-displayfd", std::to_string(number).c_str(), "-screen", "0", "1920x1200x24", "-nolisten", "tcp",
         "-noreset", "-auth", authority.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

/// The line that Xvfb writes once clients may come; empty where it ended before.
std::string numberFrom(int pipe) {
  std::string line;
  for (;;) {
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = poll(&waiting, 1, kStartMilliseconds);
    if (ready < 0 && errno == EINTR) fail("was stopped while it started");
    if (ready <= 0) fail("does not say that it has started");
    char letter = 0;
    if (read(pipe, &letter, 1) != 1) return {};
    if (letter == '\n') return line;
    line += letter;
  }
}

}  // namespace

void startVirtualDisplay() {
  const std::string authority = makeAuthority();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(std::string("got no pipe: ") + std::strerror(errno));
  const pid_t parent = getpid(), child = fork();
  if (child < 0) fail(std::string("could not be started: ") + std::strerror(errno));
  if (child == 0) becomeXvfb(parent, ends[1], authority);
  close(ends[1]);
  const std::string number = numberFrom(ends[0]);
  close(ends[0]);
  if (number.empty()) fail("does not start; is the package xvfb installed?");
  setenv("DISPLAY", (":" + number).c_str(), 1);
  setenv("XAUTHORITY", authority.c_str(), 1);
  for (const char* other : {"WAYLAND_DISPLAY", "XDG_SESSION_TYPE"}) unsetenv(other);  // or Qt might open its window there
}

}  // namespace moescope
