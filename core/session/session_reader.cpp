#include "core/session/session_reader.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "core/checkpoint/safetensors.h"
#include "core/data/files.h"
#include "core/knobs/knobs_json.h"
#include "core/session/compression.h"
#include "core/session/moment_blobs.h"
#include "core/session/moment_cache.h"
#include "core/session/session_index.h"
#include "core/session/session_schema.h"
#include "core/session/unchecked_models.h"
#include "core/timeline/memory.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMostLayers = 4096;
constexpr std::size_t kMostHistory = 256;  // analyses of a layer, as a time line keeps
constexpr std::size_t kLongestText = std::size_t{4} << 20;

/// A session as far as it can be opened.
struct Opened {
  Database database;
  bool followed = true;  ///< others may write to it
  std::vector<std::string> notes;
};

bool hasJournal(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file.string() + "-wal", none);
  return !none && size > 0;
}

/// One that was closed cleanly has nothing beside it, and so it shall be after it was read. Of any other file nothing is changed, not even
/// what its own program would tidy up.
Database::Access accessToRead(const std::filesystem::path& file) {
  std::string beginning(72, '\0');
  std::ifstream(file, std::ios::binary).read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  std::int64_t application = 0;
  for (std::size_t i = 68; i < 72; ++i) application = application << 8 | static_cast<unsigned char>(beginning[i]);
  const bool ours = beginning.starts_with("SQLite format 3") && beginning[18] == 2 && beginning[19] == 2 && application == kSessionApplication;  // 2: WAL
  if (hasJournal(file)) return Database::Access::Read;
  return ours ? Database::Access::ReadAndTidy : Database::Access::ReadAsItLies;
}

Opened openAs(const std::filesystem::path& file, Database::Access access) {
  Opened opened{Database(file, access), access == Database::Access::Read || access == Database::Access::ReadAndTidy, {}};
  requireSession(opened.database);
  return opened;
}

/// As it lies where its folder may not be written to, and what is whole of it where it is damaged.
Opened open(const std::filesystem::path& file) {
  requireRegularFile(file);
  std::string why;
  try {
    return openAs(file, accessToRead(file));
  } catch (const DatabaseError& error) {
    why = error.what();
    if (!error.ofContents()) {
      try {
        Opened opened = openAs(file, Database::Access::ReadAsItLies);
        if (hasJournal(file)) opened.notes.push_back(translated("%1; what its journal %2-wal holds is not read", why, file.filename().string()));
        return opened;
      } catch (const DatabaseError& other) {
        if (!other.ofContents()) throw;
        why = other.what();
      }
    }
  }
  try {
    Opened opened = openAs(file, Database::Access::Rescue);
    opened.notes.push_back(hasJournal(file) ? translated("%1; what its journal holds is not read", why) : why);
    return opened;
  } catch (const std::exception&) {
    throw std::runtime_error(why);
  }
}

std::string textOf(const Statement& row, int column, const std::string& place) {
  const std::string_view text = row.blob(column);
  if (text.size() > kLongestText) throw std::runtime_error(translated("%1: longer than %2 bytes", place, std::to_string(kLongestText)));
  return std::string(text);
}

}  // namespace

bool isEmptySession(const std::filesystem::path& file) {
  try {
    Database database(file, accessToRead(file));
    return isEmpty(database);
  } catch (const DatabaseError&) {
    return false;
  }
}

struct SessionReader::State {
  std::mutex mutex;
  std::filesystem::path file;
  Opened opened;
  Database& database = opened.database;
  SessionIndex index;
  std::int64_t version = -1;  // of the file's contents, when the index was read
  std::vector<std::string> damaged;  // entries that could not be read
  const std::size_t memory;
  MomentCache<TimelineMoment> moments;
  MomentCache<AnalysedMoment> analysed;
  std::map<std::int64_t, std::shared_ptr<const Probe>> probes;
  std::map<std::uint64_t, std::pair<std::int64_t, std::shared_ptr<const StepSeries>>> series;  // with their last steps

