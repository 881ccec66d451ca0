#include "core/data/output_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

/// Behind symbolic links, so that a link stays one.
fs::path behindLinks(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path behind = fs::weakly_canonical(path, error);
  return error ? path : behind;
}

/// A device, a pipe, or what the system shows as a file of its own (/dev/stdout): nothing that could be put in its place.
bool isSpecial(const fs::path& path) {
  std::error_code error;
  const std::string name = fs::absolute(path, error).lexically_normal().string();
  if (name.starts_with("/dev/fd/") || name.starts_with("/dev/std") || name.starts_with("/proc/")) return true;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

fs::path partOf(const fs::path& path) { return path.string() + ".part"; }

int openForWriting(const fs::path& path, int more) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    errno = EISDIR;
    return -1;
  }
  // Opening a pipe that nobody reads would wait for ever; once open, writing may wait for its reader.
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | more, 0666);
  if (file >= 0) ::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) & ~O_NONBLOCK);
  return file;
}

/// Whether the lock on an open file is this one's now; false with EBUSY where another holds it. A file system without locks
/// has nobody to ask.
bool takeLock(int file, int kind) {
  while (::flock(file, kind) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return true;
    errno = EBUSY;
    return false;
  }
  return true;
}

bool isStill(int file, const fs::path& path) {
  struct stat open = {}, named = {};
  return ::fstat(file, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

enum class IfBusy { Wait, Refuse };

/// The file beside the one that is wanted, empty, and locked for as long as it is open: two programs that write the same file
/// do not write into each other's. -1 and errno, EBUSY where another writes it.
int openPart(const fs::path& part, IfBusy ifBusy) {
  for (;;) {
    const int file = openForWriting(part, O_CREAT);
    if (file < 0) return -1;
    const bool mine = takeLock(file, LOCK_EX | (ifBusy == IfBusy::Wait ? 0 : LOCK_NB));
    if (mine && isStill(file, part) && ::ftruncate(file, 0) == 0) return file;
    const int reason = mine && !isStill(file, part) ? 0 : errno;  // 0: it was brought to its place meanwhile
    ::close(file);
    errno = reason;
    if (reason != 0) return -1;
  }
}

/// Whether a LineFile of another program stands at this place and still grows.
bool isBeingWritten(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  const bool busy = !takeLock(file, LOCK_SH | LOCK_NB);
  ::close(file);
  return busy;
}

/// The part of a file that nobody else writes; -1 and errno, EBUSY where somebody does.
int openOwnPart(const fs::path& part, const fs::path& target) {
  const int file = openPart(part, IfBusy::Refuse);
  if (file < 0 || !isBeingWritten(target)) return file;  // asked while the part is ours: whoever had it is in its place by now
  ::unlink(part.c_str());
  ::close(file);
  errno = EBUSY;
  return -1;
}

/// False, with errno, where not all was written.
bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::write(file, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(got));
  }
  return true;
}

/// The name itself: a rename lasts once its folder is on the disk. What cannot be brought there is no fault of the file.
void keepName(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

/// Pipes and terminals have no disk to be brought to.
bool keepBytes(int file) { return ::fdatasync(file) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS; }

void writeDirectly(const fs::path& path, std::string_view bytes) {
  const int file = openForWriting(path, O_APPEND);
  if (file < 0) throw WriteError(path, errno);
  const int reason = writeAll(file, bytes) ? 0 : errno;
  ::close(file);
  if (reason != 0) throw WriteError(path, reason);
}

}  // namespace

std::string endingOf(const fs::path& path) {
  std::string name = path.filename().string();
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {};
  name.erase(0, dot + 1);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return name;
}

WriteError::WriteError(const fs::path& path, int reason, const std::string& beside)
    : std::runtime_error(translated("%1: cannot be written: %2", path.string(),
                                    reason == ENXIO   ? translated("a named pipe that nothing reads")
                                    : reason == EBUSY ? translated("another program is writing it")
                                                      : std::strerror(reason)) +
                         beside),
      reason_(reason) {}

void writeFileAtomically(const fs::path& path, std::string_view bytes) {
  if (isSpecial(path)) return writeDirectly(path, bytes);
  const fs::path target = behindLinks(path), part = partOf(target);
  std::error_code ignored;
  if (fs::is_directory(target, ignored)) throw WriteError(path, EISDIR);
  const int file = openPart(part, IfBusy::Wait);
  if (file < 0) throw WriteError(path, errno);
  int reason = writeAll(file, bytes) && keepBytes(file) ? 0 : errno;
  if (reason == 0 && ::rename(part.c_str(), target.c_str()) != 0) reason = errno;
  if (reason != 0) ::unlink(part.c_str());  // before it is closed: after that it may be another's
  ::close(file);
  if (reason != 0) throw WriteError(path, reason);
  keepName(target);
}

void requireWritable(const fs::path& path) {
  if (isSpecial(path)) {
    if (::access(path.c_str(), W_OK) != 0) throw WriteError(path, errno);
    return;
  }
  const fs::path target = behindLinks(path), part = partOf(target);
  std::error_code ignored;
  if (fs::is_directory(target, ignored)) throw WriteError(path, EISDIR);
  const int file = openOwnPart(part, target);
  if (file < 0) throw WriteError(path, errno);
  ::unlink(part.c_str());
  ::close(file);
}

void requireNewFile(const fs::path& path, bool mayReplace) {
  std::error_code none;
  if (!mayReplace && !isSpecial(path) && fs::is_regular_file(path, none))
    throw std::runtime_error(translated("%1 is there already; expected another name, or --force", path.string()));
  requireWritable(path);
}

LineFile::LineFile(fs::path path) : path_(std::move(path)), regular_(!isSpecial(path_)) {
  if (regular_) {
    path_ = behindLinks(path_);
    part_ = partOf(path_);
    std::error_code ignored;
    if (fs::is_directory(path_, ignored)) throw WriteError(path_, EISDIR);
  }
  file_ = regular_ ? openOwnPart(part_, path_) : openForWriting(path_, O_APPEND);
  if (file_ < 0) throw WriteError(path_, errno);
}

LineFile::~LineFile() {
  if (file_ >= 0 && !part_.empty()) ::unlink(part_.c_str());
  if (file_ >= 0) ::close(file_);
}

void LineFile::place() {
  if (part_.empty() || ::rename(part_.c_str(), path_.c_str()) != 0) throw WriteError(path_, errno);
  part_.clear();
  keepName(path_);
}

void LineFile::write(std::string_view line) {
  const std::string whole = std::string(line) + '\n';
  if (!writeAll(file_, whole)) {
    const int reason = errno;
    if (regular_ && ::ftruncate(file_, bytes_) != 0) {
    }  // a part of a line stays where not even that can be done
    throw WriteError(path_, reason, translated("; the %1 lines before stay", std::to_string(lines_)));
  }
  bytes_ += static_cast<std::int64_t>(whole.size());
  ++lines_;
  if (regular_ && !part_.empty()) place();
  if (const Clock::time_point now = Clock::now(); now - kept_ > std::chrono::seconds(1)) {
    if (!keepBytes(file_)) throw WriteError(path_, errno);
    kept_ = now;
  }
}

void LineFile::close() {
  if (file_ < 0) return;
  const int reason = keepBytes(file_) ? 0 : errno;
  const bool closed = ::close(std::exchange(file_, -1)) == 0;
  if (reason != 0 || !closed) throw WriteError(path_, reason != 0 ? reason : errno);
}

}  // namespace moescope
