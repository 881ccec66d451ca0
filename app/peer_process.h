#pragma once
// A child program that answers one line for each line it is sent: the other side of `bench-peers`.

#include <cstdio>
#include <string>
#include <sys/types.h>
#include <vector>

namespace moescope {

class PeerProcess {
 public:
  /// Starts `command` (program and arguments). Throws std::runtime_error when no process can be made.
  explicit PeerProcess(const std::vector<std::string>& command);
  ~PeerProcess();
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  /// The next line it prints. Throws std::runtime_error when it has stopped.
  std::string line();
  /// Sends a line and reads a number: milliseconds of one measurement.
  double measure();

 private:
  pid_t child_ = -1;
  FILE *send_ = nullptr, *receive_ = nullptr;
};

}  // namespace moescope
