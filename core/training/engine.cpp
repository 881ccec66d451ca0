#include "core/training/engine.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/data/corpus.h"
#include "core/training/analyst.h"
#include "core/training/kept_models.h"
#include "core/training/trainer.h"

namespace moescope {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr double kSnapshotShare = 0.2;   // of the time while playing that snapshots may take
constexpr double kLossShare = 0.10;      // the same for held-out losses
constexpr double kStoreShare = 0.01;     // of the time while playing that states for the store may take
constexpr double kStoreEvery = 10.0;     // seconds of training between them, at least
constexpr double kSpeedWindow = 1.0;     // seconds over which speed is measured
constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

/// LibTorch's messages carry a stack trace.
std::string firstLine(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace

/// Everything that both sides touch is behind `mutex`, held only to copy small things or swap pointers.
struct Engine::State {
  std::mutex mutex;
  std::condition_variable wake;

  std::atomic<bool> evenly = false;

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

  // What the engine hands out.
  const std::shared_ptr<Timeline> timeline;
  EngineStatus status{EngineState::Starting, "", "loading the corpus and building the model", SourceWork::BuildingModel};
  LensLoss lensLoss;
  KeptModels kept;
  std::uint64_t label = 0;  // of the model there
  std::function<void()> listener;

  // Only the engine thread touches these.
  int threads = 0;
  std::unique_ptr<Trainer> trainer;
  std::uint64_t generation = 0, newestGeneration = 0;
  std::uint64_t untouched = 0;  // id of the kept model that the trainer still equals; 0: none
  double heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  double stepsPerSecond = 0.0;
  Clock::time_point windowStart = Clock::now();
  std::int64_t windowStep = 0;
  double snapshotSeconds = 0.0, lossSeconds = 0.0, playingSeconds = 0.0, storeSeconds = 0.0, storedAt = 0.0;  // storedAt: of playingSeconds
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
  void build(const Knobs& knobs);
  void keep();
  bool restore(std::uint64_t id);
  void continueFrom(const ModelToContinue& model);
  void enter(std::unique_ptr<Trainer> old, std::uint64_t itsGeneration, const TimelineMark& mark, double seconds);
  TrainerStatePointer saved() const;
  void storeState();
  bool storeDue() const;
  void startClocks();
  void adopt(const Knobs& knobs);
  std::string firstNote() const;
  void oneStep(bool playing);
  void stopAfter(std::int64_t limit);
  void publish();
  void noteKnobs();
  void measureLensLoss(const Lens& lens);
  bool analysisDue(const AnalysisRequest& request) const;
  void handToAnalyst(const AnalysisRequest& request);
  void fail(SourceFailure failure, const std::string& message);
  void busy(SourceWork work, const std::string& message);
  void settle();
  void notify();
};

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

bool Engine::State::analysisDue(const AnalysisRequest& request) const {
  if (!request.enabled || !trainer || !analyst.idle()) return false;
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
  notify();
}

/// Null: there is no memory for it.
TrainerStatePointer Engine::State::saved() const {
  try {
    return trainer->save();
  } catch (const std::exception&) {
    return {};
  }
}

/// Before the model goes. One that cannot be saved is counted as forgotten; what was asked for happens all the same.
void Engine::State::keep() {
  storeState();
  if (!trainer) return;
  if (untouched != 0) {
    const std::lock_guard lock(mutex);
    return kept.leaveAgain(untouched);
  }
  TrainerStatePointer state = saved();
  std::shared_ptr<const TimelineMark> mark = timeline->mark(generation);
  const std::lock_guard lock(mutex);
  if (state)
    kept.put({std::move(state), generation, label, heldOutLoss, playingSeconds, std::move(mark)});
  else
    kept.miss();
}

void Engine::State::startClocks() {
  publishedStep = -1;
  windowStep = trainer->stepNumber();
  windowStart = Clock::now();
  snapshotSeconds = lossSeconds = storeSeconds = stepsPerSecond = 0.0;
  storedAt = playingSeconds;
}

void Engine::State::build(const Knobs& knobs) {
  busy(SourceWork::BuildingModel, "loading the corpus and building the model");
  auto fresh = std::make_unique<Trainer>(knobs, Dispatch::Fused, threads);  // throws with the old one still in place
  keep();
  trainer = std::move(fresh);
  generation = ++newestGeneration;
  untouched = 0;
  heldOutLoss = trainer->heldOutLoss();
  playingSeconds = 0.0;
  startClocks();
  {
    const std::lock_guard lock(mutex);
    lensLoss = {};
    status.trainedSteps = 0;
    status.trainedSeconds = 0.0;
  }
  noteKnobs();
  publish();
}

/// False: it is kept no longer.
bool Engine::State::restore(std::uint64_t id) {
  LeftModel model;
  {
    const std::lock_guard lock(mutex);
    if (const LeftModel* found = kept.find(id)) model = *found;
  }
  if (!model.state) return false;
  busy(SourceWork::RestoringModel, "going back to the model of step " + std::to_string(model.state->step()));
  auto old = std::make_unique<Trainer>(*model.state, Dispatch::Fused, threads);
  keep();
  untouched = id;
  heldOutLoss = model.heldOutLoss;
  {
    const std::lock_guard lock(mutex);
    label = model.label;
  }
  enter(std::move(old), model.generation, *model.mark, model.trainedSeconds);
  return true;
}

/// What cannot be loaded throws, with the model that is there still in place.
void Engine::State::continueFrom(const ModelToContinue& model) {
  busy(SourceWork::RestoringModel, "loading the model of step " + std::to_string(model.which.step));
  const TrainerStatePointer state = model.load();
  auto old = std::make_unique<Trainer>(*state, Dispatch::Fused, threads);
  keep();
  untouched = 0;
  heldOutLoss = old->heldOutLoss();
  const bool known = timeline->lastStep(model.which.generation) >= 0;
  enter(std::move(old), known ? model.which.generation : ++newestGeneration, model.mark ? *model.mark : TimelineMark{}, model.which.trainedSeconds);
  const std::lock_guard lock(mutex);
  if (!knobsChanged) wanted = trainer->knobs();
}

/// An older model takes the place of the one there, in its generation or a branch of it.
void Engine::State::enter(std::unique_ptr<Trainer> old, std::uint64_t itsGeneration, const TimelineMark& mark, double seconds) {
  trainer = std::move(old);
  generation = itsGeneration;
  if (timeline->lastStep(generation) > trainer->stepNumber()) {  // it went on since: what follows is a branch
    generation = ++newestGeneration;
    timeline->branch(generation, itsGeneration, trainer->stepNumber(), mark);
  }
  playingSeconds = seconds;
  startClocks();
  {
    const std::lock_guard lock(mutex);
    lensLoss = {};
    status.trainedSteps = trainer->stepNumber();
    status.trainedSeconds = playingSeconds;
  }
  noteKnobs();  // no change where the time line has them
  publish();
}

bool Engine::State::storeDue() const {
  return playingSeconds - storedAt >= kStoreEvery && storeSeconds <= kStoreShare * playingSeconds;
}

/// Hands the model's state to the store, where there is one and it does not have it. Without memory for it training goes on.
void Engine::State::storeState() {
  std::shared_ptr<ModelStore> to;
  {
    const std::lock_guard lock(mutex);
    to = store;
  }
  if (!to || !trainer) return;
  if (storedIn == to.get() && storedGeneration == generation && storedStep == trainer->stepNumber()) return;
  const auto start = Clock::now();
  storedIn = to.get();
  storedGeneration = generation;
  storedStep = trainer->stepNumber();
  storedAt = playingSeconds;
  if (TrainerStatePointer state = saved()) to->keep({generation, storedStep, playingSeconds}, std::move(state));
  storeSeconds += secondsSince(start);
}

/// What the status line says while all is well.
std::string Engine::State::firstNote() const {
  const std::vector<std::string> notes = trainer ? trainer->notes() : std::vector<std::string>{};
  if (notes.empty()) return "";
  const std::size_t more = notes.size() - 1;
  return notes.front() + (more > 0 ? " (and " + std::to_string(more) + " more)" : "");
}

void Engine::State::adopt(const Knobs& knobs) {
  if (!trainer || needsNewModel(trainer->knobs(), knobs)) return build(knobs);
  if (knobs == trainer->knobs()) return;
  if (knobs.router != trainer->knobs().router) keep();
  untouched = 0;
  storedStep = -1;  // it has other knobs
  trainer->setKnobs(knobs);
  noteKnobs();
  publish();
}

void Engine::State::noteKnobs() { timeline->append(generation, KnobChange{trainer->stepNumber(), trainer->knobs()}); }

void Engine::State::publish() {
  const auto start = Clock::now();
  publishedStep = trainer->stepNumber();  // first: one that fails is not tried again and again
  auto snapshot = std::make_shared<Snapshot>(*trainer->snapshot());
  snapshot->generation = generation;
  snapshot->heldOutLoss = heldOutLoss;
  snapshot->stepsPerSecond = stepsPerSecond;
  snapshot->tokensPerSecond = stepsPerSecond * trainer->knobs().batch * trainer->knobs().context;
  timeline->append(SnapshotPointer(std::move(snapshot)));
  snapshotSeconds += secondsSince(start);
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

void Engine::State::oneStep(bool continuous) {
  const auto start = Clock::now();
  StepMetrics step = trainer->step();
  untouched = 0;
  const std::int64_t number = step.step;
  playingSeconds += secondsSince(start);
  const Knobs& knobs = trainer->knobs();
  if (!continuous || (number % std::max(20, knobs.snapshotEvery) == 0 && (evenly || lossSeconds <= kLossShare * playingSeconds))) {
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
  const bool due = number - publishedStep >= knobs.snapshotEvery && (evenly || snapshotSeconds <= kSnapshotShare * playingSeconds);
  if (!continuous || due) publish();
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
    bool changed = false, fresh = false, continuous = false, single = false;
    std::uint64_t back = 0, newLabel = 0;
    std::optional<Lens> loss;
    std::optional<ModelToContinue> onwards;
    AnalysisRequest analysis;
    {
      std::unique_lock lock(mutex);
      const auto work = [&] {
        return stopping || knobsChanged || rebuild || restoreWanted || goToWanted || continueWanted || singleSteps > 0 ||
               (trainer && (playing || lossWanted || publishedStep != trainer->stepNumber()));
      };
      if (!work()) windowStart = Clock::time_point{};
      if (analysisWanted.enabled)  // a paused model is analysed too, once the analyst is free
        wake.wait_for(lock, std::chrono::milliseconds(200), work);
      else
        wake.wait(lock, work);
      if (stopping) break;
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
    }
    if (windowStart == Clock::time_point{} && (continuous || single)) {  // the speed of pauses is no speed of training
      windowStart = Clock::now();
      windowStep = trainer ? trainer->stepNumber() : 0;
    }
    try {
      if (back && !restore(back)) {
        fail(SourceFailure::NotKept, "the model to go back to is kept no longer: the memory for such models was full");
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
      if (trainer && (single || (continuous && trainer->stepNumber() < limit))) oneStep(continuous);
      if (trainer && continuous && trainer->stepNumber() >= limit) stopAfter(limit);
      if (trainer && !continuous && publishedStep != trainer->stepNumber()) publish();  // what a pause stopped at is shown
      if (!continuous || storeDue()) storeState();
      if (analysisDue(analysis)) handToAnalyst(analysis);
    } catch (const NonFiniteLoss& error) {
      fail(SourceFailure::NonFiniteLoss, std::string(error.what()) + ": training is paused and the last good state is kept; reset, or lower the learning rate");
    } catch (const CorpusError& error) {
      fail(SourceFailure::Corpus, error.what());
    } catch (const std::exception& error) {
      fail(isOutOfMemory(error) ? SourceFailure::OutOfMemory : SourceFailure::Other, firstLine(error));
    }
  }
  storeState();
}

Engine::Engine(Knobs knobs, int threads, std::uint64_t keptBytes, std::shared_ptr<Timeline> timeline)
    : state_(std::make_unique<State>(keptBytes, std::move(timeline))) {
  requireValid(knobs);
  state_->threads = threads > 0 ? threads : allCoresButOne();
  state_->wanted = std::move(knobs);
  state_->analyst.setListener([state = state_.get()] { state->notify(); });
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Engine::~Engine() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->listener = nullptr;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

void Engine::play() { playUntil(kNoLimit); }

void Engine::playUntil(std::int64_t step) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->playing = true;
    state_->lastStep = step;
    if (state_->status.state == EngineState::Paused || (state_->status.state == EngineState::Failed && state_->timeline->current() > 0)) {
      state_->status.state = EngineState::Playing;
      state_->status.failure = SourceFailure::None;
      state_->status.message.clear();
    }
  }
  state_->wake.notify_one();
  state_->notify();
}

void Engine::publishEvenly() { state_->evenly = true; }

void Engine::pause() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->playing = false;
    if (state_->status.state == EngineState::Playing) state_->status.state = EngineState::Paused;
  }
  state_->notify();
}

void Engine::stepOnce() {
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->playing) ++state_->singleSteps;
  }
  state_->wake.notify_one();
}

