#pragma once
// What may be read at all, and bounded reading of text files.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace moescope {

/// Throws std::runtime_error, "PATH: not a regular file (a named pipe)", unless `file` is one, links followed. To be called
/// before a file is opened: opening a named pipe waits for ever.
void requireRegularFile(const std::filesystem::path& file);

/// With the folders above it; nothing where it is there. Throws std::runtime_error, "PATH: this folder cannot be made: REASON".
void makeFolder(const std::filesystem::path& folder);

/// The start of a file.
struct FileText {
  std::vector<std::uint8_t> bytes;
  bool cut = false;  ///< the file holds more
};

/// At most `limit` bytes of a regular file, gunzipped where the name ends in .gz. Throws std::runtime_error with the path
/// and the system's reason; also where compressed data is broken or ends too soon.
FileText readFile(const std::filesystem::path& file, std::size_t limit);

/// Regular files under a folder, sorted by path; links are not followed into folders. Empty when there is no such folder.
/// Stops after `limit` files. `leftOut` gets one line for each path under it that is not listed: folders that cannot be read,
/// links to folders or to nothing, pipes, devices; and one where `limit` was reached.
std::vector<std::filesystem::path> filesUnder(const std::filesystem::path& folder, std::vector<std::string>& leftOut,
                                              std::size_t limit = 20000);

/// Where the first byte lies that is no valid UTF-8 (RFC 3629: no overlong form, no surrogate, at most U+10FFFF); bytes.size():
/// nowhere. A sequence that the end cuts short counts as invalid where it starts.
std::size_t firstInvalidUtf8(std::span<const std::uint8_t> bytes);

}  // namespace moescope
