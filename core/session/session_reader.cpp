#include "core/session/session_reader.h"

#include <algorithm>
#include <stdexcept>

#include "core/knobs/knobs_json.h"
#include "core/session/session_contents.h"
#include "core/words/words.h"

namespace moescope {

SessionReader::SessionReader(const std::filesystem::path& file, std::size_t memory)
    : state_(std::make_unique<SessionContents>(file, memory)) {}
SessionReader::~SessionReader() = default;

const std::filesystem::path& SessionReader::path() const { return state_->file; }

std::vector<std::string> SessionReader::notes() const {
  const std::lock_guard held(state_->mutex);
  std::vector<std::string> all = state_->opened.notes;
  for (const auto* notes : {&state_->index.notes, &state_->damaged})
    for (const std::string& line : *notes) noteOnce(all, line);
  return all;
}

void SessionReader::readAll() {
  const std::lock_guard held(state_->mutex);
  SessionContents& state = *state_;
  const auto tried = [&](const auto& read) {
    try {
      read();
    } catch (const std::runtime_error& error) {
      state.note(error.what());
    }
  };
  for (const auto& [generation, places] : state.index.snapshots)
    for (const SessionIndex::Place& place : places) tried([&] { state.moment(place.row); });
  for (const auto& [key, places] : state.index.analyses)
    for (const SessionIndex::Place& place : places) tried([&] { state.analysis(place.row); });
  for (const auto& [key, model] : state.index.models) tried([&, &model = model] { state.model(model.first, model.second); });
  for (const auto& [number, generation] : state.index.generations) {
    tried([&, number = number] { state.eachStep(number, [](const StepMetrics&) { return true; }); });
    tried([&, number = number] { state.knobChanges(number); });
  }
}

std::vector<RecordedRun> SessionReader::runs() const {
  const std::lock_guard held(state_->mutex);
  SessionContents& state = *state_;
  std::vector<RecordedRun> runs;
  scan(state.database, "runs", "SELECT id, started, version, device, threads, corpus, corpus_hash, knobs FROM run", {"id"},
       state.damaged, [&](Statement& row) {
         const std::string where = state.place(translated("run %1", std::to_string(row.integer(0))));
         RecordedRun each{row.integer(0),
                          textOf(row, 1, where),
                          {textOf(row, 2, where),
                           textOf(row, 3, where),
                           static_cast<int>(row.integer(4)),
                           {},
                           textOf(row, 5, where),
                           textOf(row, 6, where)}};
         try {
           each.run.knobs = readKnobsJson(row.blob(7), where);
         } catch (const std::runtime_error& error) {
           state.note(error.what());
         }
         runs.push_back(std::move(each));
       });
  return runs;
}

std::vector<RecordedGeneration> SessionReader::recorded() const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  std::vector<RecordedGeneration> all;
  for (const auto& [number, generation] : state_->index.generations) all.push_back(generation);
  return all;
}

std::vector<RecordedModel> SessionReader::models() const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  std::vector<RecordedModel> all;
  for (const auto& [key, model] : state_->index.models) all.push_back(model.second);
  return all;
}

std::map<std::string, std::int64_t> SessionReader::leftOut() const {
  const std::lock_guard held(state_->mutex);
  std::map<std::string, std::int64_t> counts;
  scan(state_->database, "counts of what was left out", "SELECT what, entries FROM left_out", {"what"}, state_->damaged,
       [&](Statement& row) { counts[std::string(row.blob(0).substr(0, 80))] = row.integer(1); });
  return counts;
}

std::int64_t SessionReader::snapshots() const {
  const std::lock_guard held(state_->mutex);
  std::int64_t count = 0;
  for (const auto& [generation, places] : state_->index.snapshots) count += static_cast<std::int64_t>(places.size());
  return count;
}

std::int64_t SessionReader::analysesRecorded() const {
  const std::lock_guard held(state_->mutex);
  std::int64_t count = 0;
  for (const auto& [key, places] : state_->index.analyses) count += static_cast<std::int64_t>(places.size());
  return count;
}

std::string SessionReader::document() const {
  const std::lock_guard held(state_->mutex);
  Statement row(state_->database, "SELECT json FROM document WHERE id = 1");
  return row.step() ? textOf(row, 0, state_->place(translated("the state of the window"))) : std::string();
}

std::vector<Bookmark> SessionReader::bookmarks() const {
  const std::lock_guard held(state_->mutex);
  std::vector<Bookmark> all;
  scan(state_->database, "bookmarks", "SELECT name, generation, step FROM bookmark", {"id"}, state_->damaged,
       [&](Statement& row) {
         all.push_back({textOf(row, 0, state_->place(translated("a bookmark"))), static_cast<std::uint64_t>(row.integer(1)),
                        row.integer(2)});
       });
  return all;
}

