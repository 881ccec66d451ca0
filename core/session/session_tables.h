#pragma once
// Writes a session's rows, and thins the large ones evenly where they would exceed the budget.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/database.h"
#include "core/timeline/thinned_list.h"
#include "core/timeline/timeline_entries.h"

namespace moescope {

/// What a session is a record of.
struct SessionRun {
  std::string version;             ///< of the program
  std::string device;              ///< "cpu" or "cuda"
  int threads = 0;
  Knobs knobs;                     ///< at its beginning
  std::string corpus, corpusHash;  ///< as in TrainingText
};

/// All functions throw DatabaseError; each may be called again after that. Within a transaction.
class SessionTables {
 public:
  /// `budget`: bytes of snapshots, analyses and model states; more is thinned.
  SessionTables(Database& database, std::uint64_t budget);

  void beginRun(const SessionRun& run);
  /// `from` 0: a model of its own.
  void putGeneration(std::uint64_t number, std::uint64_t from, std::int64_t fromStep);
  void put(std::uint64_t generation, const StepMetrics& step);
  void put(std::uint64_t generation, const KnobChange& change);
  void putSnapshot(std::uint64_t generation, const TimelineMoment& moment);
  void putAnalysis(std::uint64_t generation, const AnalysisPointer& analysis,
                   const std::shared_ptr<const ComparedEmbeddings>& compared);
  void put(std::uint64_t generation, const AnalysisFailure& failure);
  void putModel(std::uint64_t generation, std::int64_t step, double trainedSeconds, std::string_view bytes);
  void putDocument(const std::string& json);
  void putBookmarks(const std::vector<Bookmark>& bookmarks);
  /// So many more of them are not in the session.
  void noteLeftOut(const std::string& what, std::int64_t entries);

  /// From now on so many bytes; what exceeds them is thinned at once.
  void setBudget(std::uint64_t bytes);

  std::uint64_t lastGeneration() const { return lastGeneration_; }
  std::int64_t run() const { return run_; }          ///< that was begun last
  std::uint64_t bytes() const;                        ///< of what is thinned
  std::int64_t leftOut() const { return leftOut_; }  ///< entries that were thinned, since the file was made
  /// What stands in the file, after a transaction that came to nothing.
  void reload();

 private:
  using Series = ThinnedList<std::int64_t>;              ///< steps
  using Key = std::pair<std::uint64_t, int>;              ///< generation and layer, 0 where there is none
  struct Kind {
    std::string table;
    bool layered;
    std::map<Key, Series> series;
  };

  void keep(Kind& kind, const Key& key, std::int64_t step, std::size_t bytes);
  void keepBudget();
  void drop(Kind& kind, const Key& key, const std::vector<std::int64_t>& gone);
  std::int64_t probeNumber(const std::shared_ptr<const Probe>& probe);

  Database& database_;
  std::uint64_t budget_;
  Kind snapshots_{"snapshot", false, {}}, analyses_{"analysis", true, {}}, models_{"model_state", false, {}};
  std::uint64_t lastGeneration_ = 0;
  std::int64_t run_ = 0, entry_ = 0, leftOut_ = 0;
  std::shared_ptr<const Probe> probe_;  ///< that was put there last
  std::int64_t probeNumber_ = 0;
  Statement step_, layerStep_, snapshot_;
};

}  // namespace moescope
