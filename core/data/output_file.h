#pragma once
// Files that this program writes: whole or not at all, or line by line so that what is there is good whenever it ends.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace moescope {

/// A file could not be written: one line, "PATH: REASON".
class WriteError : public std::runtime_error {
 public:
  /// `reason`: an errno.
  WriteError(const std::filesystem::path& path, int reason, const std::string& beside = {});
  int reason() const { return reason_; }

 private:
  int reason_;
};

/// Writes the whole beside the file (PATH.part), brings it to the disk, then renames. What is no regular file, such as
/// /dev/stdout, is written directly. Two that write one file come one after the other. Throws WriteError, and what was there
/// stays.
void writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);

/// "mp4" of "talk/Film.MP4" and of ".mp4": what follows the last dot of a file's name, in small letters; empty: nothing does.
std::string endingOf(const std::filesystem::path& path);

/// To be asked before long work: whether the file can be made, and no other program is writing it. Leaves nothing behind. Throws
/// WriteError.
void requireWritable(const std::filesystem::path& path);

/// The same, of what a person named: throws std::runtime_error for a file that is there, unless it may be replaced. A pipe or a
/// device is nothing that could be lost.
void requireNewFile(const std::filesystem::path& path, bool mayReplace);

/// A file of lines. Each is handed to the system whole before write() returns, and to the disk within a second, so that neither
/// an exception nor the end of the program loses one, and power that fails at most those of the last second. What was there
/// before stays until the first line is written. Nobody else's LineFile may write it meanwhile.
class LineFile {
 public:
  /// Throws WriteError where the file cannot be made, or another program is writing it.
  explicit LineFile(std::filesystem::path path);
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// `line` without its end. Throws WriteError that says how many lines stay; a part of a line does not.
  void write(std::string_view line);
  /// Brings the last lines to the disk. Throws WriteError.
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  void place();

  std::filesystem::path path_, part_;  ///< part_ is empty once it stands in its place
  int file_ = -1;
  bool regular_ = true;
  std::int64_t bytes_ = 0, lines_ = 0;  ///< of complete lines
  Clock::time_point kept_ = Clock::now();
};

}  // namespace moescope
