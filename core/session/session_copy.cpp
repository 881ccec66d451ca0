#include "core/session/session_copy.h"

#include <system_error>

#include "core/data/output_file.h"
#include "core/session/database.h"
#include "core/session/session_lock.h"
#include "core/session/session_schema.h"
#include "core/words/words.h"

namespace moescope {

void copySession(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code failed;
  if (std::filesystem::equivalent(from, to, failed))
    throw std::runtime_error(translated("%1: is this session itself", to.string()));
  requireWritable(to);
  const SessionLock alone(to);
  const std::filesystem::path part = to.string() + ".part";
  std::filesystem::remove(part, failed);
  try {
    Database session(from, Database::Access::Read);
    requireSession(session);
    session.allowCopy();
    Statement(session, "VACUUM INTO ?1").bind(part.string()).run();
  } catch (const std::exception&) {
    std::filesystem::remove(part, failed);
    throw;
  }
  for (const char* journal : {"-wal", "-shm"}) std::filesystem::remove(to.string() + journal, failed);  // of what was there
  std::filesystem::rename(part, to, failed);
  if (!failed) return;
  const WriteError error(to, failed.value());
  std::filesystem::remove(part, failed);
  throw error;
}

}  // namespace moescope
