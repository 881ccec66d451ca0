#pragma once
// Models of sessions that were kept before models had a checksum.

#include <filesystem>
#include <string>

namespace moescope {

/// One line that says how many models of a session carry no checksum; empty: none. Throws as SessionReader's constructor.
std::string uncheckedModels(const std::filesystem::path& session);

}  // namespace moescope
