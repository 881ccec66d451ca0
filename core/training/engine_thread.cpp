// The engine thread: what it takes from the mailbox, step after step, and what it hands out.

#include <algorithm>
#include <utility>

#include "core/data/corpus.h"
#include "core/training/engine_state.h"
#include "core/training/gpu_fault.h"

namespace moescope {
namespace {

constexpr double kSnapshotShare = 0.2;   // of the time while playing that snapshots may take
constexpr double kLossShare = 0.10;      // the same for held-out losses
constexpr double kSpeedWindow = 1.0;     // seconds over which speed is measured

}  // namespace

void Engine::State::notify() {
  std::function<void()> call;
  {
    const std::lock_guard lock(mutex);
    call = listener;
  }
  if (call) call();
}

void Engine::State::busy(SourceWork work, const std::string& message) {
  {
    const std::lock_guard lock(mutex);
    status.state = EngineState::Starting;
    status.work = work;
    status.failure = SourceFailure::None;
    status.message = message;
  }
  notify();
}

/// The state is what was last asked for, also while the engine was busy.
void Engine::State::settle() {
  const std::string note = firstNote();
  {
    const std::lock_guard lock(mutex);
    status.state = playing ? EngineState::Playing : EngineState::Paused;
    status.work = SourceWork::None;
    status.failure = SourceFailure::None;
    status.message = note;
    status.device = trainer->device();
    present = trainer->knobs();
    status.keepable = kept.hasRoomFor(trainer->parameterCount());
  }
  notify();
}

bool Engine::State::analysisDue(const AnalysisRequest& request, bool continuous) const {
  if (!request.enabled || !trainer || !analyst.idle()) return false;
  if (evenly && continuous && trainer->stepNumber() > 0) return false;
  if (request != analysed || analysedGeneration != generation) return true;
  return trainer->stepNumber() != analysedStep && secondsSince(analysedAt) >= request.everySeconds;
}

/// What cannot be analysed is said, and training goes on.
void Engine::State::handToAnalyst(const AnalysisRequest& request) {
  analysed = request;
  analysedStep = trainer->stepNumber();
  analysedGeneration = generation;
  analysedAt = Clock::now();
  try {
    AnalysisInput input = trainer->analysisInput(request.layer);
    input.generation = generation;
    analyst.submit(std::move(input), request.settings);
  } catch (const std::exception& error) {
    analyst.fail({std::clamp(request.layer, 0, trainer->knobs().layers - 1), analysedStep, generation, firstLine(error)});
  }
}

/// Training stops; the last good model and snapshot stay.
void Engine::State::fail(SourceFailure failure, const std::string& message) {
  storeState();
  {
    const std::lock_guard lock(mutex);
    playing = false;
    singleSteps = 0;
    status.state = EngineState::Failed;
    status.work = SourceWork::None;
    status.failure = failure;
    status.message = message;
    if (trainer) status.device = trainer->device();
  }
  if (pace) pace->report(runner, Pace::kAway, 1);  // the other one goes on
  notify();
}

void Engine::State::tellPace() {
  if (pace && trainer) pace->report(runner, trainer->stepNumber(), trainer->knobs().snapshotEvery);
}

void Engine::State::startClocks() {
  publishedStep = -1;
  windowStep = trainer->stepNumber();
  windowStart = Clock::now();
  snapshotSeconds = lossSeconds = storeSeconds = stepsPerSecond = 0.0;
  storedAt = playingSeconds;
}

/// What the status line says while all is well.
std::string Engine::State::firstNote() const {
  std::vector<std::string> notes = trainer ? trainer->notes() : std::vector<std::string>{};
  if (!gpuNote.empty()) notes.insert(notes.begin(), gpuNote);
  if (notes.empty()) return "";
  const std::size_t more = notes.size() - 1;
  return more > 0 ? translated("%1 (and %2 more)", notes.front(), std::to_string(more)) : notes.front();
}

void Engine::State::publish() {
  const auto start = Clock::now();
  publishedStep = trainer->stepNumber();  // first: one that fails is not tried again and again
  auto snapshot = std::make_shared<Snapshot>(*trainer->snapshot());
  snapshot->generation = generation;
  snapshot->heldOutLoss = heldOutLoss;
  if (!evenly) {
    snapshot->stepsPerSecond = stepsPerSecond;
    snapshot->tokensPerSecond = stepsPerSecond * trainer->knobs().batch * trainer->knobs().context;
  }
  timeline->append(SnapshotPointer(std::move(snapshot)));
  snapshotSeconds += secondsSince(start);
  tellPace();
  notify();
}

void Engine::State::measureLensLoss(const Lens& lens) {
  const auto start = Clock::now();
  LensLoss measured{lens, trainer->stepNumber(), std::numeric_limits<double>::quiet_NaN()};
  try {
    measured.loss = trainer->heldOutLoss(lens);
  } catch (const std::exception& error) {  // such as a concentration beyond what this model's spectra allow
    measured.failure = firstLine(error);
  }
  {
    const std::lock_guard lock(mutex);
    lensLoss = std::move(measured);
  }
  lossSeconds += secondsSince(start);
  notify();
}

/// Of each model that is published, and of each request, once. Not of a model that nobody sees.
bool Engine::State::promptDue() const {
  return promptWanted && trainer && publishedStep == trainer->stepNumber() &&
         (!promptRead || !(promptRead->request == *promptWanted) || promptRead->step != trainer->stepNumber() ||
          promptRead->generation != generation);
}

void Engine::State::readPrompt(const PromptRequest& request) {
  auto read = std::make_shared<PromptReading>();
  try {
    *read = trainer->read(request);
  } catch (const std::exception& error) {
    read->request = request;
    read->step = trainer->stepNumber();
    read->failure = firstLine(error);
  }
  read->generation = generation;
  if (read->snapshot) {
    auto snapshot = std::make_shared<Snapshot>(*read->snapshot);
    snapshot->generation = generation;
    read->snapshot = std::move(snapshot);
  }
  {
    const std::lock_guard lock(mutex);
    promptRead = std::move(read);
  }
  notify();
}

void Engine::State::oneStep(bool continuous) {
  const auto start = Clock::now();
  StepMetrics step = trainer->step();
  untouched = 0;
  const std::int64_t number = step.step;
  playingSeconds += secondsSince(start);
  const Knobs& knobs = trainer->knobs();
  if (!continuous ||
      (number % std::max(20, knobs.snapshotEvery) == 0 && (evenly || lossSeconds <= kLossShare * playingSeconds))) {
    const auto lossStart = Clock::now();
    step.heldOutLoss = heldOutLoss = trainer->heldOutLoss();
    lossSeconds += secondsSince(lossStart);
  }
  timeline->append(generation, step);
  {
    const std::lock_guard lock(mutex);
    status.trainedSteps = number;
    status.trainedSeconds = playingSeconds;
  }
  if (const double seconds = secondsSince(windowStart); seconds >= kSpeedWindow) {
    stepsPerSecond = static_cast<double>(number - windowStep) / seconds;
    windowStart = Clock::now();
    windowStep = number;
  }
  const bool due =
      pace ? number % pace->every() == 0
           : number - publishedStep >= knobs.snapshotEvery && (evenly || snapshotSeconds <= kSnapshotShare * playingSeconds);
  if (!continuous || due) publish();
  tellPace();
}

/// Pauses where playUntil() said so, unless it was said otherwise meanwhile.
void Engine::State::stopAfter(std::int64_t limit) {
  {
    const std::lock_guard lock(mutex);
    if (lastStep != limit) return;
    lastStep = kNoLimit;
    playing = false;
  }
  if (publishedStep != trainer->stepNumber()) publish();
  settle();
}

void Engine::State::run() {
  for (;;) {
    Knobs knobs;
    std::int64_t limit = kNoLimit;
    bool changed = false, fresh = false, continuous = false, single = false, tells = false;
    std::uint64_t back = 0, newLabel = 0;
    std::optional<Lens> loss;
    std::optional<PromptRequest> prompt;
    std::optional<ModelToContinue> onwards;
    AnalysisRequest analysis;
    {
      std::unique_lock lock(mutex);
      const auto work = [&] {
        return stopping || knobsChanged || rebuild || restoreWanted || goToWanted || continueWanted || singleSteps > 0 ||
               pace != paceWanted ||
               (trainer && ((playing && (!held() || trainer->stepNumber() >= lastStep)) || lossWanted || promptDue() ||
                            publishedStep != trainer->stepNumber() || (store && !isStoredIn(store.get()))));
      };
      if (!work() && !playing) windowStart = Clock::time_point{};
      if (analysisWanted.enabled)  // a paused model is analysed too, once the analyst is free
        wake.wait_for(lock, std::chrono::milliseconds(200), work);
      else
        wake.wait(lock, work);
      if (stopping) break;
      tells = playing || (pace != paceWanted && status.state != EngineState::Failed);
      pace = paceWanted;
      runner = runnerWanted;
      analysis = analysisWanted;
      knobs = wanted;
      changed = std::exchange(knobsChanged, false);
      fresh = std::exchange(rebuild, false);
      back = std::exchange(restoreWanted, 0);
      if (const auto to = std::exchange(goToWanted, std::nullopt); to && *to != label) back = kept.labelled(*to);
      onwards = std::exchange(continueWanted, std::nullopt);
      newLabel = wantedLabel;
      continuous = playing;
      limit = lastStep;
      if (!continuous && singleSteps > 0) {
        --singleSteps;
        single = true;
      }
      loss = std::exchange(lossWanted, std::nullopt);
      prompt = promptWanted;
    }
    if (windowStart == Clock::time_point{} && (continuous || single)) {  // the speed of pauses is no speed of training
      windowStart = Clock::now();
      windowStep = trainer ? trainer->stepNumber() : 0;
    }
    if (tells) tellPace();
    try {
      if (trainer) trainer->useThreads(threads);
      if (back && !restore(back)) {
        fail(SourceFailure::NotKept,
             translated("the model to go back to is kept no longer: the memory for such models was full"));
        continue;
      }
      if (onwards) continueFrom(*onwards);
      if (fresh)
        build(knobs);
      else if (changed)
        adopt(knobs);
      if (fresh || changed || back || onwards) {
        if (fresh || changed || onwards) {
          const std::lock_guard lock(mutex);
          label = newLabel;
        }
        settle();
      }
      if (loss && trainer) measureLensLoss(*loss);
      if (evenly && analysisDue(analysis, continuous)) handToAnalyst(analysis);  // of step 0, before it is left
      if (trainer && (single || (continuous && trainer->stepNumber() < limit && !held()))) oneStep(continuous);
      if (trainer && continuous && trainer->stepNumber() >= limit) stopAfter(limit);
      if (trainer && !continuous && publishedStep != trainer->stepNumber()) publish();  // what a pause stopped at is shown
      if (prompt && trainer && promptDue()) readPrompt(*prompt);
      if (!continuous || storeDue()) storeState();
      if (analysisDue(analysis, continuous)) handToAnalyst(analysis);
    } catch (const NonFiniteLoss& error) {
      fail(SourceFailure::NonFiniteLoss,
           translated("%1: training is paused and the last good state is kept; reset, or lower the learning rate", error.what()));
    } catch (const CorpusError& error) {
      fail(SourceFailure::Corpus, error.what());
    } catch (const std::exception& error) {
      if (!goOnWithoutGpu(error))
        fail(isOutOfMemory(error) ? SourceFailure::OutOfMemory : SourceFailure::Other, firstLine(error));
    }
  }
  storeState();
}

}  // namespace moescope