std::string SessionReader::model(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  const auto found = state_->index.models.find({generation, step});
  if (found == state_->index.models.end())
    throw std::runtime_error(state_->place(
        translated("holds no model of generation %1 at step %2", std::to_string(generation), std::to_string(step))));
  return state_->model(found->second.first, found->second.second);
}

TimelineMark SessionReader::mark(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard held(state_->mutex);
  TimelineMark mark;
  state_->eachStep(generation, [&](const StepMetrics& each) {
    if (each.step > step) return false;
    mark.steps.append(each);
    return true;
  });
  mark.knobs = state_->knobChanges(generation);
  std::erase_if(mark.knobs, [&](const KnobChange& change) { return change.step > step; });
  return mark;
}

void SessionReader::eachStep(std::uint64_t generation, const std::function<bool(const StepMetrics&)>& take) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  state_->eachStep(generation, take);
}

TimelineMoment SessionReader::latest() const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  return state_->index.newestSnapshot > 0 ? state_->moment(state_->index.newestSnapshot) : TimelineMoment{};
}

std::vector<std::uint64_t> SessionReader::generations() const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  std::vector<std::uint64_t> all;
  for (const auto& [number, generation] : state_->index.generations) all.push_back(number);
  return all;
}

std::int64_t SessionReader::lastStep(std::uint64_t generation) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  return state_->lastStep(generation);
}

TimelineMoment SessionReader::at(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  const SessionIndex::Place* place = state_->snapshotAt(generation, step);
  return place ? state_->moment(place->row) : TimelineMoment{};
}

std::vector<std::int64_t> SessionReader::snapshotSteps(std::uint64_t generation) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  std::vector<std::int64_t> steps;
  for (const SessionIndex::Part& part : state_->index.partsOf(generation))
    if (const auto found = state_->index.snapshots.find(part.generation); found != state_->index.snapshots.end())
      for (const SessionIndex::Place& place : found->second)
        if (place.step <= part.upToStep) steps.push_back(place.step);
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

std::shared_ptr<const StepSeries> SessionReader::steps(std::uint64_t generation) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  auto& [last, series] = state_->series[generation];
  const std::int64_t now = state_->lastStep(generation);
  if (series && last == now) return series;
  StepRecorder recorder;
  state_->eachStep(generation, [&](const StepMetrics& step) {
    recorder.append(step);
    return true;
  });
  last = now;
  return series = std::make_shared<const StepSeries>(recorder.series());
}

std::vector<KnobChange> SessionReader::knobChanges(std::uint64_t generation) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  return state_->knobChanges(generation);
}

std::optional<BranchPoint> SessionReader::branchPoint(std::uint64_t generation) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  const auto found = state_->index.generations.find(generation);
  if (found == state_->index.generations.end() || found->second.from == 0) return std::nullopt;
  return BranchPoint{found->second.from, found->second.fromStep};
}

LayerAnalyses SessionReader::analyses(std::uint64_t generation, int layer, std::int64_t upToStep) const {
  static const auto none = std::make_shared<const std::vector<AnalysisPointer>>();
  const std::lock_guard held(state_->mutex);
  SessionContents& state = *state_;
  state.refresh();
  LayerAnalyses result{nullptr, nullptr, none, nullptr};
  const SessionIndex::Places places = state.placesOf(state.index.analyses, generation, layer, upToStep);
  if (!places.empty()) {
    const AnalysedMoment latest = state.analysis(places.back().row);
    result.latest = latest.analysis;
    result.compared = latest.compared;
    result.history = state.history(places, latest.analysis);
  }
  std::vector<std::uint64_t> owners;
  const SessionIndex::Places failures = state.placesOf(state.index.failures, generation, layer, upToStep, &owners);
  for (std::size_t i = 0; i < failures.size(); ++i)
    if (places.empty() || failures[i].entry > places.back().entry)
      result.failure = state.failure(owners[i], layer, failures[i].step);
  return result;
}

std::int64_t SessionReader::snapshotStepAt(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  const SessionIndex::Place* place = state_->snapshotAt(generation, step);
  return place ? place->step : -1;
}

std::int64_t SessionReader::analysisStepAt(std::uint64_t generation, int layer, std::int64_t upToStep) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  std::int64_t last = -1;
  for (const auto* all : {&state_->index.analyses, &state_->index.failures})
    if (const SessionIndex::Places places = state_->placesOf(*all, generation, layer, upToStep); !places.empty())
      last = std::max(last, places.back().step);
  return last;
}

}  // namespace moescope
