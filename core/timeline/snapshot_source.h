#pragma once
// Where a window's snapshots come from: the model in training (Engine) or a checkpoint (CheckpointSource). What it produces
// stands on its time line; here are its state and what it may be asked for.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/geometry/expert_analysis.h"
#include "core/knobs/knobs.h"
#include "core/reading/lens.h"
#include "core/reading/prompt.h"
#include "core/reading/snapshot.h"
#include "core/timeline/timeline.h"

namespace moescope {

enum class EngineState { Starting, Paused, Playing, Failed };

/// What a source is busy with beside training.
enum class SourceWork { None, BuildingModel, RestoringModel, OpeningCheckpoint, ReadingLayer, AnalysingExperts };

/// Why a source stopped.
enum class SourceFailure {
  None,
  Corpus,         ///< the text cannot be used
  NonFiniteLoss,  ///< a loss or gradient; the last good model is kept
  OutOfMemory,
  NotKept,        ///< the model to go back to is kept no longer; the one in training goes on
  Checkpoint,     ///< a checkpoint, trace or layer cannot be read
  Other,
};

/// A model that training left behind and can go back to.
struct KeptModel {
  std::uint64_t id = 0;  ///< at least 1
  std::uint64_t generation = 0;
  std::int64_t step = 0;
  Knobs knobs;
  std::uint64_t bytes = 0;  ///< of memory, without the text that models share
};

/// Held-out loss of the latest model with its routing read through a lens.
struct LensLoss {
  Lens lens;
  std::int64_t step = -1;   ///< -1: nothing measured yet
  double loss = 0.0;        ///< nats per byte; NaN where it could not be computed
  std::string failure = {};  ///< why not; empty: it could
};

/// What the analysis thread is to measure while the source lives.
struct AnalysisRequest {
  AnalysisSettings settings;
  int layer = 0;              ///< clamped to the model's layers
  double everySeconds = 2.0;  ///< at most so often while training
  bool enabled = false;
  bool sharedNorms = false;   ///< of every layer of a checkpoint: how much its shared expert adds beside the routed ones

  bool operator==(const AnalysisRequest&) const = default;
};

struct EngineStatus {
  EngineState state = EngineState::Paused;
  std::string device;   ///< what training runs on: "cpu" or "cuda"; empty: nothing trains
  std::string
      message;  ///< for a person: why it failed or paused, what is under way, notes on the corpus and knobs; never to be parsed
  SourceWork work = SourceWork::None;
  SourceFailure failure = SourceFailure::None;
  std::int64_t trainedSteps = 0;     ///< of the model in training, which a new model would lose
  double trainedSeconds = 0.0;       ///< that they took
  std::string analysisFailure = {};  ///< why the last analysis of the experts gave nothing; empty: it did
  std::vector<KeptModel> kept = {};  ///< models to go back to, oldest first
  bool keepable = false;             ///< the memory budget has room for the model there, so that leaving it loses nothing
  int forgotten = 0;                 ///< models left behind that the memory budget no longer holds
};

/// All methods may be called from any thread and return at once.
class SnapshotSource {
 public:
  virtual ~SnapshotSource() = default;

  /// What it has produced; outlives the source.
  virtual std::shared_ptr<const Timeline> timeline() const = 0;
  SnapshotPointer latest() const { return timeline()->latest().snapshot; }  ///< null until the first snapshot
  virtual EngineStatus status() const = 0;
  /// Which layer is shown and what to analyse from now on; results come on the time line, and the listener is told.
  virtual void setAnalysis(const AnalysisRequest&) = 0;
  /// Called after each new snapshot, analysis or change of status, on any thread; must only post a notice.
  virtual void setListener(std::function<void()>) = 0;

  // What only a model in training has.
  virtual void requestLoss(const Lens&) {}
  virtual LensLoss lensLoss() const { return {}; }
  /// Asks for a text to be read by the model there and by every later one that is published; an empty text ends that.
  virtual void requestPrompt(const PromptRequest&) {}
  /// The last that was read; null: nothing yet.
  virtual std::shared_ptr<const PromptReading> promptReading() const { return {}; }
};

}  // namespace moescope
