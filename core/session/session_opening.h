#pragma once
// Opens a session to be read, whatever state its file is in.

#include <filesystem>
#include <string>
#include <vector>

#include "core/session/database.h"

namespace moescope {

/// A session as far as it can be opened.
struct OpenedSession {
  Database database;
  bool followed = true;  ///< others may write to it
  std::vector<std::string> notes;  ///< what cannot be read, one line each
};

/// As it lies where its folder may not be written to, and what is whole of it where it is damaged. Throws as SessionReader's
/// constructor does.
OpenedSession openSession(const std::filesystem::path& file);

}  // namespace moescope
