// moescope session: what a session file holds, and whether all of it can be read.

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/commands.h"
#include "app/json_output.h"
#include "app/report_json.h"
#include "core/session/session_reader.h"
#include "core/session/unchecked_models.h"

namespace moescope {
namespace {

using nlohmann::json;

std::uint64_t sessionFileBytes(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

json runToJson(const RecordedRun& recorded) {
  const SessionRun& run = recorded.run;
  return {{"run", recorded.number},     {"started", recorded.started}, {"version", run.version},
          {"device", run.device},       {"threads", run.threads},      {"seed", run.knobs.seed},
          {"router", run.knobs.router}, {"corpus", run.corpus},        {"corpus_hash", run.corpusHash}};
}

/// What is its own: a branch has that of its origin besides.
json generationToJson(const RecordedGeneration& generation) {
  json object = {{"generation", generation.number},
                 {"run", generation.run},
                 {"steps", generation.steps},
                 {"first_step", nullptr},
                 {"last_step", nullptr},
                 {"snapshots", generation.snapshots},
                 {"knob_changes", generation.knobChanges},
                 {"branched_from", nullptr}};
  if (generation.steps > 0) object.update({{"first_step", generation.firstStep}, {"last_step", generation.lastStep}});
  if (generation.from) object["branched_from"] = {{"generation", generation.from}, {"step", generation.fromStep}};
  return object;
}

json sessionToJson(const SessionReader& session) {
  json report = {{"file", session.path().string()},
                 {"bytes", sessionFileBytes(session.path())},
                 {"journal_bytes", sessionFileBytes(session.path().string() + "-wal")},
                 {"runs", json::array()},
                 {"generations", json::array()},
                 {"snapshots", session.snapshots()},
                 {"analyses", session.analysesRecorded()},
                 {"models", json::array()},
                 {"bookmarks", json::array()},
                 {"has_document", !session.document().empty()},
                 {"left_out", session.leftOut()}};
  for (const RecordedRun& run : session.runs()) report["runs"].push_back(runToJson(run));
  for (const RecordedGeneration& generation : session.recorded()) report["generations"].push_back(generationToJson(generation));
  for (const RecordedModel& model : session.models())
    report["models"].push_back({{"generation", model.generation},
                                {"step", model.step},
                                {"bytes", model.bytes},
                                {"trained_seconds", model.trainedSeconds}});
  for (const Bookmark& mark : session.bookmarks())
    report["bookmarks"].push_back({{"name", mark.name}, {"generation", mark.generation}, {"step", mark.step}});
  const std::vector<std::string> notes = session.notes();
  report["whole"] = notes.empty();
  report["lost"] = notes;
  report["unchecked_models"] = uncheckedModels(session.path());
  return report;
}

void printSession(const json& report) {
  const auto text = [](const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); };
  std::printf("%s: %.1f MB, %s\n", text(report["file"]).c_str(),
              (report["bytes"].get<double>() + report["journal_bytes"].get<double>()) / 1e6,
              report["whole"] ? "whole" : "damaged: what can be read is shown");
  for (const json& run : report["runs"])
    std::printf("run %s, started %s: Moescope %s on %s, %s threads, router %s, seed %s, corpus %s (%s)\n",
                text(run["run"]).c_str(), text(run["started"]).c_str(), text(run["version"]).c_str(), text(run["device"]).c_str(),
                text(run["threads"]).c_str(), text(run["router"]).c_str(), text(run["seed"]).c_str(), text(run["corpus"]).c_str(),
                text(run["corpus_hash"]).c_str());
  for (const json& generation : report["generations"]) {
    std::printf("generation %s of run %s: %s", text(generation["generation"]).c_str(), text(generation["run"]).c_str(),
                counted(generation["steps"].get<std::size_t>(), "step").c_str());
    if (!generation["last_step"].is_null())
      std::printf(" (%s to %s)", text(generation["first_step"]).c_str(), text(generation["last_step"]).c_str());
    std::printf(", %s, %s of knobs", counted(generation["snapshots"].get<std::size_t>(), "snapshot").c_str(),
                counted(generation["knob_changes"].get<std::size_t>(), "change").c_str());
    if (const json& from = generation["branched_from"]; !from.is_null())
      std::printf("; branched from generation %s at step %s", text(from["generation"]).c_str(), text(from["step"]).c_str());
    std::printf("\n");
  }
  std::printf("in all %s, %s of experts, %s, %s\n", counted(report["snapshots"].get<std::size_t>(), "snapshot").c_str(),
              counted(report["analyses"].get<std::size_t>(), "analysis", "analyses").c_str(),
              counted(report["models"].size(), "model").c_str(), counted(report["bookmarks"].size(), "bookmark").c_str());
  for (const json& model : report["models"])
    std::printf("model of generation %s, step %s: %.1f MB\n", text(model["generation"]).c_str(), text(model["step"]).c_str(),
                model["bytes"].get<double>() / 1e6);
  for (const auto& [what, entries] : report["left_out"].items())
    std::printf("thinned to keep to the budget: %s of %s\n", text(entries).c_str(), what.c_str());
  if (const std::string line = text(report["unchecked_models"]); !line.empty()) std::printf("%s\n", line.c_str());
  for (const json& line : report["lost"]) std::printf("%s\n", oneLine(text(line)).c_str());
}

void showSession(const std::string& file, bool asJson) {
  SessionReader session(file);
  session.readAll();
  const json report = sessionToJson(session);
  if (asJson)
    printReport(report);
  else
    printSession(report);
  if (const std::size_t faults = report["lost"].size(); faults > 0)
    throw std::runtime_error(file + ": damaged: what is lost is named above, in " + std::to_string(faults) +
                             (faults == 1 ? " line" : " lines"));
}

}  // namespace

void addSessionCommand(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("session", "Say what a session file holds, and read all of it to see whether it is whole");
  auto file = std::make_shared<std::string>();
  auto asJson = std::make_shared<bool>(false);
  command->add_option("file", *file, "A session, *.moescope")->required();
  command->add_flag("--json", *asJson, "Print JSON");
  command->callback([file, asJson] { showSession(*file, *asJson); });
}

}  // namespace moescope
