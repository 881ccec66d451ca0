#pragma once
// One writer for a session: a lock on a file beside it, which the system lets go when the program ends, however it ends.

#include <filesystem>

namespace moescope {

class SessionLock {
 public:
  /// Throws std::runtime_error, one line: another program has it, the folder may not be written to or has no locks.
  explicit SessionLock(const std::filesystem::path& session);
  ~SessionLock();  ///< takes the file away
  SessionLock(const SessionLock&) = delete;
  SessionLock& operator=(const SessionLock&) = delete;

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
};

}  // namespace moescope
