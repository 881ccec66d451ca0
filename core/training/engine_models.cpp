// Which model the engine thread has, and where those go that it leaves.

#include <algorithm>
#include <utility>

#include "core/training/engine_state.h"
#include "core/training/gpu_fault.h"

namespace moescope {
namespace {

constexpr double kStoreShare = 0.01;     // of the time while playing that states for the store may take
constexpr double kStoreEvery = 10.0;     // seconds of training between them, at least

}  // namespace

/// Null: there is no memory for it.
TrainerStatePointer Engine::State::saved() const {
  try {
    return trainer->save();
  } catch (const std::exception&) {
    return {};
  }
}

void Engine::State::giveUpGpu(const std::exception& error) {
  withoutGpu = true;
  gpuLost = !isOutOfMemory(error);  // for a smaller model its memory may do
  gpuNote = gpuLost ? translated("the GPU failed (%1): training goes on on the CPU", firstLine(error))
                    : translated("the GPU has too little memory: training goes on on the CPU");
}

/// What `make` makes, which is told whether the CPU is to be used whatever the knobs say: after a fault of the GPU.
template <typename Make>
std::unique_ptr<Trainer> Engine::State::newTrainer(const Make& make) {
  withoutGpu = gpuLost;
  if (!gpuLost) gpuNote.clear();
  if (!withoutGpu) try {
      return make(false);
    } catch (const std::exception& error) {
      if (!isGpuFault(error)) throw;
      giveUpGpu(error);
    }
  return make(true);
}

/// After a fault of the GPU: from where training is, or where that is lost with the GPU from the last state that was saved.
/// False: there is none, or it is on the CPU by now.
bool Engine::State::goOnWithoutGpu(const std::exception& error) {
  if (!trainer || withoutGpu || !isGpuFault(error)) return false;
  TrainerStatePointer state = saved();
  if (!state) state = lastSaved;
  if (!state) return false;
  giveUpGpu(error);
  try {
    auto next = std::make_unique<Trainer>(*onCpu(*state), Dispatch::Fused, threads);
    const TimelineMark mark = *timeline->mark(generation);
    heldOutLoss = next->heldOutLoss();
    untouched = 0;
    enter(std::move(next), generation, mark, playingSeconds);
    settle();
    return true;
  } catch (const std::exception&) {  // there is no memory for it: the fault stands
    return false;
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

void Engine::State::build(const Knobs& knobs) {
  busy(SourceWork::BuildingModel, translated("loading the corpus and building the model"));
  auto fresh = newTrainer([&](bool cpu) {
    Knobs own = knobs;
    if (cpu) own.device = "cpu";
    return std::make_unique<Trainer>(own, Dispatch::Fused, threads);
  });  // throws with the old one still in place
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
  busy(SourceWork::RestoringModel, translated("going back to the model of step %1", std::to_string(model.state->step())));
  auto old = newTrainer(
      [&](bool cpu) { return std::make_unique<Trainer>(cpu ? *onCpu(*model.state) : *model.state, Dispatch::Fused, threads); });
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
  busy(SourceWork::RestoringModel, translated("loading the model of step %1", std::to_string(model.which.step)));
  const TrainerStatePointer state = model.load();
  auto old =
      newTrainer([&](bool cpu) { return std::make_unique<Trainer>(cpu ? *onCpu(*state) : *state, Dispatch::Fused, threads); });
  keep();
  untouched = 0;
  heldOutLoss = old->heldOutLoss();
  const TimelineMark mark = model.mark ? *model.mark : TimelineMark{};
  const bool known = timeline->lastStep(model.which.generation) >= 0;
  if (!known) timeline->branch(++newestGeneration, 0, old->stepNumber(), mark);  // begins with what is known of it
  enter(std::move(old), known ? model.which.generation : newestGeneration, mark, model.which.trainedSeconds);
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
  if (storedGeneration != generation) return true;  // what it begins with
  return playingSeconds - storedAt >= kStoreEvery && storeSeconds <= kStoreShare * playingSeconds;
}

bool Engine::State::isStoredIn(const ModelStore* where) const {
  return storedIn == where && storedGeneration == generation && storedStep == trainer->stepNumber();
}

/// Hands the model's state to the store, where there is one and it does not have it, and keeps that of a GPU, which may be lost.
/// Without memory for it training goes on.
void Engine::State::storeState() {
  std::shared_ptr<ModelStore> to;
  {
    const std::lock_guard lock(mutex);
    to = store;
  }
  if (!trainer || (!to && trainer->device() == "cpu") || isStoredIn(to.get())) return;
  const auto start = Clock::now();
  storedIn = to.get();
  storedGeneration = generation;
  storedStep = trainer->stepNumber();
  storedAt = playingSeconds;
  if (TrainerStatePointer state = saved()) {
    lastSaved = state;
    if (to) to->keep({generation, storedStep, playingSeconds}, std::move(state));
  }
  storeSeconds += secondsSince(start);
}

void Engine::State::adopt(const Knobs& given) {
  Knobs knobs = given;
  if (trainer && withoutGpu) knobs.device = trainer->knobs().device;  // another learning rate makes no new model
  if (!trainer || needsNewModel(trainer->knobs(), knobs)) return build(knobs);
  if (knobs == trainer->knobs()) return;
  if (knobs.router != trainer->knobs().router) keep();
  untouched = 0;
  storedStep = analysedStep = -1;  // it has other knobs
  trainer->setKnobs(knobs);
  noteKnobs();
  publish();
}

void Engine::State::noteKnobs() { timeline->append(generation, KnobChange{trainer->stepNumber(), trainer->knobs()}); }

}  // namespace moescope
