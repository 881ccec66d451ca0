#pragma once
// Keeps what a side trains in a session, on threads that are not the window's.

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/session/session_writer.h"
#include "core/training/model_store.h"

namespace moescope {

/// Told by engine and time line; any thread may ask. The file is made with the first model, which says what the run is a record
/// of; what came before waits. A file that cannot be made, or written to, is said by failure(), and training goes on.
class SessionRecorder : public TimelineFollower, public ModelStore {
 public:
  SessionRecorder(std::filesystem::path file, const SessionSettings& settings);
  ~SessionRecorder() override;  ///< writes what is left; a session without a step goes

  void step(std::uint64_t generation, const StepMetrics& step) override;
  void knobs(std::uint64_t generation, const KnobChange& change) override;
  void snapshot(const TimelineMoment& moment) override;
  void analysis(const AnalysisPointer& analysis, const std::shared_ptr<const ComparedEmbeddings>& compared) override;
  void failure(const AnalysisFailure& failure) override;
  void branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) override;
  void keep(const StoredModel& which, TrainerStatePointer state) override;

  /// What the window shows, as JSON.
  void document(const std::string& json);
  /// Of snapshots, analyses and models, from now on.
  void setBudget(std::uint64_t bytes);
  /// Waits until all is on the disk. False: it is not, and failure() says why.
  bool flush();
  const std::filesystem::path& file() const { return file_; }
  std::optional<SessionStatus> status() const;  ///< none: the file is not made yet
  std::string failure() const;                  ///< why nothing is kept at present, one line; empty: all is well
  /// Models go there too from now on.
  void passModelsTo(std::shared_ptr<ModelStore> memory);

 private:
  using Entry = std::function<void(SessionWriter&)>;

  void pass(const Entry& entry);
  void begin(const TrainerState& first);

  const std::filesystem::path file_;
  SessionSettings settings_;
  mutable std::mutex mutex_;
  std::shared_ptr<ModelStore> memory_;
  std::unique_ptr<SessionWriter> writer_;
  std::vector<Entry> waiting_;  // until there is a writer
  std::string refused_;         // why there is none
};

}  // namespace moescope
