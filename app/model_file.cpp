#include "app/model_file.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "app/options.h"
#include "core/checkpoint/safetensors.h"
#include "core/data/files.h"
#include "core/data/output_file.h"
#include "core/session/session_reader.h"
#include "core/session/unchecked_models.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestModel = std::uint64_t{8} << 30;  // bytes; the largest knobs take less
constexpr std::size_t kNamedSteps = 8;

bool isSession(const fs::path& file) {
  char beginning[16] = {};
  std::ifstream(file, std::ios::binary).read(beginning, sizeof beginning);
  return std::string_view(beginning, sizeof beginning) == std::string_view("SQLite format 3\0", 16);
}

std::string bytesOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = file ? static_cast<std::uint64_t>(file.tellg()) : 0;
  std::vector<std::uint8_t> beginning(std::min<std::uint64_t>(8, size));
  file.seekg(0).read(reinterpret_cast<char*>(beginning.data()), static_cast<std::streamsize>(beginning.size()));
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  safetensorsHeaderLength(beginning, size, path.string());
  if (size > kLargestModel)
    throw std::runtime_error(path.string() + ": " + std::to_string(size) + " bytes; a model's state has at most " +
                             std::to_string(kLargestModel));
  std::string bytes(size, '\0');
  if (!file.seekg(0).read(bytes.data(), static_cast<std::streamsize>(size)))
    throw std::runtime_error(path.string() + ": cannot be read");
  return bytes;
}

/// The last one, or of a step that of the newest generation.
const RecordedModel& chosen(const std::vector<RecordedModel>& models, std::optional<std::int64_t> step,
                            const std::string& session) {
  if (models.empty()) throw std::runtime_error(session + ": no model to go on from");
  if (!step) return models.back();
  const auto found =
      std::find_if(models.rbegin(), models.rend(), [&](const RecordedModel& model) { return model.step == *step; });
  if (found != models.rend()) return *found;
  std::string nearest;
  std::vector<std::int64_t> steps;
  for (const RecordedModel& model : models) steps.push_back(model.step);
  std::sort(steps.begin(), steps.end(),
            [&](std::int64_t a, std::int64_t b) { return std::abs(a - *step) < std::abs(b - *step); });
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  steps.resize(std::min(steps.size(), kNamedSteps));
  std::sort(steps.begin(), steps.end());
  for (const std::int64_t each : steps) nearest += (nearest.empty() ? "" : ", ") + std::to_string(each);
  throw std::runtime_error(session + ": no model was kept at step " + std::to_string(*step) + "; the nearest are at " + nearest);
}

/// "PATH@STEP", where there is no file of that whole name.
std::pair<fs::path, std::optional<std::int64_t>> placeAndStep(const std::string& from) {
  std::error_code none;
  const std::size_t at = from.rfind('@');
  if (fs::exists(from, none) || at == std::string::npos) return {from, std::nullopt};
  std::int64_t step = -1;
  const auto [end, error] = std::from_chars(from.data() + at + 1, from.data() + from.size(), step);
  if (error != std::errc() || end != from.data() + from.size() || step < 0) return {from, std::nullopt};
  return {from.substr(0, at), step};
}

/// All, or those of one run.
std::vector<RecordedModel> modelsOf(const SessionReader& session, std::int64_t run) {
  std::vector<RecordedModel> models = session.models();
  if (run == 0) return models;
  const std::vector<RecordedRun> runs = session.runs();
  if (std::none_of(runs.begin(), runs.end(), [&](const RecordedRun& each) { return each.number == run; }))
    throw std::runtime_error(session.path().string() + ": no run " + std::to_string(run) + "; `moescope session` lists them");
  std::set<std::uint64_t> generations;
  for (const RecordedGeneration& each : session.recorded())
    if (each.run == run) generations.insert(each.number);
  std::erase_if(models, [&](const RecordedModel& model) { return !generations.contains(model.generation); });
  return models;
}

/// Of several runs, which one: nobody may have meant another.
void sayRun(const SessionReader& session, const RecordedModel& model) {
  const std::vector<RecordedGeneration> all = session.recorded();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const RecordedGeneration& each) { return each.number == model.generation; });
  if (found == all.end() || session.runs().size() < 2) return;
  printNotes({"goes on from run " + std::to_string(found->run) + ", step " + std::to_string(model.step)});
}

}  // namespace

ModelOrigin readModelOrigin(const std::string& from, OtherText otherText, std::int64_t run) {
  const auto [path, step] = placeAndStep(from);
  requireRegularFile(path);
  if (!isSession(path)) {
    if (run > 0) throw std::runtime_error(path.string() + ": one model; expected a session of which a run can be chosen");
    ModelOrigin origin{readModelState(bytesOf(path), path.string(), otherText)};
    if (step && *step != origin.state->step())
      throw std::runtime_error(path.string() + ": this model is of step " + std::to_string(origin.state->step()) + ", not " +
                               std::to_string(*step));
    return origin;
  }
  SessionReader session(path);
  const RecordedModel model =
      chosen(modelsOf(session, run), step, path.string() + (run > 0 ? ", run " + std::to_string(run) : ""));
  const std::string place = path.string() + ": model of step " + std::to_string(model.step);
  ModelOrigin origin{readModelState(session.model(model.generation, model.step), place, otherText), path, model.generation};
  session.readAll();  // a damaged session may have lost a newer model
  printNotes(session.notes());
  if (const std::string line = uncheckedModels(path); !line.empty()) printNotes({line});
  sayRun(session, model);
  return origin;
}

void writeModelFile(const fs::path& file, const TrainerState& state) { writeFileAtomically(file, modelStateBytes(state)); }

}  // namespace moescope
