#pragma once
// Bounded reading of text files.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace moescope {

/// At most `limit` bytes of a regular file, gunzipped where the name ends in .gz. Throws std::runtime_error with the path
/// and the system's reason.
std::vector<std::uint8_t> readFile(const std::filesystem::path& file, std::size_t limit);

/// Regular files under a folder, sorted by path; links are not followed into folders. Empty when there is no such folder.
/// Stops after `limit` files.
std::vector<std::filesystem::path> filesUnder(const std::filesystem::path& folder, std::size_t limit = 20000);

}  // namespace moescope
