#pragma once
// The training thread: owns the model, hands out snapshots, takes knobs. LibTorch stays behind this header.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/analyst.h"
#include "core/engine/knobs.h"
#include "core/engine/lens.h"
#include "core/engine/snapshot.h"
#include "core/engine/step_metrics.h"

namespace moescope {

enum class EngineState { Starting, Paused, Playing, Failed };

/// Held-out loss of the latest model with its routing read through a lens.
struct LensLoss {
  Lens lens;
  std::int64_t step = -1;   ///< -1: nothing measured yet
  double loss = 0.0;        ///< nats per byte
};

/// What the analysis thread is to measure while the engine lives.
struct AnalysisRequest {
  AnalysisSettings settings;
  int layer = 0;              ///< clamped to the model's layers
  double everySeconds = 2.0;  ///< at most so often while training
  bool enabled = false;

  bool operator==(const AnalysisRequest&) const = default;
};

struct EngineStatus {
  EngineState state = EngineState::Paused;
  std::string device;   ///< what training runs on: "cpu" or "cuda"
  std::string message;  ///< for a person: why it failed or paused, empty when all is well
};

/// All methods may be called from any thread and return at once; none waits for a training step.
class Engine {
 public:
  /// Builds nothing yet: the thread loads the corpus and model, then publishes a snapshot of step 0.
  explicit Engine(Knobs knobs);
  ~Engine();  ///< stops after the step in flight
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void play();
  void pause();
  void stepOnce();
  void reset();                     ///< new model from the current knobs, at step 0
  void setKnobs(const Knobs&);      ///< applied between two steps; latest wins; throws std::invalid_argument if out of range
  Knobs knobs() const;

  /// Asks for the held-out loss at this lens; measured between two steps, latest wins.
  void requestLoss(const Lens&);
  LensLoss lensLoss() const;

  /// What to analyse from now on; results come through analysis() and the listener.
  void setAnalysis(const AnalysisRequest&);
  AnalysisPointer analysis(int layer) const;                      ///< null: none yet
  std::vector<AnalysisPointer> analysisHistory(int layer) const;  ///< of this generation, oldest first

  SnapshotPointer latest() const;   ///< null until the first snapshot
  EngineStatus status() const;
  std::vector<StepMetrics> metricsSince(std::int64_t step) const;  ///< of the current generation, in order
  /// Called after each new snapshot or change of status, on the engine thread or inside play() and pause(); must only post a
  /// notice. Set it before other threads use the engine.
  void setListener(std::function<void()>);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
