#pragma once
// A whole copy of a session, also of one that is being written to.

#include <filesystem>

namespace moescope {

/// As it stands at this moment. Beside the file (PATH.part) first, then in its place; a session that another program writes to is
/// not overwritten. Throws std::runtime_error, one line, and what was there stays.
void copySession(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace moescope
