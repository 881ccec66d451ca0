#include "app/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string>

namespace moescope {

void prepareStandardStreams() {
  for (const int number : {SIGPIPE, SIGXFSZ}) std::signal(number, [](int) {});  // unlike SIG_IGN, a handler ends with exec
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
      if (opened >= 0 && opened != descriptor) ::close(opened);
    }
}

void flushStandardOutput(int reason) {
  errno = 0;
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::cout && std::ferror(stdout) == 0) return;
  if (reason == 0) reason = errno;
  throw std::runtime_error("standard output: " + std::string(reason != 0 ? std::strerror(reason) : "a write failed") +
                           "; not all of the result arrived");
}

int finishStandardOutput(int status) {
  try {
    flushStandardOutput();
  } catch (const std::runtime_error& error) {
    if (status == 0) std::fprintf(stderr, "moescope: %s\n", error.what());
    return status == 0 ? 1 : status;
  }
  return status;
}

}  // namespace moescope
