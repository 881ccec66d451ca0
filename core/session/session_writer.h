#pragma once
// Keeps a time line in a session file as it grows, on a thread of its own. Training waits for nothing but a short lock; a fault
// of the disk is said in status(), tried again, and never reaches training.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/session/session_tables.h"
#include "core/timeline/timeline_follower.h"

namespace moescope {

struct SessionSettings {
  std::uint64_t budget = std::uint64_t{1} << 30;  ///< bytes of snapshots, analyses and model states; steps come on top
  /// Every snapshot that comes is written, and who brings more than the disk takes waits: two sessions of one run are then equal.
  /// Else snapshots are passed over where writing would take more than `share` of the time.
  bool everySnapshot = false;
  double share = 0.03;
};

struct SessionStatus {
  std::string failure;                       ///< why nothing is written at present, one line; empty: all is well
  std::int64_t steps = 0, snapshots = 0;     ///< written
  std::int64_t passedOver = 0;               ///< snapshots that came faster than they may be written
  std::int64_t lost = 0;                     ///< entries that could not be kept: the disk failed for too long, or `lostWhy`
  std::string lostWhy;                       ///< why the last one of them could be kept on no disk; empty: there is none
  std::int64_t leftOut = 0;                  ///< snapshots, analyses and model states that were thinned to keep to the budget
  std::uint64_t budget = 0, bytes = 0;       ///< of snapshots, analyses and model states, that the session may and does hold
  std::uint64_t fileBytes = 0;               ///< the file and its journal
};

class SessionWriter : public TimelineFollower {
 public:
  /// Makes the file, or goes on with the session in it: generations then get numbers of their own. Throws std::runtime_error, one
  /// line: the file is no session, another program writes to it, its folder may not be written to or has no locks.
  SessionWriter(const std::filesystem::path& file, const SessionRun& run, const SessionSettings& settings = {});
  ~SessionWriter() override;  ///< writes what is left
  SessionWriter(const SessionWriter&) = delete;
  SessionWriter& operator=(const SessionWriter&) = delete;

  /// The next new generation goes on from one that the file has; told before its first entry comes.
  void continueFrom(std::uint64_t generation, std::int64_t step);
  void step(std::uint64_t generation, const StepMetrics& step) override;
  void knobs(std::uint64_t generation, const KnobChange& change) override;
  void snapshot(const TimelineMoment& moment) override;
  void analysis(const AnalysisPointer& analysis, const std::shared_ptr<const ComparedEmbeddings>& compared) override;
  void failure(const AnalysisFailure& failure) override;
  void branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) override;

  /// `bytes` gives a state as safetensors; it is called on the writer's thread.
  void model(std::uint64_t generation, std::int64_t step, double trainedSeconds, std::function<std::string()> bytes);
  void document(std::string json);
  void bookmarks(std::vector<Bookmark> bookmarks);

  /// The budget from now on. Where that is less, what exceeds it is thinned and the file becomes smaller.
  void setBudget(std::uint64_t bytes);

  /// Waits until everything is on the disk. False: it could not be written, and status() says why.
  bool flush();
  SessionStatus status() const;
  const std::filesystem::path& path() const;
  /// Number of this run in the file; 1: there was none before.
  std::int64_t run() const;
  /// What is to be added to a generation of the time line to get its number in the file.
  std::uint64_t firstGeneration() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