void Engine::reset(std::uint64_t label) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->rebuild = true;
    state_->goToWanted.reset();
    state_->continueWanted.reset();
    if (label) state_->wantedLabel = label;
    state_->restoreWanted = 0;  // its model would be gone at once
    state_->singleSteps = 0;
  }
  state_->wake.notify_one();
}

void Engine::setKnobs(const Knobs& knobs, std::uint64_t label) {
  requireValid(knobs);
  {
    const std::lock_guard lock(state_->mutex);
    if (label) state_->wantedLabel = label;
    state_->wanted = knobs;
    state_->knobsChanged = true;
  }
  state_->wake.notify_one();
}

bool Engine::canGoTo(std::uint64_t label) const {
  const std::lock_guard lock(state_->mutex);
  return state_->label == label || state_->kept.labelled(label) != 0;
}

void Engine::goTo(std::uint64_t label) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->goToWanted = state_->wantedLabel = label;
    state_->rebuild = state_->knobsChanged = false;  // what was asked for before is undone with it
    state_->continueWanted.reset();
    state_->singleSteps = 0;
    if (const LeftModel* model = state_->kept.find(state_->kept.labelled(label)); model && state_->label != label) state_->wanted = model->state->knobs();
    if (state_->label == label) state_->wanted = state_->present;
  }
  state_->wake.notify_one();
}