  State(const std::filesystem::path& path, std::size_t bytes)
      : file(path), opened(open(path)), memory(bytes), moments(bytes / 2), analysed(bytes / 2) {
    refresh();
  }

  std::string place(const std::string& what) const { return file.string() + ": " + what; }
  void refresh();
  void note(const std::string& line);
  std::shared_ptr<const Probe> probe(std::int64_t number);
  TimelineMoment moment(std::int64_t row);
  AnalysedMoment analysis(std::int64_t row);
  std::shared_ptr<const AnalysisFailure> failure(std::uint64_t generation, int layer, std::int64_t step);
  const SessionIndex::Place* snapshotAt(std::uint64_t generation, std::int64_t step) const;
  SessionIndex::Places placesOf(const std::map<SessionIndex::LayerKey, SessionIndex::Places>& all, std::uint64_t generation, int layer, std::int64_t upToStep,
                                std::vector<std::uint64_t>* generations = nullptr) const;
  std::shared_ptr<const std::vector<AnalysisPointer>> history(const SessionIndex::Places& places, const AnalysisPointer& latest);
  bool eachStep(const SessionIndex::Part& part, std::int64_t after, bool falling, const std::function<bool(StepMetrics&)>& take);
  void eachStep(std::uint64_t generation, const std::function<bool(const StepMetrics&)>& take);
  void noteMissingSteps(std::uint64_t generation, std::int64_t first, std::int64_t last);
  std::int64_t lastStep(std::uint64_t generation) const;
  std::vector<KnobChange> knobChanges(std::uint64_t generation);
  std::string model(std::int64_t row, const RecordedModel& model);
};

void SessionReader::State::refresh() {
  if (version >= 0 && !opened.followed) return;
  const std::int64_t now = database.number("PRAGMA data_version");
  if (now == version) return;
  index = readIndex(database);
  version = now;
}

void SessionReader::State::note(const std::string& line) {
  noteOnce(damaged, line);
}

std::shared_ptr<const Probe> SessionReader::State::probe(std::int64_t number) {
  std::shared_ptr<const Probe>& held = probes[number];
  if (held) return held;
  Statement row(database, "SELECT data FROM probe WHERE id = ?1");
  if (!row.bind(number).step()) throw std::runtime_error(place(translated("the probe %1 is missing", std::to_string(number))));
  return held = readProbe(row.blob(0), place(translated("probe %1", std::to_string(number))));
}

TimelineMoment SessionReader::State::moment(std::int64_t number) {
  if (const TimelineMoment* held = moments.find(number)) return *held;
  Statement row(database, "SELECT generation, step, probe, data FROM snapshot WHERE id = ?1");
  if (!row.bind(number).step()) throw std::runtime_error(place(translated("a snapshot is gone that was there before")));
  const std::int64_t step = row.integer(1);
  const std::string where = place(translated("snapshot of step %1", std::to_string(step)));
  TimelineMoment read = readMoment(row.blob(3), probe(row.integer(2)), static_cast<std::uint64_t>(row.integer(0)), where);
  if (read.snapshot->step != step) throw std::runtime_error(translated("%1: is of step %2", where, std::to_string(read.snapshot->step)));
  const std::size_t bytes = bytesOf(*read.snapshot) + (read.tracks ? bytesOf(*read.tracks) : 0);
  return moments.put(number, std::move(read), bytes);
}

AnalysedMoment SessionReader::State::analysis(std::int64_t number) {
  if (const AnalysedMoment* held = analysed.find(number)) return *held;
  Statement row(database, "SELECT generation, layer, step, data FROM analysis WHERE id = ?1");
  if (!row.bind(number).step()) throw std::runtime_error(place(translated("an analysis is gone that was there before")));
  const std::int64_t layer = row.integer(1), step = row.integer(2);
  const std::string where = place(translated("analysis of layer %1, step %2", std::to_string(layer + 1), std::to_string(step)));
  AnalysedMoment read = readAnalysis(row.blob(3), static_cast<std::uint64_t>(row.integer(0)), where);
  if (read.analysis->step != step || read.analysis->layer != layer) throw std::runtime_error(translated("%1: is of another layer or step", where));
  const std::size_t bytes = bytesOf(*read.analysis) + (read.compared ? bytesOf(*read.compared) : 0);
  return analysed.put(number, std::move(read), bytes);
}

