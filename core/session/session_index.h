#pragma once
// What a session holds and where, without the large entries themselves.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/session/database.h"
#include "core/session/session_reader.h"

namespace moescope {

struct SessionIndex {
  struct Place {
    std::int64_t step = 0, row = 0;   ///< row: the table's id
    std::int64_t entry = 0;           ///< of analyses and failures: in which order they came
  };
  /// A generation and, in what it branched from, up to which step it is part of it.
  struct Part {
    std::uint64_t generation = 0;
    std::int64_t upToStep = 0;
  };
  using Places = std::vector<Place>;  ///< by step, rising
  using LayerKey = std::pair<std::uint64_t, int>;

  std::map<std::uint64_t, RecordedGeneration> generations;
  std::map<std::uint64_t, Places> snapshots;
  std::map<LayerKey, Places> analyses, failures;
  std::map<std::pair<std::uint64_t, std::int64_t>, std::pair<std::int64_t, RecordedModel>> models;  ///< with their rows
  std::int64_t newestSnapshot = 0;                ///< row; 0: there is none
  std::uint64_t newestGeneration = 0;
  std::int64_t newestStep = 0;
  std::vector<std::string> notes;                 ///< what cannot be read

  /// The generation itself and those that it branched from, one after another; only itself where it is not known.
  std::vector<Part> partsOf(std::uint64_t generation) const;
};

/// Of what cannot be read each line once.
void noteOnce(std::vector<std::string>& notes, const std::string& line);

/// Calls `row` with every row that can be read: of a damaged table from its beginning to the damage, and from its end back to it.
/// False, and a note: some were lost. `order`: the columns that the rows are sorted by.
bool scan(Database& database, const std::string& what, const std::string& select, const std::vector<std::string>& order,
          std::vector<std::string>& notes, const std::function<void(Statement&)>& row);

SessionIndex readIndex(Database& database);

/// The last place at or before a step; null: there is none.
const SessionIndex::Place* lastUpTo(const SessionIndex::Places& places, std::int64_t step);

}  // namespace moescope