void Engine::restore(std::uint64_t id) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->restoreWanted = id;
    state_->continueWanted.reset();
    state_->singleSteps = 0;
    if (const LeftModel* model = state_->kept.find(id)) {  // what was asked for before is undone with it
      state_->wanted = model->state->knobs();
      state_->knobsChanged = state_->rebuild = false;
    }
  }
  state_->wake.notify_one();
}

void Engine::continueFrom(const ModelToContinue& model, std::uint64_t label) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->continueWanted = model;
    if (label) state_->wantedLabel = label;
    state_->goToWanted.reset();
    state_->restoreWanted = 0;
    state_->knobsChanged = state_->rebuild = false;  // what was asked for before is undone with it
    state_->singleSteps = 0;
  }
  state_->wake.notify_one();
}

void Engine::setModelStore(std::shared_ptr<ModelStore> store) {
  const std::lock_guard lock(state_->mutex);
  state_->store = std::move(store);
}

Knobs Engine::knobs() const {
  const std::lock_guard lock(state_->mutex);
  return state_->wanted;
}

void Engine::requestLoss(const Lens& lens) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->lossWanted = lens;
  }
  state_->wake.notify_one();
}

LensLoss Engine::lensLoss() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lensLoss;
}

void Engine::setAnalysis(const AnalysisRequest& request) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->analysisWanted = request;
  }
  state_->wake.notify_one();
}

std::shared_ptr<const Timeline> Engine::timeline() const { return state_->timeline; }

EngineStatus Engine::status() const {
  EngineStatus status;
  int layer = 0;
  {
    const std::lock_guard lock(state_->mutex);
    status = state_->status;
    status.kept = state_->kept.list();
    status.forgotten = state_->kept.forgotten();
    layer = state_->analysisWanted.layer;
  }
  if (const TimelineMoment now = state_->timeline->latest(); now.snapshot) {
    layer = std::clamp(layer, 0, static_cast<int>(now.snapshot->layers.size()) - 1);
    if (const auto failure = state_->timeline->analyses(now.snapshot->generation, layer).failure) status.analysisFailure = failure->what;
  }
  if (status.message.empty() && !status.analysisFailure.empty())
    status.message = "the analysis of experts failed: " + status.analysisFailure;
  return status;
}

void Engine::setListener(std::function<void()> listener) {
  const std::lock_guard lock(state_->mutex);
  state_->listener = std::move(listener);
}

}  // namespace moescope
