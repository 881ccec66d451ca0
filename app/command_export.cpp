// moescope export: what a session holds, as files that other programs read (docs/export.md).

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <stdexcept>

#include "app/commands.h"
#include "app/options.h"
#include "core/data/output_file.h"
#include "core/session/session_reader.h"
#include "core/session/unchecked_models.h"
#include "core/timeline/export.h"

namespace moescope {
namespace {

struct SessionExport {
  std::string session, what, output;
  std::int64_t step = std::numeric_limits<std::int64_t>::max();  ///< the last
  std::uint64_t generation = 0;                                  ///< 0: the newest
  bool replace = false;
};

/// What a kind of export is written as.
const std::map<std::string, std::vector<std::string>>& exportEndings() {
  static const std::map<std::string, std::vector<std::string>> table = {
      {"metrics", {".csv", ".jsonl"}}, {"snapshot", {".npz"}}, {"model", {".safetensors"}}};
  return table;
}

void requireExportEnding(const SessionExport& options) {
  const std::vector<std::string>& allowed = exportEndings().at(options.what);
  if (std::any_of(allowed.begin(), allowed.end(), [&](const std::string& ending) { return options.output.ends_with(ending); }))
    return;
  std::string expected;
  for (const std::string& ending : allowed) expected += (expected.empty() ? "" : " or ") + ending;
  throw CLI::ValidationError(
      "-o", "'" + options.output + "' does not end in " + expected + ", in which " + options.what + " is written");
}

/// Of one at least.
const RecordedGeneration& newestOf(const std::vector<RecordedGeneration>& all) {
  return *std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
}

std::uint64_t chosenGeneration(const SessionReader& session, const SessionExport& options) {
  const std::vector<RecordedGeneration> all = session.recorded();
  if (all.empty()) throw std::runtime_error(options.session + ": no run is recorded in it");
  if (options.generation == 0) return newestOf(all).number;
  const bool there =
      std::any_of(all.begin(), all.end(), [&](const RecordedGeneration& each) { return each.number == options.generation; });
  if (!there)
    throw std::runtime_error(options.session + ": no generation " + std::to_string(options.generation) +
                             "; `moescope session` lists them");
  return options.generation;
}

/// Which of several generations was taken where none was named.
void sayGeneration(const SessionReader& session, const SessionExport& options) {
  const std::vector<RecordedGeneration> all = session.recorded();
  if (options.generation != 0 || all.size() < 2) return;
  const RecordedGeneration& newest = newestOf(all);
  std::fprintf(stderr, "note: of %zu generations the newest, %llu of run %lld; --generation chooses another\n", all.size(),
               static_cast<unsigned long long>(newest.number), static_cast<long long>(newest.run));
}

/// Where what there is, is not of the very step that was asked for.
void sayStep(const std::string& what, std::int64_t found, const SessionExport& options) {
  if (options.step != std::numeric_limits<std::int64_t>::max() && found != options.step)
    std::fprintf(stderr, "note: the last %s up to step %lld is of step %lld\n", what.c_str(),
                 static_cast<long long>(options.step), static_cast<long long>(found));
}

std::string metricsOf(const SessionReader& session, const SessionExport& options) {
  const std::uint64_t generation = chosenGeneration(session, options);
  std::vector<StepMetrics> steps;
  session.eachStep(generation, [&](const StepMetrics& step) {
    if (step.step <= options.step) steps.push_back(step);
    return step.step <= options.step;
  });
  if (steps.empty())
    throw std::runtime_error(options.session + ": no steps of generation " + std::to_string(generation) + " up to there");
  sayStep("training step", steps.back().step, options);
  DataTable table = metricsTable(steps);
  table.about = {{"session", options.session}, {"generation", static_cast<std::int64_t>(generation)}};
  return options.output.ends_with(".csv") ? csvOf(table) : jsonLinesOf(table);
}

std::string snapshotOf(const SessionReader& session, const SessionExport& options) {
  const TimelineMoment moment = session.at(chosenGeneration(session, options), options.step);
  if (!moment.snapshot) throw std::runtime_error(options.session + ": no snapshot up to there");
  sayStep("snapshot", moment.snapshot->step, options);
  return snapshotNpz(*moment.snapshot);
}

std::string modelOf(const SessionReader& session, const SessionExport& options) {
  const std::uint64_t generation = chosenGeneration(session, options);
  std::int64_t last = -1;
  for (const RecordedModel& each : session.models())
    if (each.generation == generation && each.step <= options.step) last = std::max(last, each.step);
  if (last < 0)
    throw std::runtime_error(options.session + ": no model of generation " + std::to_string(generation) + " is kept up to there");
  sayStep("model", last, options);
  return session.model(generation, last);
}

/// What is to be written. What is not there may have been lost, which is said then.
std::string contentsOf(const SessionReader& session, const SessionExport& options) {
  try {
    return options.what == "metrics"    ? metricsOf(session, options)
           : options.what == "snapshot" ? snapshotOf(session, options)
                                        : modelOf(session, options);
  } catch (const std::runtime_error& error) {
    const std::string words = error.what();
    const std::vector<std::string> lost = session.notes();
    if (lost.empty() || words.find("damaged") != std::string::npos) throw;
    throw std::runtime_error(words + "; " + lost.front());
  }
}

/// What can be read of a damaged session is written; that something may be missing in it is a failure all the same.
void exportFrom(const SessionExport& options) {
  requireExportEnding(options);
  requireNewFile(options.output, options.replace);
  const SessionReader session(options.session);
  writeFileAtomically(options.output, contentsOf(session, options));
  sayGeneration(session, options);
  std::printf("%s\n", options.output.c_str());
  const std::vector<std::string> lost = session.notes();
  if (const std::string line = uncheckedModels(options.session); options.what == "model" && !line.empty()) printNotes({line});
  printNotes(lost);
  if (!lost.empty())
    throw std::runtime_error(options.output + ": written, but " + options.session +
                             " is damaged, and what is lost of it is named above");
}

}  // namespace

void addExportCommand(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("export", "Write what a session holds for other programs: metrics, a snapshot or a model");
  auto options = std::make_shared<SessionExport>();
  command->add_option("session", options->session, "A session, *.moescope")->required();
  command->add_option("--what", options->what, "metrics (.csv or .jsonl), snapshot (.npz) or model (.safetensors)")
      ->required()
      ->check(CLI::IsMember({"metrics", "snapshot", "model"}));
  command->add_option("--step", options->step, "Up to this training step: the last snapshot or model until then [the end]")
      ->check(countFrom(0));
  command->add_option("--generation", options->generation, "Of the session's generations [the newest]")->check(countFrom(1));
  command->add_option("-o,--output", options->output, "File to write")->required();
  addForceOption(command, options->replace);
  command->callback([options] { exportFrom(*options); });
}

}  // namespace moescope
