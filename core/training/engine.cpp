#include "core/training/engine.h"

#include <algorithm>
#include <utility>

#include "core/training/engine_state.h"

namespace moescope {

Engine::Engine(Knobs knobs, int threads, std::uint64_t keptBytes, std::shared_ptr<Timeline> timeline)
    : state_(std::make_unique<State>(keptBytes, std::move(timeline))) {
  requireValid(knobs);
  state_->threads = threads > 0 ? threads : allCoresButOne();
  state_->wanted = std::move(knobs);
  state_->analyst.setListener([state = state_.get()] { state->notify(); });
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Engine::~Engine() {
  keepPace(nullptr, 0);
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
    if (state_->status.state == EngineState::Paused ||
        (state_->status.state == EngineState::Failed && state_->timeline->current() > 0)) {
      state_->status.state = EngineState::Playing;
      state_->status.failure = SourceFailure::None;
      state_->status.message.clear();
    }
  }
  state_->wake.notify_one();
  state_->notify();
}

void Engine::keepPace(std::shared_ptr<Pace> pace, int runner) {
  State* state = state_.get();
  std::shared_ptr<Pace> before;
  int place = runner;
  {
    const std::lock_guard lock(state->mutex);
    if (state->paceWanted == pace) return;
    before = std::exchange(state->paceWanted, pace);
    place = std::exchange(state->runnerWanted, runner);
  }
  if (before) before->enter(place, {});
  if (pace)
    pace->enter(runner, [state] {
      { const std::lock_guard lock(state->mutex); }  // it waits, or has yet to look
      state->wake.notify_one();
    });
  state->wake.notify_one();
}

void Engine::useThreads(int threads) { state_->threads = threads > 0 ? threads : allCoresButOne(); }

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

void Engine::reset(std::uint64_t label, const std::optional<Knobs>& knobs) {
  if (knobs) requireValid(*knobs);
  {
    const std::lock_guard lock(state_->mutex);
    state_->rebuild = true;
    if (knobs) state_->wanted = *knobs, state_->knobsChanged = true;
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
    if (const LeftModel* model = state_->kept.find(state_->kept.labelled(label)); model && state_->label != label)
      state_->wanted = model->state->knobs();
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
  {
    const std::lock_guard lock(state_->mutex);
    state_->store = std::move(store);
  }
  state_->wake.notify_one();
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

void Engine::requestPrompt(const PromptRequest& request) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->promptWanted.reset();
    if (!request.text.empty()) state_->promptWanted = request;
    if (!state_->promptWanted) state_->promptRead = nullptr;
  }
  state_->wake.notify_one();
}

std::shared_ptr<const PromptReading> Engine::promptReading() const {
  const std::lock_guard lock(state_->mutex);
  return state_->promptRead;
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
    if (const auto failure = state_->timeline->analyses(now.snapshot->generation, layer).failure)
      status.analysisFailure = failure->what;
  }
  if (status.message.empty() && !status.analysisFailure.empty())
    status.message = translated("the analysis of experts failed: %1", status.analysisFailure);
  return status;
}

void Engine::setListener(std::function<void()> listener) {
  const std::lock_guard lock(state_->mutex);
  state_->listener = std::move(listener);
}

}  // namespace moescope
