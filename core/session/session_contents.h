#pragma once
// The entries of an opened session, each read when it is asked for and kept while there is room. For SessionReader, which holds
// the lock.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/session/moment_blobs.h"
#include "core/session/moment_cache.h"
#include "core/session/session_index.h"
#include "core/session/session_opening.h"
#include "core/session/session_reader.h"

namespace moescope {

/// The text in a column of a row. Throws std::runtime_error, with the place, for one that is longer than any that Moescope
/// writes.
std::string textOf(const Statement& row, int column, const std::string& place);

struct SessionContents {
  std::mutex mutex;
  std::filesystem::path file;
  OpenedSession opened;
  Database& database = opened.database;
  SessionIndex index;
  std::int64_t version = -1;  // of the file's contents, when the index was read
  std::vector<std::string> damaged;  // entries that could not be read
  const std::size_t memory;
  MomentCache<TimelineMoment> moments;
  MomentCache<AnalysedMoment> analysed;
  std::map<std::int64_t, std::shared_ptr<const Probe>> probes;
  std::map<std::uint64_t, std::pair<std::int64_t, std::shared_ptr<const StepSeries>>> series;  // with their last steps

  SessionContents(const std::filesystem::path& path, std::size_t bytes)
      : file(path), opened(openSession(path)), memory(bytes), moments(bytes / 2), analysed(bytes / 2) {
    refresh();
  }

  std::string place(const std::string& what) const { return file.string() + ": " + what; }
  void refresh();
  void note(const std::string& line);
  std::shared_ptr<const Probe> probe(std::int64_t number);
  TimelineMoment moment(std::int64_t row);
  AnalysedMoment analysis(std::int64_t row);
  std::shared_ptr<const AnalysisFailure> failure(std::uint64_t generation, int layer, std::int64_t step);
  /// Null: the generation has none. Before the first one: the first.
  const SessionIndex::Place* snapshotAt(std::uint64_t generation, std::int64_t step) const;
  /// A layer's entries by step, also of what the generation branched from.
  SessionIndex::Places placesOf(const std::map<SessionIndex::LayerKey, SessionIndex::Places>& all, std::uint64_t generation,
                                int layer, std::int64_t upToStep, std::vector<std::uint64_t>* generations = nullptr) const;
  /// All of them, or as evenly spread ones as memory has room for; `latest`, which is of the last place, at the end.
  std::shared_ptr<const std::vector<AnalysisPointer>> history(const SessionIndex::Places& places, const AnalysisPointer& latest);
  /// Steps of one part that come after `after`, rising or falling. False: `take` has had enough.
  bool eachStep(const SessionIndex::Part& part, std::int64_t after, bool falling, const std::function<bool(StepMetrics&)>& take);
  void eachStep(std::uint64_t generation, const std::function<bool(const StepMetrics&)>& take);
  void noteMissingSteps(std::uint64_t generation, std::int64_t first, std::int64_t last);
  std::int64_t lastStep(std::uint64_t generation) const;
  std::vector<KnobChange> knobChanges(std::uint64_t generation);
  std::string model(std::int64_t row, const RecordedModel& model);
};

}  // namespace moescope
