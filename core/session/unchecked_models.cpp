#include "core/session/unchecked_models.h"

#include <cstdint>
#include <vector>

#include "core/session/compression.h"
#include "core/session/session_index.h"
#include "core/session/session_opening.h"

namespace moescope {

std::string uncheckedModels(const std::filesystem::path& session) {
  OpenedSession opened = openSession(session);
  std::int64_t count = 0;
  std::vector<std::string> damage;  // which SessionReader names
  scan(opened.database, "model states", "SELECT substr(data, 1, 4) FROM model_state NOT INDEXED", {"id"}, damage,
       [&](Statement& row) { count += isFrame(row.blob(0)) ? 0 : 1; });
  if (count == 0) return {};
  return session.string() + ": " + std::to_string(count) + (count == 1 ? " model was" : " models were") +
         " kept without a checksum, by an older Moescope: damage to the weights would not be noticed";
}

}  // namespace moescope
