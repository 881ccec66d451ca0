#include "core/session/session_contents.h"

#include <algorithm>
#include <limits>
#include <span>
#include <stdexcept>
#include <string_view>

#include "core/checkpoint/safetensors.h"
#include "core/knobs/knobs_json.h"
#include "core/session/compression.h"
#include "core/session/session_schema.h"
#include "core/timeline/memory.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::int64_t kMostLayers = 4096;
constexpr std::size_t kMostHistory = 256;  // analyses of a layer, as a time line keeps
constexpr std::size_t kLongestText = std::size_t{4} << 20;

}  // namespace

std::string textOf(const Statement& row, int column, const std::string& place) {
  const std::string_view text = row.blob(column);
  if (text.size() > kLongestText)
    throw std::runtime_error(translated("%1: longer than %2 bytes", place, std::to_string(kLongestText)));
  return std::string(text);
}

void SessionContents::refresh() {
  if (version >= 0 && !opened.followed) return;
  const std::int64_t now = database.number("PRAGMA data_version");
  if (now == version) return;
  index = readIndex(database);
  version = now;
}

void SessionContents::note(const std::string& line) {
  noteOnce(damaged, line);
}

std::shared_ptr<const Probe> SessionContents::probe(std::int64_t number) {
  std::shared_ptr<const Probe>& held = probes[number];
  if (held) return held;
  Statement row(database, "SELECT data FROM probe WHERE id = ?1");
  if (!row.bind(number).step()) throw std::runtime_error(place(translated("the probe %1 is missing", std::to_string(number))));
  return held = readProbe(row.blob(0), place(translated("probe %1", std::to_string(number))));
}

TimelineMoment SessionContents::moment(std::int64_t number) {
  if (const TimelineMoment* held = moments.find(number)) return *held;
  Statement row(database, "SELECT generation, step, probe, data FROM snapshot WHERE id = ?1");
  if (!row.bind(number).step()) throw std::runtime_error(place(translated("a snapshot is gone that was there before")));
  const std::int64_t step = row.integer(1);
  const std::string where = place(translated("snapshot of step %1", std::to_string(step)));
  TimelineMoment read = readMoment(row.blob(3), probe(row.integer(2)), static_cast<std::uint64_t>(row.integer(0)), where);
  if (read.snapshot->step != step)
    throw std::runtime_error(translated("%1: is of step %2", where, std::to_string(read.snapshot->step)));
  const std::size_t bytes = bytesOf(*read.snapshot) + (read.tracks ? bytesOf(*read.tracks) : 0);
  return moments.put(number, std::move(read), bytes);
}

AnalysedMoment SessionContents::analysis(std::int64_t number) {
  if (const AnalysedMoment* held = analysed.find(number)) return *held;
  Statement row(database, "SELECT generation, layer, step, data FROM analysis WHERE id = ?1");
  if (!row.bind(number).step()) throw std::runtime_error(place(translated("an analysis is gone that was there before")));
  const std::int64_t layer = row.integer(1), step = row.integer(2);
  const std::string where = place(translated("analysis of layer %1, step %2", std::to_string(layer + 1), std::to_string(step)));
  AnalysedMoment read = readAnalysis(row.blob(3), static_cast<std::uint64_t>(row.integer(0)), where);
  if (read.analysis->step != step || read.analysis->layer != layer)
    throw std::runtime_error(translated("%1: is of another layer or step", where));
  const std::size_t bytes = bytesOf(*read.analysis) + (read.compared ? bytesOf(*read.compared) : 0);
  return analysed.put(number, std::move(read), bytes);
}

std::shared_ptr<const AnalysisFailure> SessionContents::failure(std::uint64_t generation, int layer, std::int64_t step) {
  Statement row(database, "SELECT what FROM analysis_failure WHERE generation = ?1 AND layer = ?2 AND step = ?3");
  if (!row.bind(generation, layer, step).step()) return nullptr;
  return std::make_shared<const AnalysisFailure>(
      AnalysisFailure{layer, step, generation, textOf(row, 0, place(translated("a failed analysis")))});
}

const SessionIndex::Place* SessionContents::snapshotAt(std::uint64_t generation, std::int64_t step) const {
  const SessionIndex::Place* first = nullptr;
  for (const SessionIndex::Part& part : index.partsOf(generation)) {
    const auto found = index.snapshots.find(part.generation);
    if (found == index.snapshots.end() || found->second.empty()) continue;
    if (const auto* place = lastUpTo(found->second, std::min(step, part.upToStep))) return place;
    if (found->second.front().step <= part.upToStep) first = &found->second.front();
  }
  return first;
}

