#include "core/session/session_index.h"

#include <algorithm>
#include <limits>

namespace moescope {
namespace {

std::string orderBy(const std::vector<std::string>& columns, bool falling) {
  std::string clause = " ORDER BY ";
  for (std::size_t i = 0; i < columns.size(); ++i) clause += (i ? ", " : "") + columns[i] + (falling ? " DESC" : "");
  return clause;
}

std::uint64_t generationIn(const Statement& row, int column) { return static_cast<std::uint64_t>(row.integer(column)); }

void sortByStep(SessionIndex::Places& places) {
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  places.erase(std::unique(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.step == b.step; }),
               places.end());
}

void readGenerations(Database& database, SessionIndex& index) {
  scan(database, "generations", "SELECT number, run, from_generation, from_step FROM generation", {"number"}, index.notes,
       [&](Statement& row) {
         RecordedGeneration each;
         each.number = generationIn(row, 0);
         each.run = row.integer(1);
         each.from = row.isNull(2) ? 0 : generationIn(row, 2);
         each.fromStep = row.integer(3);
         index.generations[each.number] = each;
       });
}

/// A branch begins with the knob changes of what it comes from: they are no changes of its own. Damage is named by who reads
/// them.
void countKnobChanges(Database& database, SessionIndex& index) {
  for (auto& [number, generation] : index.generations) try {
      Statement count(
          database,
          "SELECT count(*) FROM knob_change own WHERE generation = ?1 AND NOT EXISTS "
          "(SELECT 1 FROM knob_change other WHERE other.generation = ?2 AND other.step = own.step AND other.knobs = own.knobs)");
      if (count.bind(number, generation.from).step()) generation.knobChanges = count.integer(0);
    } catch (const DatabaseError& error) {
      if (!error.ofContents()) throw;
    }
}

/// How many steps, the first and the last: of a whole table without reading each.
void countSteps(Database& database, SessionIndex& index) {
  for (auto& [number, generation] : index.generations) {
    try {
      Statement count(database, "SELECT count(*), min(step), max(step) FROM step WHERE generation = ?1");
      count.bind(number);
      if (!count.step() || count.integer(0) == 0) continue;
      generation.steps = count.integer(0);
      generation.firstStep = count.integer(1);
      generation.lastStep = count.integer(2);
    } catch (const DatabaseError& error) {
      if (!error.ofContents()) throw;
      scan(database, "steps of generation " + std::to_string(number),
           "SELECT step FROM step WHERE generation = " + std::to_string(number), {"step"}, index.notes,
           [&, &each = generation](Statement& row) {
             const std::int64_t step = row.integer(0);
             each.firstStep = each.steps == 0 ? step : std::min(each.firstStep, step);
             each.lastStep = std::max(each.lastStep, step);
             ++each.steps;
           });
    }
  }
}

}  // namespace

void noteOnce(std::vector<std::string>& notes, const std::string& line) {
  if (std::find(notes.begin(), notes.end(), line) == notes.end()) notes.push_back(line);
}

bool scan(Database& database, const std::string& what, const std::string& select, const std::vector<std::string>& order,
          std::vector<std::string>& notes, const std::function<void(Statement&)>& row) {
  std::string why;
  std::int64_t read = 0;
  const auto pass = [&](bool falling) {
    try {
      Statement rows(database, select + orderBy(order, falling));
      while (rows.step()) {
        row(rows);
        ++read;
      }
      return true;
    } catch (const DatabaseError& error) {
      if (!error.ofContents()) throw;
      return false;
    }
  };
  if (pass(false)) return true;
  pass(true);  // from the end, until the same damage
  noteOnce(notes, database.path() + ": " + what + ": the file is damaged there: " + std::to_string(read) +
                      " rows could be read, some are lost");
  return false;
}

SessionIndex readIndex(Database& database) {
  SessionIndex index;
  readGenerations(database, index);
  countSteps(database, index);
  countKnobChanges(database, index);
  scan(database, "snapshots", "SELECT id, generation, step FROM snapshot NOT INDEXED", {"id"}, index.notes, [&](Statement& row) {
    index.snapshots[generationIn(row, 1)].push_back({row.integer(2), row.integer(0), 0});
    if (row.integer(0) <= index.newestSnapshot) return;
    index.newestSnapshot = row.integer(0);
    index.newestGeneration = generationIn(row, 1);
    index.newestStep = row.integer(2);
  });
  for (auto& [generation, places] : index.snapshots) {
    sortByStep(places);
    if (const auto found = index.generations.find(generation); found != index.generations.end())
      found->second.snapshots = static_cast<std::int64_t>(places.size());
  }
  scan(database, "analyses", "SELECT id, generation, layer, step, entry FROM analysis NOT INDEXED", {"id"}, index.notes,
       [&](Statement& row) {
         index.analyses[{generationIn(row, 1), static_cast<int>(row.integer(2))}].push_back(
             {row.integer(3), row.integer(0), row.integer(4)});
       });
  for (auto& [key, places] : index.analyses) sortByStep(places);
  scan(database, "failed analyses", "SELECT generation, layer, step, entry FROM analysis_failure",
       {"generation", "layer", "step"}, index.notes, [&](Statement& row) {
         index.failures[{generationIn(row, 0), static_cast<int>(row.integer(1))}].push_back({row.integer(2), 0, row.integer(3)});
       });
  for (auto& [key, places] : index.failures) sortByStep(places);
  scan(database, "model states", "SELECT id, generation, step, trained_seconds, length(data) FROM model_state NOT INDEXED",
       {"id"}, index.notes, [&](Statement& row) {
         const RecordedModel model{generationIn(row, 1), row.integer(2), row.real(3), static_cast<std::uint64_t>(row.integer(4))};
         index.models[{model.generation, model.step}] = {row.integer(0), model};
       });
  return index;
}

std::vector<SessionIndex::Part> SessionIndex::partsOf(std::uint64_t generation) const {
  std::vector<Part> parts{{generation, std::numeric_limits<std::int64_t>::max()}};
  for (;;) {
    const auto found = generations.find(parts.back().generation);
    // A branch is newer than what it comes from: a file that says otherwise leads round in a circle.
    if (found == generations.end() || found->second.from == 0 || found->second.from >= parts.back().generation) return parts;
    parts.push_back({found->second.from, std::min(found->second.fromStep, parts.back().upToStep)});
  }
}

const SessionIndex::Place* lastUpTo(const SessionIndex::Places& places, std::int64_t step) {
  const auto after = std::upper_bound(places.begin(), places.end(), step,
                                      [](std::int64_t value, const SessionIndex::Place& place) { return value < place.step; });
  return after == places.begin() ? nullptr : &*std::prev(after);
}

}  // namespace moescope
