#pragma once
// What may be read at all, and bounded reading of text files.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace moescope {

/// Throws std::runtime_error, "PATH: not a regular file (a named pipe)", unless `file` is one, links followed. To be called before
/// a file is opened: opening a named pipe waits for ever.
void requireRegularFile(const std::filesystem::path& file);

/// At most `limit` bytes of a regular file, gunzipped where the name ends in .gz. Throws std::runtime_error with the path
/// and the system's reason.
std::vector<std::uint8_t> readFile(const std::filesystem::path& file, std::size_t limit);

/// Regular files under a folder, sorted by path; links are not followed into folders. Empty when there is no such folder.
/// Stops after `limit` files.
std::vector<std::filesystem::path> filesUnder(const std::filesystem::path& folder, std::size_t limit = 20000);

}  // namespace moescope