SessionIndex::Places SessionContents::placesOf(const std::map<SessionIndex::LayerKey, SessionIndex::Places>& all,
                                               std::uint64_t generation, int layer, std::int64_t upToStep,
                                               std::vector<std::uint64_t>* generations) const {
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

std::shared_ptr<const std::vector<AnalysisPointer>> SessionContents::history(const SessionIndex::Places& places,
                                                                             const AnalysisPointer& latest) {
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

bool SessionContents::eachStep(const SessionIndex::Part& part, std::int64_t after, bool falling,
                               const std::function<bool(StepMetrics&)>& take) {
  const std::string order = falling ? " DESC" : "";
  Statement rows(database, "SELECT s.step, s.router, s.loss_nats_per_byte, s.held_out_loss_nats_per_byte, l.layer" +
                               layerColumnList() +
                               " FROM step s LEFT JOIN layer_step l ON l.generation = s.generation AND l.step = s.step "
                               "WHERE s.generation = ?1 AND s.step > ?2 AND s.step <= ?3 ORDER BY s.step" +
                               order + ", l.layer" + order);
  rows.bind(part.generation, after, part.upToStep);
  StepMetrics step;
  bool begun = false;
  while (rows.step()) {
    if (begun && step.step != rows.integer(0)) {
      if (!take(step)) return false;
      begun = false;
    }
    if (!begun)
      step = {rows.integer(0),
              rows.real(2),
              rows.real(3),
              {},
              {},
              {},
              {},
              {},
              {},
              textOf(rows, 1, place(translated("a step's router")))};
    begun = true;
    if (rows.isNull(4)) continue;
    const std::int64_t layer = rows.integer(4);
    if (layer < 0 || layer >= kMostLayers)
      throw std::runtime_error(place(translated("step %1: has a layer %2", std::to_string(step.step), std::to_string(layer))));
    for (std::size_t i = 0; i < kLayerColumns.size(); ++i) {
      std::vector<double>& values = step.*kLayerColumns[i].values;
      if (values.size() <= static_cast<std::size_t>(layer))
        values.resize(static_cast<std::size_t>(layer) + 1, std::numeric_limits<double>::quiet_NaN());
      values[static_cast<std::size_t>(layer)] = rows.real(static_cast<int>(i) + 5);
    }
  }
  return !begun || take(step);
}

void SessionContents::noteMissingSteps(std::uint64_t generation, std::int64_t first, std::int64_t last) {
  note(place(first == last
                 ? translated("generation %1: step %2 is not in the file", std::to_string(generation), std::to_string(first))
                 : translated("generation %1: steps %2 to %3 are not in the file", std::to_string(generation),
                              std::to_string(first), std::to_string(last))));
}

void SessionContents::eachStep(std::uint64_t generation, const std::function<bool(const StepMetrics&)>& take) {
  std::vector<SessionIndex::Part> parts = index.partsOf(generation);
  std::reverse(parts.begin(), parts.end());
  std::int64_t last = -1;
  std::uint64_t owner = generation;
  bool behindDamage = false;  // which is named
  const auto forward = [&](StepMetrics& step) {
    if (last >= 0 && step.step > last + 1 && !std::exchange(behindDamage, false))
      noteMissingSteps(owner, last + 1, step.step - 1);
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
    const std::string of = std::to_string(part.generation), after = std::to_string(before),
                      until = behind.empty() ? "" : std::to_string(behind.back().step);
    note(place(before < 0 && behind.empty() ? translated("generation %1: damaged: all its steps are lost", of)
               : behind.empty()             ? translated("generation %1: damaged: the steps after %2 are lost", of, after)
               : before < 0                 ? translated("generation %1: damaged: the steps before %2 are lost", of, until)
                            : translated("generation %1: damaged: the steps after %2 and before %3 are lost", of, after, until)));
    behindDamage = true;
    for (auto step = behind.rbegin(); step != behind.rend(); ++step)
      if (!forward(*step)) return;
  }
}

std::int64_t SessionContents::lastStep(std::uint64_t generation) const {
  std::int64_t last = -1;
  for (const SessionIndex::Part& part : index.partsOf(generation)) {
    if (const auto found = index.generations.find(part.generation); found != index.generations.end())
      last = std::max(last, std::min(found->second.lastStep, part.upToStep));
    if (const auto found = index.snapshots.find(part.generation); found != index.snapshots.end())
      if (const auto* place = lastUpTo(found->second, part.upToStep)) last = std::max(last, place->step);
  }
  return last;
}

std::vector<KnobChange> SessionContents::knobChanges(std::uint64_t generation) {
  std::map<std::int64_t, std::string> changes;  // a branch's own word counts where both have one
  std::vector<SessionIndex::Part> parts = index.partsOf(generation);
  std::reverse(parts.begin(), parts.end());
  for (const SessionIndex::Part& part : parts)
    scan(database, "knob changes",
         "SELECT step, knobs FROM knob_change WHERE generation = " + std::to_string(static_cast<std::int64_t>(part.generation)),
         {"step"}, damaged, [&](Statement& row) {
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

std::string SessionContents::model(std::int64_t number, const RecordedModel& model) {
  Statement row(database, "SELECT data FROM model_state WHERE id = ?1");
  const std::string where =
      place(translated("model of generation %1, step %2", std::to_string(model.generation), std::to_string(model.step)));
  if (!row.bind(number).step()) throw std::runtime_error(translated("%1: is gone", where));
  std::string bytes = isFrame(row.blob(0)) ? decompressed(row.blob(0), where) : std::string(row.blob(0));
  const std::span beginning(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const std::uint64_t header = safetensorsHeaderLength(beginning, bytes.size(), where);
  parseSafetensorsHeader(std::string_view(bytes).substr(8, header), bytes.size() - 8 - header, where);
  return bytes;
}

}  // namespace moescope