std::shared_ptr<const AnalysisFailure> SessionReader::State::failure(std::uint64_t generation, int layer, std::int64_t step) {
  Statement row(database, "SELECT what FROM analysis_failure WHERE generation = ?1 AND layer = ?2 AND step = ?3");
  if (!row.bind(generation, layer, step).step()) return nullptr;
  return std::make_shared<const AnalysisFailure>(AnalysisFailure{layer, step, generation, textOf(row, 0, place(translated("a failed analysis")))});
}

/// Null: the generation has none. Before the first one: the first.
const SessionIndex::Place* SessionReader::State::snapshotAt(std::uint64_t generation, std::int64_t step) const {
  const SessionIndex::Place* first = nullptr;
  for (const SessionIndex::Part& part : index.partsOf(generation)) {
    const auto found = index.snapshots.find(part.generation);
    if (found == index.snapshots.end() || found->second.empty()) continue;
    if (const auto* place = lastUpTo(found->second, std::min(step, part.upToStep))) return place;
    if (found->second.front().step <= part.upToStep) first = &found->second.front();
  }
  return first;
}

/// A layer's entries by step, also of what the generation branched from.
SessionIndex::Places SessionReader::State::placesOf(const std::map<SessionIndex::LayerKey, SessionIndex::Places>& all, std::uint64_t generation, int layer,
                                                    std::int64_t upToStep, std::vector<std::uint64_t>* generations) const {
  SessionIndex::Places places;
  std::vector<SessionIndex::Part> parts = index.partsOf(generation);
  std::reverse(parts.begin(), parts.end());
  for (const SessionIndex::Part& part : parts) {
    const auto found = all.find({part.generation, layer});
    if (found == all.end()) continue;
    for (const SessionIndex::Place& place : found->second) {
      if (place.step > std::min(part.upToStep, upToStep)) break;
      while (!places.empty() && places.back().step >= place.step) {
        places.pop_back();
        if (generations) generations->pop_back();
      }
      places.push_back(place);
      if (generations) generations->push_back(part.generation);
    }
  }
  return places;
}

