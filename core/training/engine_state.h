#pragma once
// What is behind an Engine: its mailbox, what it hands out, and the thread that owns the model. Internal to the engine's files.

#include "core/training/engine.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>

#include "core/training/analyst.h"
#include "core/training/kept_models.h"
#include "core/training/pace.h"
#include "core/training/trainer.h"
#include "core/words/words.h"

namespace moescope {

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

/// Everything that both sides touch is behind `mutex`, held only to copy small things or swap pointers.
struct Engine::State {
  std::mutex mutex;
  std::condition_variable wake;

  std::atomic<bool> evenly = false;
  std::atomic<int> threads = 0;  // of the cores

  // Mailbox, latest wins.
  Knobs wanted, present;  // present: of the model there
  bool knobsChanged = true, rebuild = true, stopping = false, playing = false;
  std::uint64_t restoreWanted = 0;  // id of a kept model; 0: none
  std::optional<std::uint64_t> goToWanted;  // label of a kept model, or of the one there
  std::uint64_t wantedLabel = 0;
  std::optional<ModelToContinue> continueWanted;
  std::shared_ptr<ModelStore> store;
  int singleSteps = 0;
  std::int64_t lastStep = kNoLimit;  // playing ends after it
  std::optional<Lens> lossWanted;
  AnalysisRequest analysisWanted;
  std::optional<PromptRequest> promptWanted;  // none: no text
  std::shared_ptr<Pace> paceWanted;  // null: it runs alone
  int runnerWanted = 0;

  // What the engine hands out.
  const std::shared_ptr<Timeline> timeline;
  EngineStatus status{EngineState::Starting, "", translated("loading the corpus and building the model"),
                      SourceWork::BuildingModel};
  LensLoss lensLoss;
  std::shared_ptr<const PromptReading> promptRead;
  KeptModels kept;
  std::uint64_t label = 0;  // of the model there
  std::function<void()> listener;

  // Only the engine thread touches these.
  std::shared_ptr<Pace> pace;  // that it keeps, as this runner
  int runner = 0;
  std::unique_ptr<Trainer> trainer;
  bool withoutGpu = false, gpuLost = false;  // the trainer is on the CPU since the GPU failed; no other model asks that again
  std::string gpuNote;                       // why
  TrainerStatePointer lastSaved;
  std::uint64_t generation = 0, newestGeneration = 0;
  std::uint64_t untouched = 0;  // id of the kept model that the trainer still equals; 0: none
  double heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  double stepsPerSecond = 0.0;
  Clock::time_point windowStart = Clock::now();
  std::int64_t windowStep = 0;
  double snapshotSeconds = 0.0, lossSeconds = 0.0, playingSeconds = 0.0, storeSeconds = 0.0,
         storedAt = 0.0;                 // storedAt: of playingSeconds
  const ModelStore* storedIn = nullptr;  // where the state of this generation and step is
  std::uint64_t storedGeneration = 0;
  std::int64_t storedStep = -1;
  std::int64_t publishedStep = -1;
  AnalysisRequest analysed;  // what was handed to the analyst last, and of which step and model, and when
  std::int64_t analysedStep = -1;
  std::uint64_t analysedGeneration = 0;
  Clock::time_point analysedAt{};
  Analyst analyst{timeline};

  std::thread thread;

  State(std::uint64_t keptBytes, std::shared_ptr<Timeline> onto)
      : timeline(onto ? std::move(onto) : std::make_shared<Timeline>()), kept(keptBytes) {
    for (const std::uint64_t known : timeline->generations()) newestGeneration = std::max(newestGeneration, known);
  }

  void run();
  bool held() const { return pace && trainer && !pace->mayStep(runner, trainer->stepNumber()); }
  void tellPace();
  void build(const Knobs& knobs);
  void keep();
  bool restore(std::uint64_t id);
  void continueFrom(const ModelToContinue& model);
  void enter(std::unique_ptr<Trainer> old, std::uint64_t itsGeneration, const TimelineMark& mark, double seconds);
  TrainerStatePointer saved() const;
  bool isStoredIn(const ModelStore* where) const;
  void storeState();
  bool storeDue() const;
  template <typename Make>
  std::unique_ptr<Trainer> newTrainer(const Make& make);
  void giveUpGpu(const std::exception& error);
  bool goOnWithoutGpu(const std::exception& error);
  void startClocks();
  void adopt(const Knobs& knobs);
  std::string firstNote() const;
  void oneStep(bool playing);
  void stopAfter(std::int64_t limit);
  void publish();
  void noteKnobs();
  void measureLensLoss(const Lens& lens);
  bool promptDue() const;
  void readPrompt(const PromptRequest& request);
  bool analysisDue(const AnalysisRequest& request, bool continuous) const;
  void handToAnalyst(const AnalysisRequest& request);
  void fail(SourceFailure failure, const std::string& message);
  void busy(SourceWork work, const std::string& message);
  void settle();
  void notify();
};

}  // namespace moescope
