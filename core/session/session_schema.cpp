#include "core/session/session_schema.h"

#include <map>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

/// Name and statement, in the order in which they are made.
const std::vector<std::pair<std::string, std::string>>& tables() {
  static const std::vector<std::pair<std::string, std::string>> all = [] {
    std::string layerColumns;
    for (const LayerColumn& column : kLayerColumns) layerColumns += std::string(", ") + column.name + " REAL";
    return std::vector<std::pair<std::string, std::string>>{
        {"run",
         "CREATE TABLE run (id INTEGER PRIMARY KEY, started TEXT NOT NULL, version TEXT NOT NULL, device TEXT NOT NULL, threads INTEGER NOT NULL, "
         "seed INTEGER NOT NULL, corpus TEXT NOT NULL, corpus_hash TEXT NOT NULL, knobs TEXT NOT NULL) STRICT"},
        {"generation",
         "CREATE TABLE generation (number INTEGER PRIMARY KEY, run INTEGER NOT NULL, from_generation INTEGER, from_step INTEGER) STRICT"},
        {"knob_change",
         "CREATE TABLE knob_change (generation INTEGER NOT NULL, step INTEGER NOT NULL, knobs TEXT NOT NULL, "
         "PRIMARY KEY (generation, step)) STRICT, WITHOUT ROWID"},
        {"step",
         "CREATE TABLE step (generation INTEGER NOT NULL, step INTEGER NOT NULL, router TEXT NOT NULL, loss_nats_per_byte REAL, "
         "held_out_loss_nats_per_byte REAL, PRIMARY KEY (generation, step)) STRICT, WITHOUT ROWID"},
        {"layer_step", "CREATE TABLE layer_step (generation INTEGER NOT NULL, step INTEGER NOT NULL, layer INTEGER NOT NULL" +
                           layerColumns + ", PRIMARY KEY (generation, step, layer)) STRICT, WITHOUT ROWID"},
        {"probe", "CREATE TABLE probe (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT"},
        {"snapshot",
         "CREATE TABLE snapshot (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, step INTEGER NOT NULL, probe INTEGER NOT NULL, "
         "data BLOB NOT NULL, UNIQUE (generation, step)) STRICT"},
        {"analysis",
         "CREATE TABLE analysis (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, layer INTEGER NOT NULL, step INTEGER NOT NULL, "
         "entry INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (generation, layer, step)) STRICT"},
        {"analysis_failure",
         "CREATE TABLE analysis_failure (generation INTEGER NOT NULL, layer INTEGER NOT NULL, step INTEGER NOT NULL, "
         "entry INTEGER NOT NULL, what TEXT NOT NULL, PRIMARY KEY (generation, layer, step)) STRICT, WITHOUT ROWID"},
        {"model_state",
         "CREATE TABLE model_state (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, step INTEGER NOT NULL, "
         "trained_seconds REAL NOT NULL, data BLOB NOT NULL, UNIQUE (generation, step)) STRICT"},
        {"document", "CREATE TABLE document (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT"},
        {"bookmark",
         "CREATE TABLE bookmark (id INTEGER PRIMARY KEY, name TEXT NOT NULL, generation INTEGER NOT NULL, step INTEGER NOT NULL) STRICT"},
        {"left_out", "CREATE TABLE left_out (what TEXT PRIMARY KEY, entries INTEGER NOT NULL) STRICT, WITHOUT ROWID"},
    };
  }();
  return all;
}

void require(bool holds, const Database& database, const std::string& what) {
  if (!holds) throw std::runtime_error(database.path() + ": " + what);
}

}  // namespace

std::string layerColumnList() {
  std::string list;
  for (const LayerColumn& column : kLayerColumns) list += std::string(", ") + column.name;
  return list;
}

bool isEmpty(Database& database) {
  return database.number("SELECT count(*) FROM sqlite_schema") == 0 && database.number("PRAGMA application_id") == 0 &&
         database.number("PRAGMA user_version") == 0;
}

void makeTables(Database& database) {
  for (const auto& [name, statement] : tables()) database.run(statement);
  database.run("PRAGMA application_id = " + std::to_string(kSessionApplication) +
               "; PRAGMA user_version = " + std::to_string(kSessionVersion));
}

void requireSession(Database& database) {
  require(!isEmpty(database), database, translated("an empty database: no session was begun in it"));
  require(database.number("PRAGMA application_id") == kSessionApplication, database,
          translated("not a session: a database of another program"));
  const std::int64_t version = database.number("PRAGMA user_version");
  require(version <= kSessionVersion, database,
          translated("written by a newer Moescope (sessions of version %1; this one reads %2)", std::to_string(version),
                     std::to_string(kSessionVersion)));
  std::map<std::string, std::string> expected(tables().begin(), tables().end());
  Statement found(database, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
  while (found.step()) {
    const std::string name(found.blob(0).substr(0, 80));
    const auto known = expected.find(name);
    require(known != expected.end() && known->second == found.blob(1), database,
            known == expected.end() ? translated("not a session: it has \"%1\", which none has", name)
                                    : translated("not a session: its table %1 is another one", name));
    expected.erase(known);
  }
  require(expected.empty(), database,
          translated("not a session: it has no table %1", expected.empty() ? std::string() : expected.begin()->first));
}

}  // namespace moescope
