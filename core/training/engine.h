#pragma once
// The training thread: owns the model, hands out snapshots, takes knobs. LibTorch stays behind this header.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/knobs/knobs.h"
#include "core/timeline/snapshot_source.h"
#include "core/training/model_store.h"

namespace moescope {

class Pace;

/// Memory for models left behind: some eighty of the default size.
inline constexpr std::uint64_t kKeptModelBytes = std::uint64_t{512} << 20;

/// All methods may be called from any thread and return at once; none waits for a training step.
class Engine : public SnapshotSource {
 public:
  /// Builds nothing yet: the thread loads the corpus and model, then publishes a snapshot of step 0. `threads`: its share of the
  /// cores; 0: all but one. Engines share nothing: two side by side give what each gives alone. `keptBytes`: of memory for models
  /// that it leaves behind. `timeline`: to write on, by nobody else from now on; null: one of its own.
  explicit Engine(Knobs knobs, int threads = 0, std::uint64_t keptBytes = kKeptModelBytes,
                  std::shared_ptr<Timeline> timeline = {});
  ~Engine() override;  ///< stops after the step in flight
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void play();
  void playUntil(
      std::int64_t step);  ///< plays, and pauses right after this step with its snapshot published; at once where it is passed
  /// From now on snapshots and held-out losses come as often as the knobs say while playing, whatever that costs, and analyses of
  /// step 0 and of where it pauses, so that they and what is derived from one to the next are the same at every run; of speed
  /// nothing is said. Else some are left out where they would take too much of the time.
  void publishEvenly();
  /// Keeps step with another engine from now on, as runner 0 or 1: while playing, snapshots come at the common steps, and it
  /// waits where it is one ahead. Null: it runs alone. What it computes is the same.
  void keepPace(std::shared_ptr<Pace> pace, int runner);
  /// Another share of the cores from the next step on; 0: all but one.
  void useThreads(int threads);
  void pause();
  void stepOnce();
  /// A new model at step 0 from the current knobs, or from these. `label`: to go back to it by; 0: as before. Throws
  /// std::invalid_argument for knobs out of range.
  void reset(std::uint64_t label = 0, const std::optional<Knobs>& knobs = {});
  /// Applied between two steps, latest wins. Throws std::invalid_argument if out of range. `label`: as above, of the model that
  /// they make or change.
  void setKnobs(const Knobs&, std::uint64_t label = 0);
  /// Whether the model of this label is there or kept.
  bool canGoTo(std::uint64_t label) const;
  /// Goes back to it as it was left last, as restore() does; nothing where it is there.
  void goTo(std::uint64_t label);
  /// Goes back to a model of status().kept and its knobs; training goes on from there exactly as it would have, however often.
  /// Its generation goes on too, or where it has later steps already a branch of it, which has a new number. Kept is what a
  /// reset, another router, a change of shape or a restore leaves; the oldest go when the budget is full.
  void restore(std::uint64_t id);
  /// Goes on with a stored model and its knobs as restore() does with a kept one: in its generation, or where that has later
  /// steps in a branch of it; one that the time line does not know gets a new number. What cannot be loaded leaves what is there.
  void continueFrom(const ModelToContinue& model, std::uint64_t label = 0);
  /// From now on the model's state goes there whenever training pauses, fails or ends, another model or router takes its place,
  /// and now and then while playing, as often as that costs training little. Null: nowhere.
  void setModelStore(std::shared_ptr<ModelStore> store);
  Knobs knobs() const;

  /// Asks for the held-out loss at this lens; measured between two steps, latest wins. Training goes on where it cannot be
  /// computed.
  void requestLoss(const Lens&) override;
  LensLoss lensLoss() const override;
  void requestPrompt(const PromptRequest&) override;
  std::shared_ptr<const PromptReading> promptReading() const override;

  /// What to analyse from now on; results come on the time line, and the listener is told.
  void setAnalysis(const AnalysisRequest&) override;

  /// Steps, knob changes, snapshots and analyses of every generation that the budget holds.
  std::shared_ptr<const Timeline> timeline() const override;
  EngineStatus status() const override;
  /// Called after each new snapshot or change of status, on the engine thread or inside play() and pause(); must only post a
  /// notice. Set it before other threads use the engine.
  void setListener(std::function<void()>) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
