#include "core/checkpoint/checkpoint_source.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/geometry/stop_scope.h"
#include "core/words/words.h"

namespace moescope {
namespace {

/// The snapshot, its origin saying also what the analysis found in the experts' weights.
SnapshotPointer withNotes(const SnapshotPointer& snapshot, const std::vector<std::string>& notes) {
  auto origin = std::make_shared<CheckpointOrigin>(*snapshot->checkpoint);
  for (const std::string& note : notes)
    if (std::find(origin->notes.begin(), origin->notes.end(), note) == origin->notes.end()) origin->notes.push_back(note);
  if (origin->notes.size() == snapshot->checkpoint->notes.size()) return snapshot;
  auto told = std::make_shared<Snapshot>(*snapshot);
  told->checkpoint = std::move(origin);
  return told;
}

}  // namespace

struct CheckpointSource::State {
  /// What an analysis is of.
  using Job = std::pair<int, AnalysisSettings>;

  mutable std::mutex mutex;
  std::condition_variable wake;
  AnalysisRequest request;
  EngineStatus status{EngineState::Starting, "", ""};
  std::string unreadable;  // why the layer asked for last is not shown; goes before other messages
  const std::shared_ptr<Timeline> timeline = std::make_shared<Timeline>();
  std::map<int, AnalysisSettings> analysed;  // what of each layer was asked for, where the time line has an analysis
  std::optional<Job> underWay, givenUp;
  std::optional<CaptureUntold> untold;
  int layers = 0, shown = -1, summarised = 0, compared = 0;  // layers; the last two only the thread touches
  std::vector<LayerOfExperts> summaries;                      // the same
  std::shared_ptr<const DomainLifts> lifts;                   // the same
  bool liftsTaken = false;                                    // the same
  bool stopping = false, analyses = false, comparing = false, sharedGivenUp = false;

  std::mutex listening;  // held while the listener is called
  std::function<void()> listener;

  std::unique_ptr<const LayerReader> reader;  // only the thread touches it
  std::uint64_t generation = 0;
  std::thread thread;

