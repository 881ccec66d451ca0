#include "core/session/session_tables.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <set>
#include <stdexcept>

#include "core/knobs/knobs_json.h"
#include "core/session/compression.h"
#include "core/session/moment_blobs.h"
#include "core/session/session_schema.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kMostListed = std::numeric_limits<std::size_t>::max();  // the budget alone thins

std::string utcNow() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::vector<std::int64_t> stepsOf(const ThinnedList<std::int64_t>& series) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < series.size(); ++i) steps.push_back(series[i]);
  return steps;
}

std::string layerStepSql() {
  std::string places;
  for (std::size_t i = 0; i < kLayerColumns.size(); ++i) places += ", ?" + std::to_string(i + 4);
  return "INSERT OR REPLACE INTO layer_step (generation, step, layer" + layerColumnList() + ") VALUES (?1, ?2, ?3" + places + ")";
}

double valueOf(const std::vector<double>& values, std::size_t layer) {
  return layer < values.size() ? values[layer] : std::numeric_limits<double>::quiet_NaN();
}

std::size_t layersOf(const StepMetrics& step) {
  std::size_t layers = 0;
  for (const LayerColumn& column : kLayerColumns) layers = std::max(layers, (step.*column.values).size());
  return layers;
}

}  // namespace

SessionTables::SessionTables(Database& database, std::uint64_t budget)
    : database_(database),
      budget_(budget),
      step_(
          database,
          "INSERT OR REPLACE INTO step (generation, step, router, loss_nats_per_byte, held_out_loss_nats_per_byte) VALUES (?1, ?2, ?3, ?4, ?5)"),
      layerStep_(database, layerStepSql()),
      snapshot_(database, "INSERT OR REPLACE INTO snapshot (generation, step, probe, data) VALUES (?1, ?2, ?3, ?4)") {
  reload();
}

void SessionTables::reload() {
  for (Kind* kind : {&snapshots_, &analyses_, &models_}) {
    kind->series.clear();
    Statement rows(database_, std::string("SELECT generation, step, length(data)") + (kind->layered ? ", layer" : ", 0") +
                                  " FROM " + kind->table + " ORDER BY generation, step");
    while (rows.step())
      kind->series[{static_cast<std::uint64_t>(rows.integer(0)), static_cast<int>(rows.integer(3))}].append(
          rows.integer(1), static_cast<std::size_t>(rows.integer(2)), kMostListed);
  }
  lastGeneration_ = static_cast<std::uint64_t>(database_.number("SELECT max(number) FROM generation"));
  run_ = database_.number("SELECT max(id) FROM run");
  entry_ =
      std::max(database_.number("SELECT max(entry) FROM analysis"), database_.number("SELECT max(entry) FROM analysis_failure"));
  leftOut_ = database_.number("SELECT sum(entries) FROM left_out");
  probe_ = nullptr;
}

void SessionTables::setBudget(std::uint64_t bytes) {
  budget_ = bytes;
  keepBudget();
}