/// All of them, or as evenly spread ones as memory has room for; `latest`, which is of the last place, at the end.
std::shared_ptr<const std::vector<AnalysisPointer>> SessionReader::State::history(const SessionIndex::Places& places, const AnalysisPointer& latest) {
  auto all = std::make_shared<std::vector<AnalysisPointer>>();
  const std::size_t most = std::clamp<std::size_t>(memory / 4 / bytesOf(*latest), 1, kMostHistory);
  std::size_t stride = 1;
  while ((places.size() - 1) / stride + 1 > most) stride *= 2;
  for (std::size_t i = 0; i + 1 < places.size(); i += stride) try {
      all->push_back(analysis(places[i].row).analysis);
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  all->push_back(latest);
  return all;
}

/// Steps of one part that come after `after`, rising or falling. False: `take` has had enough.
bool SessionReader::State::eachStep(const SessionIndex::Part& part, std::int64_t after, bool falling, const std::function<bool(StepMetrics&)>& take) {
  const std::string order = falling ? " DESC" : "";
  Statement rows(database, "SELECT s.step, s.router, s.loss_nats_per_byte, s.held_out_loss_nats_per_byte, l.layer" + layerColumnList() +
                               " FROM step s LEFT JOIN layer_step l ON l.generation = s.generation AND l.step = s.step "
                               "WHERE s.generation = ?1 AND s.step > ?2 AND s.step <= ?3 ORDER BY s.step" + order + ", l.layer" + order);
  rows.bind(part.generation, after, part.upToStep);
  StepMetrics step;
  bool begun = false;
  while (rows.step()) {
    if (begun && step.step != rows.integer(0)) {
      if (!take(step)) return false;
      begun = false;
    }
    if (!begun) step = {rows.integer(0), rows.real(2), rows.real(3), {}, {}, {}, {}, {}, {}, textOf(rows, 1, place(translated("a step's router")))};
    begun = true;
    if (rows.isNull(4)) continue;
    const std::int64_t layer = rows.integer(4);
    if (layer < 0 || layer >= kMostLayers) throw std::runtime_error(place(translated("step %1: has a layer %2", std::to_string(step.step), std::to_string(layer))));
    for (std::size_t i = 0; i < kLayerColumns.size(); ++i) {
      std::vector<double>& values = step.*kLayerColumns[i].values;
      if (values.size() <= static_cast<std::size_t>(layer)) values.resize(static_cast<std::size_t>(layer) + 1, std::numeric_limits<double>::quiet_NaN());
      values[static_cast<std::size_t>(layer)] = rows.real(static_cast<int>(i) + 5);
    }
  }
  return !begun || take(step);
}

void SessionReader::State::noteMissingSteps(std::uint64_t generation, std::int64_t first, std::int64_t last) {
  note(place(first == last ? translated("generation %1: step %2 is not in the file", std::to_string(generation), std::to_string(first))
                           : translated("generation %1: steps %2 to %3 are not in the file", std::to_string(generation), std::to_string(first), std::to_string(last))));
}

void SessionReader::State::eachStep(std::uint64_t generation, const std::function<bool(const StepMetrics&)>& take) {
  std::vector<SessionIndex::Part> parts = index.partsOf(generation);
  std::reverse(parts.begin(), parts.end());
  std::int64_t last = -1;
  std::uint64_t owner = generation;
  bool behindDamage = false;  // which is named
  const auto forward = [&](StepMetrics& step) {
    if (last >= 0 && step.step > last + 1 && !std::exchange(behindDamage, false)) noteMissingSteps(owner, last + 1, step.step - 1);
    last = step.step;
    return take(step);
  };
  for (const SessionIndex::Part& part : parts) {
    owner = part.generation;
    try {
      if (!eachStep(part, last, false, forward)) return;
      continue;
    } catch (const DatabaseError& error) {
      if (!error.ofContents()) throw;
    }
    std::vector<StepMetrics> behind;  // the damage
    const std::int64_t before = last;
    try {
      eachStep(part, last, true, [&](StepMetrics& step) {
        behind.push_back(step);
        return true;
      });
    } catch (const DatabaseError& error) {
      if (!error.ofContents()) throw;
    }
    const std::string of = std::to_string(part.generation), after = std::to_string(before), until = behind.empty() ? "" : std::to_string(behind.back().step);
    note(place(before < 0 && behind.empty() ? translated("generation %1: damaged: all its steps are lost", of)
               : behind.empty()             ? translated("generation %1: damaged: the steps after %2 are lost", of, after)
               : before < 0                 ? translated("generation %1: damaged: the steps before %2 are lost", of, until)
                                            : translated("generation %1: damaged: the steps after %2 and before %3 are lost", of, after, until)));
    behindDamage = true;
    for (auto step = behind.rbegin(); step != behind.rend(); ++step)
      if (!forward(*step)) return;
  }
}

std::int64_t SessionReader::State::lastStep(std::uint64_t generation) const {
  std::int64_t last = -1;
  for (const SessionIndex::Part& part : index.partsOf(generation)) {
    if (const auto found = index.generations.find(part.generation); found != index.generations.end())
      last = std::max(last, std::min(found->second.lastStep, part.upToStep));
    if (const auto found = index.snapshots.find(part.generation); found != index.snapshots.end())
      if (const auto* place = lastUpTo(found->second, part.upToStep)) last = std::max(last, place->step);
  }
  return last;
}

std::vector<KnobChange> SessionReader::State::knobChanges(std::uint64_t generation) {
  std::map<std::int64_t, std::string> changes;  // a branch's own word counts where both have one
  std::vector<SessionIndex::Part> parts = index.partsOf(generation);
  std::reverse(parts.begin(), parts.end());
  for (const SessionIndex::Part& part : parts)
    scan(database, "knob changes", "SELECT step, knobs FROM knob_change WHERE generation = " + std::to_string(static_cast<std::int64_t>(part.generation)), {"step"}, damaged,
         [&](Statement& row) {
           if (row.integer(0) <= part.upToStep) changes[row.integer(0)] = textOf(row, 1, place(translated("a knob change")));
         });
  std::vector<KnobChange> read;
  for (const auto& [step, text] : changes) try {
      read.push_back({step, readKnobsJson(text, place(translated("knob change at step %1", std::to_string(step))))});
    } catch (const std::runtime_error& error) {
      note(error.what());
    }
  return read;
}

std::string SessionReader::State::model(std::int64_t number, const RecordedModel& model) {
  Statement row(database, "SELECT data FROM model_state WHERE id = ?1");
  const std::string where = place(translated("model of generation %1, step %2", std::to_string(model.generation), std::to_string(model.step)));
  if (!row.bind(number).step()) throw std::runtime_error(translated("%1: is gone", where));
  std::string bytes = isFrame(row.blob(0)) ? decompressed(row.blob(0), where) : std::string(row.blob(0));
  const std::span beginning(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const std::uint64_t header = safetensorsHeaderLength(beginning, bytes.size(), where);
  parseSafetensorsHeader(std::string_view(bytes).substr(8, header), bytes.size() - 8 - header, where);
  return bytes;
}

// ---------------------------------------------------------------- what others see

std::string uncheckedModels(const std::filesystem::path& session) {
  Opened opened = open(session);
  std::int64_t count = 0;
  std::vector<std::string> damage;  // which SessionReader names
  scan(opened.database, "model states", "SELECT substr(data, 1, 4) FROM model_state NOT INDEXED", {"id"}, damage, [&](Statement& row) { count += isFrame(row.blob(0)) ? 0 : 1; });
  if (count == 0) return {};
  return session.string() + ": " + std::to_string(count) + (count == 1 ? " model was" : " models were") +
         " kept without a checksum, by an older Moescope: damage to the weights would not be noticed";
}

SessionReader::SessionReader(const std::filesystem::path& file, std::size_t memory) : state_(std::make_unique<State>(file, memory)) {}
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
  State& state = *state_;
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
  State& state = *state_;
  std::vector<RecordedRun> runs;
  scan(state.database, "runs", "SELECT id, started, version, device, threads, corpus, corpus_hash, knobs FROM run", {"id"}, state.damaged, [&](Statement& row) {
    const std::string where = state.place(translated("run %1", std::to_string(row.integer(0))));
    RecordedRun each{row.integer(0), textOf(row, 1, where), {textOf(row, 2, where), textOf(row, 3, where), static_cast<int>(row.integer(4)), {}, textOf(row, 5, where), textOf(row, 6, where)}};
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
  scan(state_->database, "bookmarks", "SELECT name, generation, step FROM bookmark", {"id"}, state_->damaged, [&](Statement& row) {
    all.push_back({textOf(row, 0, state_->place(translated("a bookmark"))), static_cast<std::uint64_t>(row.integer(1)), row.integer(2)});
  });
  return all;
}

std::string SessionReader::model(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard held(state_->mutex);
  state_->refresh();
  const auto found = state_->index.models.find({generation, step});
  if (found == state_->index.models.end())
    throw std::runtime_error(state_->place(translated("holds no model of generation %1 at step %2", std::to_string(generation), std::to_string(step))));
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
  State& state = *state_;
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
    if (places.empty() || failures[i].entry > places.back().entry) result.failure = state.failure(owners[i], layer, failures[i].step);
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
    if (const SessionIndex::Places places = state_->placesOf(*all, generation, layer, upToStep); !places.empty()) last = std::max(last, places.back().step);
  return last;
}

}  // namespace moescope