  void run(const std::filesystem::path& folder, const std::filesystem::path& trace, const CaptureReading& reading);
  bool open(const std::filesystem::path& folder, const std::filesystem::path& trace, const CaptureReading& reading);
  void readLayer(int layer);
  void readAllTokens(int layer);
  void summarise();
  void takeLifts();
  void compareShared();
  SnapshotPointer withSummaries(const SnapshotPointer& snapshot) const;
  bool summaryDue() const { return shown >= 0 && summarised < layers && reader->summarises(); }
  bool liftsDue() const { return reader->summarises() && summarised == layers && !liftsTaken; }
  bool sharedDue() const {
    return request.sharedNorms && !sharedGivenUp && shown >= 0 && reader->comparesShared() && summarised == layers &&
           compared < layers;
  }
  void analyse(const Job& job);
  std::optional<Job> due() const;
  int wanted() const { return std::clamp(request.layer, 0, std::max(0, layers - 1)); }
  void setStatus(EngineState state, const std::string& message);
  void notify();
};

void CheckpointSource::State::notify() {
  const std::lock_guard lock(listening);
  if (listener) listener();
}

void CheckpointSource::State::setStatus(EngineState state, const std::string& message) {
  {
    const std::lock_guard lock(mutex);
    status.state = state;
    status.message = message;
  }
  notify();
}

bool CheckpointSource::State::open(const std::filesystem::path& folder, const std::filesystem::path& trace,
                                   const CaptureReading& reading) {
  setStatus(EngineState::Starting, translated("opening %1", folder.string()));
  try {
    reader = openLayers(folder, trace, generation, reading);
    const std::lock_guard lock(mutex);
    layers = reader->layers();
    analyses = reader->analyses();
    return true;
  } catch (const CaptureUntold& refused) {
    {
      const std::lock_guard lock(mutex);
      untold = refused;
    }
    setStatus(EngineState::Failed, refused.what());
  } catch (const std::exception& error) {
    setStatus(EngineState::Failed, error.what());
  }
  return false;
}

void CheckpointSource::State::readLayer(int layer) {
  setStatus(EngineState::Starting, translated("reading layer %1", std::to_string(reader->number(layer))));
  SnapshotPointer snapshot;
  std::string trouble;
  try {
    snapshot = withSummaries(reader->snapshot(layer));
    timeline->append(snapshot);
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  {
    const std::lock_guard lock(mutex);
    if (snapshot) {
      shown = layer;
    } else if (wanted() == layer) {
      request.layer = std::max(0, shown);
    }
    status.state = shown < 0 ? EngineState::Failed : wanted() == shown ? EngineState::Paused : EngineState::Starting;
    status.message = unreadable = trouble;
  }
  notify();
}

/// The means of a long trace follow the picture of its sample. What is wrong with them is said; the sample stays.
void CheckpointSource::State::readAllTokens(int layer) {
  const SnapshotPointer shown = timeline->latest().snapshot;
  const std::string of = std::to_string(reader->number(layer));
  std::string trouble;
  const auto progress = [&](std::int64_t done, std::int64_t all) {
    {
      const std::lock_guard lock(mutex);
      if (stopping || wanted() != layer) return false;
      status.message =
          translated("reading the tokens of layer %1: %2 of %3", of, std::to_string(done), std::to_string(all));
    }
    notify();
    return true;
  };
  try {
    if (const SnapshotPointer all = reader->withAllTokens(shown, layer, progress); all != shown) timeline->append(all);
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  {
    const std::lock_guard lock(mutex);
    if (wanted() == layer) status.message = trouble;
  }
  notify();
}

SnapshotPointer CheckpointSource::State::withSummaries(const SnapshotPointer& snapshot) const {
  if (summaries.empty()) return snapshot;
  auto told = std::make_shared<Snapshot>(*snapshot);
  told->byLayer = std::make_shared<const std::vector<LayerOfExperts>>(summaries);
  told->liftByLayer = lifts;
  return told;
}

/// One more layer; what was found stands on the time line now and then, and when all are there.
void CheckpointSource::State::summarise() {
  constexpr int atOnce = 8;
  try {
    summaries.push_back(reader->summary(summarised));
  } catch (const std::exception& error) {
    summaries.push_back({.number = reader->number(summarised), .failure = error.what()});
  }
  if (summarised > 0) tellOnwards(summaries[summaries.size() - 2], summaries.back());
  const bool tells = ++summarised == layers || summarised % atOnce == 0;
  if (tells) timeline->append(withSummaries(timeline->latest().snapshot));
  {
    const std::lock_guard lock(mutex);
    status.work = summarised < layers || liftsDue() ? SourceWork::ReadingLayer : SourceWork::None;
  }
  if (tells) notify();
}

/// Of all layers together, once their choices are known.
void CheckpointSource::State::takeLifts() {
  const auto goesOn = [&](int) {
    const std::lock_guard lock(mutex);
    return !stopping && wanted() == shown;
  };
  std::string trouble;
  try {
    lifts = reader->lifts(summaries, goesOn);
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  if (!trouble.empty() && !goesOn(0)) return;  // another layer comes first
  liftsTaken = true;
  if (lifts) timeline->append(withSummaries(timeline->latest().snapshot));
  {
    const std::lock_guard lock(mutex);
    status.work = SourceWork::None;
    if (!trouble.empty()) status.message = trouble;
  }
  notify();
}

/// One more layer, whose experts it reads.
void CheckpointSource::State::compareShared() {
  const int layer = compared, experts = reader->experts(layer);
  LayerOfExperts& into = summaries[static_cast<std::size_t>(layer)];
  const std::string number = std::to_string(reader->number(layer));
  const auto stops = [&] { return stopping || !request.sharedNorms || sharedGivenUp || wanted() != shown || due(); };
  const auto progress = [&](int done) {
    {
      const std::lock_guard lock(mutex);
      if (stops()) return false;
      status.work = SourceWork::ReadingLayer;
      status.message = translated("shared against routed experts, layer %1 (%2 of %3): %4 of %5 experts (Escape stops)", number,
                                  std::to_string(layer + 1), std::to_string(layers), std::to_string(done),
                                  std::to_string(experts));
    }
    notify();
    return true;
  };
  bool stopped = false;
  try {
    reader->compareShared(layer, into, progress);
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex);
    stopped = stops();
    if (!stopped) into.sharedFailure = error.what();
  }
  if (!stopped) ++compared;
  timeline->append(withSummaries(timeline->latest().snapshot));
  {
    const std::lock_guard lock(mutex);
    comparing = !stopped && sharedDue();
    if (!comparing) status.work = SourceWork::None;
    if (!comparing)
      status.message =
          sharedGivenUp ? translated("shared against routed experts: stopped at layer %1", number) : std::string();
  }
  notify();
}

/// The analysis that is asked for and not there. Call it with the mutex held.
std::optional<CheckpointSource::State::Job> CheckpointSource::State::due() const {
  if (!request.enabled || !analyses || shown < 0 || wanted() != shown) return std::nullopt;
  const Job job{shown, request.settings};
  const auto found = analysed.find(shown);
  const bool held = found != analysed.end() && found->second == request.settings && timeline->analyses(generation, shown).latest;
  if (job == givenUp || held) return std::nullopt;
  return job;
}

void CheckpointSource::State::analyse(const Job& job) {
  const auto [layer, settings] = job;
  const std::string number = std::to_string(reader->number(layer));
  const int experts = reader->experts(layer);
  const auto progress = [&](int done) {
    {
      const std::lock_guard lock(mutex);
      if (stopping || due() != job) return false;
      const bool read = done >= experts;
      status.message =
          read ? translated("comparing the experts of layer %1 (Escape stops)", number)
               : translated("analysing layer %1: %2 of %3 experts (Escape stops)", number, std::to_string(done),
                            std::to_string(experts));
    }
    notify();
    return true;
  };
  AnalysisPointer result;
  std::string trouble;
  try {
    result = reader->analysis(layer, settings, progress);
    timeline->append(withNotes(timeline->latest().snapshot, result->notes));
    timeline->append(result);
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  {
    const std::lock_guard lock(mutex);
    const bool stopped = due() != job;
    if (result) {
      analysed[layer] = settings;
    } else if (!stopped) {
      givenUp = job;
    }
    underWay.reset();
    if (!result && !stopped) timeline->append(AnalysisFailure{layer, 0, generation, trouble});
    status.message = !trouble.empty() && !stopped ? trouble
                     : givenUp == job             ? translated("the analysis of layer %1 was stopped", number)
                                                  : std::string();
  }
  notify();
}

void CheckpointSource::State::run(const std::filesystem::path& folder, const std::filesystem::path& trace,
                                  const CaptureReading& reading) {
  const StopScope scope([&] {
    const std::lock_guard lock(mutex);
    return stopping;
  });
  if (!open(folder, trace, reading)) return;
  for (;;) {
    int layer = 0;
    std::optional<Job> job;
    bool reads = false;
    {
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return stopping || wanted() != shown || summaryDue() || liftsDue() || due() || sharedDue(); });
      if (stopping) return;
      layer = wanted();
      const bool idle = layer == shown && !summaryDue() && !liftsDue();
      if (idle) underWay = job = due();
      comparing = idle && !job;
    }
    if (job)
      analyse(*job);
    else if (layer == shown && summaryDue())
      summarise();
    else if (layer == shown && liftsDue())
      takeLifts();
    else if (layer == shown)
      compareShared();
    else if (layer != shown)
      readLayer(layer), reads = true;
    {
      const std::lock_guard lock(mutex);
      if (shown < 0) return;  // not even the first layer can be read
      reads = reads && shown == layer;
    }
    if (reads) readAllTokens(layer);
  }
}

CheckpointSource::CheckpointSource(std::filesystem::path folder, std::filesystem::path trace, std::uint64_t generation,
                                   CaptureReading reading)
    : folder_(std::move(folder)), trace_(std::move(trace)), reading_(reading), state_(std::make_unique<State>()) {
  state_->generation = generation;
  state_->thread = std::thread([this] { state_->run(folder_, trace_, reading_); });
}

CheckpointSource::~CheckpointSource() {
  setListener(nullptr);
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

std::shared_ptr<const Timeline> CheckpointSource::timeline() const { return state_->timeline; }

std::optional<CaptureUntold> CheckpointSource::untold() const {
  const std::lock_guard lock(state_->mutex);
  return state_->untold;
}

EngineStatus CheckpointSource::status() const {
  const std::lock_guard lock(state_->mutex);
  EngineStatus status = state_->status;
  if (status.state == EngineState::Paused && !state_->unreadable.empty()) status.message = state_->unreadable;
  return status;
}

void CheckpointSource::setAnalysis(const AnalysisRequest& request) {
  {
    const std::lock_guard lock(state_->mutex);
    if (request != state_->request) state_->givenUp.reset();
    if (request.sharedNorms != state_->request.sharedNorms) state_->sharedGivenUp = false;
    state_->request = request;
    if (state_->shown >= 0 && state_->wanted() != state_->shown) state_->status.state = EngineState::Starting;
  }
  state_->wake.notify_one();
}

void CheckpointSource::setListener(std::function<void()> listener) {
  const std::lock_guard lock(state_->listening);
  state_->listener = std::move(listener);
}

bool CheckpointSource::stopAnalysis() {
  const std::lock_guard lock(state_->mutex);
  if (std::exchange(state_->comparing, false)) return state_->sharedGivenUp = true;
  if (!state_->underWay) return false;
  state_->givenUp = state_->underWay;
  return true;
}

}  // namespace moescope