void SessionTables::beginRun(const SessionRun& run) {
  Statement insert(
      database_,
      "INSERT INTO run (started, version, device, threads, seed, corpus, corpus_hash, knobs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  insert
      .bind(utcNow(), run.version, run.device, run.threads, static_cast<std::uint64_t>(run.knobs.seed), run.corpus,
            run.corpusHash, knobsJson(run.knobs))
      .run();
  run_ = database_.number("SELECT max(id) FROM run");
}

void SessionTables::putGeneration(std::uint64_t number, std::uint64_t from, std::int64_t fromStep) {
  if (from == 0) {
    Statement insert(database_, "INSERT OR IGNORE INTO generation (number, run) VALUES (?1, ?2)");
    insert.bind(number, run_).run();
  } else {
    Statement insert(database_,
                     "INSERT OR REPLACE INTO generation (number, run, from_generation, from_step) VALUES (?1, ?2, ?3, ?4)");
    insert.bind(number, run_, from, fromStep).run();
  }
  lastGeneration_ = std::max(lastGeneration_, number);
}

void SessionTables::put(std::uint64_t generation, const StepMetrics& step) {
  step_.bind(generation, step.step, step.router, step.loss, step.heldOutLoss).run();
  for (std::size_t layer = 0; layer < layersOf(step); ++layer) {
    std::array<double, kLayerColumns.size()> values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = valueOf(step.*kLayerColumns[i].values, layer);
    std::apply(
        [&](const auto&... value) { layerStep_.bind(generation, step.step, static_cast<std::int64_t>(layer), value...).run(); },
        values);
  }
}

void SessionTables::put(std::uint64_t generation, const KnobChange& change) {
  Statement insert(database_, "INSERT OR REPLACE INTO knob_change (generation, step, knobs) VALUES (?1, ?2, ?3)");
  insert.bind(generation, change.step, knobsJson(change.knobs)).run();
}

std::int64_t SessionTables::probeNumber(const std::shared_ptr<const Probe>& probe) {
  if (probe_ == probe) return probeNumber_;
  const std::string blob = probeBlob(*probe);
  Statement same(database_, "SELECT id FROM probe WHERE data = ?1");
  same.bind(std::string_view(blob));
  if (!same.step()) {
    Statement insert(database_, "INSERT INTO probe (data) VALUES (?1)");
    insert.bind(std::string_view(blob)).run();
    probeNumber_ = database_.number("SELECT max(id) FROM probe");
  } else {
    probeNumber_ = same.integer(0);
  }
  probe_ = probe;
  return probeNumber_;
}

void SessionTables::putSnapshot(std::uint64_t generation, const TimelineMoment& moment) {
  const std::string blob = momentBlob(moment);
  const std::int64_t probe = probeNumber(moment.snapshot->probe);
  snapshot_.bind(generation, moment.snapshot->step, probe, std::string_view(blob)).run();
  keep(snapshots_, {generation, 0}, moment.snapshot->step, blob.size());
}

void SessionTables::putAnalysis(std::uint64_t generation, const AnalysisPointer& analysis,
                                const std::shared_ptr<const ComparedEmbeddings>& compared) {
  const std::string blob = analysisBlob({analysis, compared});
  Statement insert(database_,
                   "INSERT OR REPLACE INTO analysis (generation, layer, step, entry, data) VALUES (?1, ?2, ?3, ?4, ?5)");
  insert.bind(generation, analysis->layer, analysis->step, ++entry_, std::string_view(blob)).run();
  keep(analyses_, {generation, analysis->layer}, analysis->step, blob.size());
}

void SessionTables::put(std::uint64_t generation, const AnalysisFailure& failure) {
  Statement insert(database_,
                   "INSERT OR REPLACE INTO analysis_failure (generation, layer, step, entry, what) VALUES (?1, ?2, ?3, ?4, ?5)");
  insert.bind(generation, failure.layer, failure.step, ++entry_, failure.what).run();
}

void SessionTables::putModel(std::uint64_t generation, std::int64_t step, double trainedSeconds, std::string_view bytes) {
  if (bytes.size() > kLargestBlob)
    throw std::runtime_error(translated("a model of %1 bytes; a session keeps those of at most %2", std::to_string(bytes.size()),
                                        std::to_string(kLargestBlob)));
  const std::string frame = compressed(bytes, kFastest);
  Statement insert(database_,
                   "INSERT OR REPLACE INTO model_state (generation, step, trained_seconds, data) VALUES (?1, ?2, ?3, ?4)");
  insert.bind(generation, step, trainedSeconds, std::string_view(frame)).run();
  keep(models_, {generation, 0}, step, frame.size());
}

void SessionTables::putDocument(const std::string& json) {
  Statement insert(database_, "INSERT OR REPLACE INTO document (id, json) VALUES (1, ?1)");
  insert.bind(json).run();
}

void SessionTables::putBookmarks(const std::vector<Bookmark>& bookmarks) {
  database_.run("DELETE FROM bookmark");
  Statement insert(database_, "INSERT INTO bookmark (name, generation, step) VALUES (?1, ?2, ?3)");
  for (const Bookmark& bookmark : bookmarks) insert.bind(bookmark.name, bookmark.generation, bookmark.step).run();
}

void SessionTables::noteLeftOut(const std::string& what, std::int64_t entries) {
  Statement insert(
      database_,
      "INSERT INTO left_out (what, entries) VALUES (?1, ?2) ON CONFLICT (what) DO UPDATE SET entries = entries + excluded.entries");
  insert.bind(what, entries).run();
  leftOut_ += entries;
}

std::uint64_t SessionTables::bytes() const {
  std::uint64_t sum = 0;
  for (const Kind* kind : {&snapshots_, &analyses_, &models_})
    for (const auto& [key, series] : kind->series) sum += series.bytes();
  return sum;
}

/// The row was written: what the list of its series lets go for it is deleted.
void SessionTables::keep(Kind& kind, const Key& key, std::int64_t step, std::size_t bytes) {
  Series& series = kind.series[key];
  if (!series.empty() && series.back() == step) {
    series.replaceLast(step, bytes);
  } else {
    const std::vector<std::int64_t> before =
        series.empty() ? std::vector<std::int64_t>{} : std::vector<std::int64_t>{series.back()};
    series.append(step, bytes, kMostListed);
    if (!before.empty() && (series.size() < 2 || series[series.size() - 2] != before[0])) drop(kind, key, before);
  }
  keepBudget();
}

void SessionTables::keepBudget() {
  while (bytes() > budget_) {
    Kind* largest = nullptr;
    Key key;
    std::size_t most = 0;
    for (Kind* kind : {&snapshots_, &analyses_, &models_})
      for (const auto& [each, series] : kind->series)
        if (series.size() > 2 && series.bytes() > most) most = series.bytes(), largest = kind, key = each;
    if (!largest) return;  // of each series the first and the newest stay
    Series& series = largest->series[key];
    const std::vector<std::int64_t> before = stepsOf(series);
    series.thin();
    const std::vector<std::int64_t> after = stepsOf(series);
    std::vector<std::int64_t> gone;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
    drop(*largest, key, gone);
  }
}

void SessionTables::drop(Kind& kind, const Key& key, const std::vector<std::int64_t>& gone) {
  Statement remove(database_, "DELETE FROM " + kind.table + " WHERE generation = ?1 AND step = ?2" +
                                  (kind.layered ? " AND layer = ?3" : " AND ?3 = 0"));
  for (const std::int64_t step : gone) remove.bind(key.first, step, kind.layered ? key.second : 0).run();
  noteLeftOut(kind.table, static_cast<std::int64_t>(gone.size()));
}

}  // namespace moescope
