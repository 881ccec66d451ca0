#include "app/window/session_recorder.h"

#include <exception>
#include <utility>

#include "app/window/version.h"
#include "core/data/files.h"
#include "core/training/model_state.h"

namespace moescope {

SessionRecorder::SessionRecorder(std::filesystem::path file, const SessionSettings& settings)
    : file_(std::move(file)), settings_(settings) {}

SessionRecorder::~SessionRecorder() {
  if (!writer_) return;
  writer_->flush();
  const bool empty = writer_->status().steps == 0 && writer_->status().failure.empty();
  writer_.reset();
  std::error_code none;
  if (empty)
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file_.string() + part, none);
}

void SessionRecorder::pass(const Entry& entry) {
  const std::lock_guard held(mutex_);
  if (writer_) entry(*writer_);
  else if (refused_.empty()) waiting_.push_back(entry);
}

void SessionRecorder::begin(const TrainerState& first) {
  try {
    makeFolder(file_.parent_path());
    writer_ = std::make_unique<SessionWriter>(
        file_,
        SessionRun{programVersion(), first.device(), first.threads(), first.knobs(), first.text()->corpus, first.text()->hash},
        settings_);
    for (const Entry& entry : waiting_) entry(*writer_);
  } catch (const std::exception& error) {
    refused_ = error.what();
  }
  waiting_.clear();
}

void SessionRecorder::step(std::uint64_t generation, const StepMetrics& step) {
  pass([generation, step](SessionWriter& to) { to.step(generation, step); });
}

void SessionRecorder::knobs(std::uint64_t generation, const KnobChange& change) {
  pass([generation, change](SessionWriter& to) { to.knobs(generation, change); });
}

void SessionRecorder::snapshot(const TimelineMoment& moment) {
  pass([moment](SessionWriter& to) { to.snapshot(moment); });
}

void SessionRecorder::analysis(const AnalysisPointer& analysis, const std::shared_ptr<const ComparedEmbeddings>& compared) {
  pass([analysis, compared](SessionWriter& to) { to.analysis(analysis, compared); });
}

void SessionRecorder::failure(const AnalysisFailure& failure) {
  pass([failure](SessionWriter& to) { to.failure(failure); });
}

void SessionRecorder::branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) {
  pass([generation, from, step, mark](SessionWriter& to) { to.branch(generation, from, step, mark); });
}

void SessionRecorder::keep(const StoredModel& which, TrainerStatePointer state) {
  std::shared_ptr<ModelStore> memory;
  {
    const std::lock_guard held(mutex_);
    if (!writer_ && refused_.empty()) begin(*state);
    memory = memory_;
  }
  if (memory) memory->keep(which, state);
  pass([which, state](SessionWriter& to) {
    to.model(which.generation, which.step, which.trainedSeconds, [state] { return modelStateBytes(*state); });
  });
}

void SessionRecorder::passModelsTo(std::shared_ptr<ModelStore> memory) {
  const std::lock_guard held(mutex_);
  memory_ = std::move(memory);
}

void SessionRecorder::document(const std::string& json) {
  pass([json](SessionWriter& to) { to.document(json); });
}

void SessionRecorder::setBudget(std::uint64_t bytes) {
  const std::lock_guard held(mutex_);
  if (std::exchange(settings_.budget, bytes) != bytes && writer_) writer_->setBudget(bytes);
}

/// Without the lock: training does not wait for the disk. A writer that is there stays.
bool SessionRecorder::flush() {
  SessionWriter* writer = nullptr;
  {
    const std::lock_guard held(mutex_);
    writer = writer_.get();
  }
  return writer && writer->flush();
}

std::optional<SessionStatus> SessionRecorder::status() const {
  const std::lock_guard held(mutex_);
  return writer_ ? std::optional(writer_->status()) : std::nullopt;
}

std::string SessionRecorder::failure() const {
  const std::lock_guard held(mutex_);
  return writer_ ? writer_->status().failure : refused_;
}

}  // namespace moescope
