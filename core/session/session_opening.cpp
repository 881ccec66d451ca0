#include "core/session/session_opening.h"

#include <fstream>
#include <stdexcept>

#include "core/data/files.h"
#include "core/session/session_reader.h"
#include "core/session/session_schema.h"
#include "core/words/words.h"

namespace moescope {
namespace {

bool hasJournal(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file.string() + "-wal", none);
  return !none && size > 0;
}

/// One that was closed cleanly has nothing beside it, and so it shall be after it was read. Of any other file nothing is changed,
/// not even what its own program would tidy up.
Database::Access accessToRead(const std::filesystem::path& file) {
  std::string beginning(72, '\0');
  std::ifstream(file, std::ios::binary).read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  std::int64_t application = 0;
  for (std::size_t i = 68; i < 72; ++i) application = application << 8 | static_cast<unsigned char>(beginning[i]);
  const bool ours = beginning.starts_with("SQLite format 3") && beginning[18] == 2 && beginning[19] == 2 &&
                    application == kSessionApplication;  // 2: WAL
  if (hasJournal(file)) return Database::Access::Read;
  return ours ? Database::Access::ReadAndTidy : Database::Access::ReadAsItLies;
}

OpenedSession openAs(const std::filesystem::path& file, Database::Access access) {
  OpenedSession opened{Database(file, access), access == Database::Access::Read || access == Database::Access::ReadAndTidy, {}};
  requireSession(opened.database);
  return opened;
}

}  // namespace

OpenedSession openSession(const std::filesystem::path& file) {
  requireRegularFile(file);
  std::string why;
  try {
    return openAs(file, accessToRead(file));
  } catch (const DatabaseError& error) {
    why = error.what();
    if (!error.ofContents()) {
      try {
        OpenedSession opened = openAs(file, Database::Access::ReadAsItLies);
        if (hasJournal(file))
          opened.notes.push_back(translated("%1; what its journal %2-wal holds is not read", why, file.filename().string()));
        return opened;
      } catch (const DatabaseError& other) {
        if (!other.ofContents()) throw;
        why = other.what();
      }
    }
  }
  try {
    OpenedSession opened = openAs(file, Database::Access::Rescue);
    opened.notes.push_back(hasJournal(file) ? translated("%1; what its journal holds is not read", why) : why);
    return opened;
  } catch (const std::exception&) {
    throw std::runtime_error(why);
  }
}

bool isEmptySession(const std::filesystem::path& file) {
  try {
    Database database(file, accessToRead(file));
    return isEmpty(database);
  } catch (const DatabaseError&) {
    return false;
  }
}

}  // namespace moescope
