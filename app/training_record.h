#pragma once
// What `train` writes of a run while it goes on: lines of metrics, a session, and in the end the model.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/model_file.h"
#include "core/data/output_file.h"
#include "core/session/session_writer.h"
#include "core/timeline/timeline.h"
#include "core/training/trainer.h"

namespace moescope {

/// Files; empty: not wanted.
struct RecordFiles {
  std::string lines, session, model;
  long modelEvery = 500;  ///< steps between models that the session keeps
  bool replace = false;   ///< of lines and model what is there; a session is always gone on with
};

/// One step as JSON. Lists: a value for each layer. Null: not measured at this step.
std::string stepLine(const StepMetrics& step);

class TrainingRecord {
 public:
  /// `origin`: what the trainer goes on from; null: it is new. A session that it lies in is gone on with, as a branch. Throws
  /// WriteError or std::runtime_error for a file that cannot be made.
  TrainingRecord(const RecordFiles& files, Trainer& trainer, const ModelOrigin* origin);

  /// Throws WriteError where the line cannot be written. A fault of the session is said once, on standard error, and the run goes
  /// on.
  void add(const StepMetrics& step, Trainer& trainer);
  /// Writes all that is left, and the model. Throws WriteError, or std::runtime_error where the session is not whole.
  void close(const Trainer& trainer);
  /// Number of this run in the session; 0: none is kept.
  std::int64_t run() const { return session_ ? session_->run() : 0; }
  /// The same after a failure, whose message comes first: a fault is one more line on standard error.
  void closeAfterFailure(const Trainer& trainer);

 private:
  using Clock = std::chrono::steady_clock;

  void beginSession(Trainer& trainer, const ModelOrigin* origin);
  void addSnapshot(Trainer& trainer);
  void keepModel(const Trainer& trainer);
  void sayFault();

  const RecordFiles files_;
  std::optional<LineFile> lines_;
  std::shared_ptr<SessionWriter> session_;
  Timeline timeline_;
  double heldOutLoss_;  // measured last
  const Clock::time_point start_ = Clock::now();
  std::int64_t kept_ = -1;  // step of the model that the session has
  std::string fault_;       // of the session, as it was said
};

}  // namespace moescope
