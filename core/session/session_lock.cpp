#include "core/session/session_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

/// Whether the name still leads to the file that is locked: the one who had it before may just have taken it away.
bool standsAt(const std::filesystem::path& file, int descriptor) {
  struct stat byName{}, held{};
  return ::stat(file.c_str(), &byName) == 0 && ::fstat(descriptor, &held) == 0 && byName.st_ino == held.st_ino &&
         byName.st_dev == held.st_dev;
}

}  // namespace

SessionLock::SessionLock(const std::filesystem::path& session) : file_(session.string() + "-lock") {
  const auto fail = [&](const std::string& what) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::runtime_error(session.string() + ": " + what);
  };
  do {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail(translated("cannot be written: %1", std::strerror(errno)));
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) continue;
    if (errno == EWOULDBLOCK) fail(translated("another Moescope is writing to it; here it may only be read"));
    const std::string reason = std::strerror(errno);
    ::unlink(file_.c_str());  // nobody can hold it
    fail(translated("its folder has no locks that hold (%1), and without them no session can be kept there", reason));
  } while (!standsAt(file_, descriptor_));
}

SessionLock::~SessionLock() {
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

}  // namespace moescope
