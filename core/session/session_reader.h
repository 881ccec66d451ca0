#pragma once
// Reads a session: what is in it, any moment of it, whatever state the file is in. Never writes to it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/session/session_tables.h"
#include "core/timeline/timeline_follower.h"

namespace moescope {

/// A run as the file has it.
struct RecordedRun {
  std::int64_t number = 0;
  std::string started;  ///< UTC, ISO 8601
  SessionRun run;
};

/// One model's life.
struct RecordedGeneration {
  std::uint64_t number = 0;
  std::int64_t run = 0;
  std::uint64_t from = 0;     ///< generation that it branched from; 0: none
  std::int64_t fromStep = 0;
  // Of its own, not those that it branched from.
  std::int64_t steps = 0, firstStep = -1, lastStep = -1, snapshots = 0;
  std::int64_t knobChanges = 0;  ///< with the knobs that it began with, where those are not of what it branched from
};

struct RecordedModel {
  std::uint64_t generation = 0;
  std::int64_t step = 0;
  double trainedSeconds = 0.0;
  std::uint64_t bytes = 0;
};

/// Whether nothing was begun in the file: who made it ended before the tables were there, and nothing is lost with it. False
/// where it cannot be read.
bool isEmptySession(const std::filesystem::path& file);

struct SessionContents;

/// Any thread may call any function. A file that is being written to is followed.
class SessionReader : public MomentArchive {
 public:
  static constexpr std::size_t kMemory = std::size_t{64} << 20;  ///< bytes for moments that were read

  /// A damaged file is opened where its tables can be told: what of it is lost stands in notes(). Throws std::runtime_error, one
  /// line, for what is no session, of a newer version, or damaged beyond that.
  explicit SessionReader(const std::filesystem::path& file, std::size_t memory = kMemory);
  ~SessionReader() override;

  const std::filesystem::path& path() const;
  /// What cannot be read, one line each; empty: nothing is known to be missing.
  std::vector<std::string> notes() const;
  /// Reads every entry, so that notes() is complete.
  void readAll();

  std::vector<RecordedRun> runs() const;
  std::vector<RecordedGeneration> recorded() const;
  std::vector<RecordedModel> models() const;   ///< by generation and step
  std::map<std::string, std::int64_t> leftOut() const;  ///< by table: entries that were thinned
  std::int64_t snapshots() const;
  std::int64_t analysesRecorded() const;
  std::string document() const;                 ///< JSON; empty: none was kept
  std::vector<Bookmark> bookmarks() const;
  /// The state of models() at this generation and step, as it was handed in. Throws where there is none.
  std::string model(std::uint64_t generation, std::int64_t step) const;
  /// A generation's steps and knob changes up to a step.
  TimelineMark mark(std::uint64_t generation, std::int64_t step) const;
  /// Every step of a generation, with those that it branched from, in order, until `take` says false.
  void eachStep(std::uint64_t generation, const std::function<bool(const StepMetrics&)>& take) const;
  /// The snapshot that was written last. Both null: there is none.
  TimelineMoment latest() const;

  std::vector<std::uint64_t> generations() const override;
  std::int64_t lastStep(std::uint64_t generation) const override;
  TimelineMoment at(std::uint64_t generation, std::int64_t step) const override;
  std::vector<std::int64_t> snapshotSteps(std::uint64_t generation) const override;
  std::shared_ptr<const StepSeries> steps(std::uint64_t generation) const override;
  std::vector<KnobChange> knobChanges(std::uint64_t generation) const override;
  std::optional<BranchPoint> branchPoint(std::uint64_t generation) const override;
  LayerAnalyses analyses(std::uint64_t generation, int layer, std::int64_t upToStep) const override;
  std::int64_t snapshotStepAt(std::uint64_t generation, std::int64_t step) const override;
  std::int64_t analysisStepAt(std::uint64_t generation, int layer, std::int64_t upToStep) const override;

 private:
  std::unique_ptr<SessionContents> state_;
};

}  // namespace moescope
