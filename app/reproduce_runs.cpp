#include "app/reproduce_runs.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <thread>

#include "app/options.h"
#include "app/report_json.h"
#include "app/window/version.h"
#include "core/data/corpus.h"
#include "core/experiments/planned_key.h"
#include "core/training/libraries.h"

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Its version, LibTorch's and its results', on which numbers hang beside what is run.
std::string thisProgram() {
  return programVersion() + " with LibTorch " + torchReport().version + ", results " + std::to_string(kResultVersion);
}

std::string nameIn(const RunFolder& folder, const PlannedRun& run) { return keyOf(run, folder.text, thisProgram()); }
std::string fileOf(const RunFolder& folder, const PlannedRun& run) { return folder.path + "/" + nameIn(folder, run) + ".json"; }

constexpr int kNotStarted = 127;  // of a worker; as kWriteFailed it would be an errno that no file has

/// Starts this program as a worker for one run, with one thread.
pid_t start(const PlannedRun& run, const std::string& file) {
  std::vector<std::string> words = {fs::read_symlink("/proc/self/exe").string(),
                                    "reproduce-run",
                                    "--task",
                                    nameOf(run.task),
                                    "--steps",
                                    std::to_string(run.steps),
                                    "-o",
                                    file};
  if (run.oracle) words.push_back("--oracle");
  for (const KnobDeclaration& knob : knobTable()) {
    words.push_back("--" + knob.name);
    words.push_back(wordOf(knob, run.knobs));
  }
  const pid_t parent = getpid(), child = fork();
  if (child < 0) throw std::runtime_error("a worker could not be started");
  if (child == 0) {
    setenv("OMP_NUM_THREADS", "1", 1);
    if (nice(5) == -1) {}  // only a courtesy
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a reproduction that is killed takes its workers with it, stopped ones too
    if (getppid() != parent) _exit(kNotStarted);
    std::vector<char*> raw;
    for (std::string& word : words) raw.push_back(word.data());
    raw.push_back(nullptr);
    execv(raw[0], raw.data());
    _exit(kNotStarted);
  }
  return child;
}

/// A worker that has ended, 0 if none has: waits a moment for one, so that progress can be told meanwhile.
pid_t endedWorker(int& status) {
  const pid_t ended = waitpid(-1, &status, WNOHANG);
  if (ended <= 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return ended;
}

json numbers(const std::vector<double>& values) {
  json list = json::array();
  for (const double v : values) list.push_back(number(v));
  return list;
}

/// Under NAME_leading, NAME_leading_share, NAME_effective_rank, and NAME_value_1 to the last shown for sigma_i / sigma_1.
void addSpectra(const std::string& name, const std::vector<JacobianSpectrum>& layers, json& result) {
  const auto add = [&](const std::string& what, const std::function<double(const JacobianSpectrum&)>& value) {
    std::vector<double> byLayer;
    for (const JacobianSpectrum& layer : layers) byLayer.push_back(value(layer));
    result[name + "_" + what] = numbers(byLayer);
  };
  add("leading", [](const JacobianSpectrum& layer) { return layer.leading; });
  add("leading_share", [](const JacobianSpectrum& layer) { return layer.leadingShare; });
  add("effective_rank", [](const JacobianSpectrum& layer) { return layer.effectiveRank; });
  for (int i = 1; i <= kSingularValues; ++i)
    add("value_" + std::to_string(i),
        [i](const JacobianSpectrum& layer) { return i <= layer.decay.size() ? layer.decay[i - 1] : NAN; });
}

}  // namespace

std::string toJson(const RunResult& r) {
  json result = {{"version", kResultVersion},
                 {"held_out_loss", number(r.heldOutLoss)},
                 {"load_cv", numbers(r.loadVariation)},
                 {"max_vio", numbers(r.maxViolation)},
                 {"load_entropy", numbers(r.loadEntropy)},
                 {"dead_hard", r.deadHard},
                 {"dead_soft", r.deadSoft},
                 {"router_similarity", numbers(r.routerSimilarity)},
                 {"jacobian_cosine", numbers(r.jacobianCosine)},
                 {"overlap", numbers(r.overlap)},
                 {"null_overlap", numbers(r.nullOverlap)},
                 {"weight_contrast", numbers(r.weightContrast)},
                 {"gradient_contrast", numbers(r.gradientContrast)},
                 {"movement_contrast", numbers(r.movementContrast)},
                 {"spearman", numbers(r.spearman)},
                 {"spectrum_cv", numbers(r.spectrumVariation)},
                 {"entropy", numbers(r.entropy)},
                 {"entropy_rises", r.entropyRises},
                 {"entropy_tests", r.entropyTests},
                 {"cluster_information", numbers(r.clusterInformation)},
                 {"cluster_purity", numbers(r.clusterPurity)},
                 {"recovery", numbers(r.recovery)},
                 {"random_recovery", numbers(r.randomRecovery)},
                 {"chordal", numbers(r.chordal)},
                 {"router_cosine", numbers(r.routerCosine)},
                 {"router_similarity_centred", numbers(r.routerSimilarityCentred)},
                 {"router_cosine_centred", numbers(r.routerCosineCentred)},
                 {"same_expert_cosine", numbers(r.sameExpertCosine)},
                 {"projection_energy", numbers(r.projectionEnergy)},
                 {"pearson", numbers(r.pearson)},
                 {"max_vio_of_batches", numbers(r.maxViolationOfBatches)},
                 {"load_cv_of_batches", numbers(r.loadVariationOfBatches)},
                 {"load_entropy_of_batches", numbers(r.loadEntropyOfBatches)},
                 {"max_vio_of_validation", numbers(r.maxViolationOfValidation)},
                 {"load_cv_of_validation", numbers(r.loadVariationOfValidation)},
                 {"load_entropy_of_validation", numbers(r.loadEntropyOfValidation)},
                 {"token_effective_rank", numbers(r.tokenEffectiveRank)},
                 {"entropy_roc", numbers(r.entropyRoc)}};
  for (std::size_t tenth = 0; tenth < 10;
       ++tenth) {  // "loss_of_tenth_1": of the tokens whose routing has the least entropy, per layer
    std::vector<double> entropy, loss;
    for (const std::vector<CalibrationPart>& layer : r.entropyCalibration) {
      entropy.push_back(tenth < layer.size() ? layer[tenth].score : NAN);
      loss.push_back(tenth < layer.size() ? layer[tenth].outcome : NAN);
    }
    result["entropy_of_tenth_" + std::to_string(tenth + 1)] = numbers(entropy);
    result["loss_of_tenth_" + std::to_string(tenth + 1)] = numbers(loss);
  }
  for (const RowsAtStep& at : r.rows) {
    const std::string step = "@" + std::to_string(at.step);
    result["router_similarity" + step] = numbers(at.similarity);
    result["router_cosine" + step] = numbers(at.cosine);
    result["router_similarity_centred" + step] = numbers(at.similarityCentred);
    result["router_cosine_centred" + step] = numbers(at.cosineCentred);
    result["max_vio" + step] = numbers(at.maxViolation);
  }
  addSpectra("jacobian", r.jacobians, result);
  addSpectra("layer_jacobian", r.layerJacobians, result);
  return result.dump() + "\n";
}

RunValues runValuesOf(const std::string& content) {
  const json result = json::parse(content, nullptr, false);
  if (!result.is_object() || !result.contains("held_out_loss") || result.value("version", json()) != json(kResultVersion))
    return {};
  RunValues values;
  for (const auto& [name, entry] : result.items())
    for (const json& number : entry.is_array() ? entry : json::array({entry}))
      values[name].push_back(number.is_number() ? number.get<double>() : NAN);
  return values;
}

double meanOverLayers(const RunValues& run, const std::string& field) {
  const auto found = run.find(field);
  if (found == run.end() || found->second.empty()) return NAN;
  double sum = 0.0;
  for (const double value : found->second) sum += value;
  return sum / static_cast<double>(found->second.size());
}

RunFolder runFolder(const std::string& path, ExperimentTask task, const std::string& corpus) {
  return {path, task == ExperimentTask::Corpus ? contentHash(loadCorpus(corpus)) : ""};
}

RunValues resultOf(const RunFolder& folder, const PlannedRun& run) {
  std::error_code ignored;
  if (!fs::is_regular_file(fileOf(folder, run), ignored)) return {};  // not there yet, or a named pipe, which would be waited for
  std::ifstream stream(fileOf(folder, run));
  return runValuesOf({std::istreambuf_iterator<char>(stream), {}});
}

void requireResults(const std::vector<PlannedRun>& runs, const RunFolder& folder) {
  std::set<std::string> missing;
  for (const PlannedRun& run : runs)
    if (resultOf(folder, run).empty()) missing.insert(nameIn(folder, run));
  if (missing.empty()) return;
  throw std::runtime_error(
      std::to_string(missing.size()) + " of " + std::to_string(runs.size()) + " runs have no result in " + folder.path + ", " +
      *missing.begin() + " among them; merge the folders of their shards too, or train them by the same command without --merge");
}

RunTime timeOf(const PlannedRun& run) {
  const std::string file = (fs::temp_directory_path() / ("moescope-timed-" + std::to_string(getpid()) + ".json")).string();
  const auto seconds = [&](long steps) {
    PlannedRun timed = run;
    timed.steps = steps;
    const auto begin = std::chrono::steady_clock::now();
    int status = 0;
    const pid_t worker = start(timed, file);
    while (waitpid(worker, &status, 0) < 0 && errno == EINTR) {}
    std::error_code ignored;
    fs::remove(file, ignored);
    if (interrupted()) throw std::runtime_error("stopped");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      throw std::runtime_error("a run of " + std::to_string(steps) + " steps to measure the speed failed");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const double few = seconds(10), more = seconds(40), step = std::max(1e-4, (more - few) / 30.0);
  return {step, std::max(0.0, few - 10.0 * step)};
}

void runAll(const std::vector<PlannedRun>& runs, const RunFolder& folder, int jobs, RunProgress& progress) {
  std::vector<const PlannedRun*> waiting;
  std::set<std::string> seen;
  for (const PlannedRun& run : runs)
    if (seen.insert(nameIn(folder, run)).second && resultOf(folder, run).empty()) waiting.push_back(&run);
  const std::size_t total = waiting.size();
  const std::size_t places = jobs > 0 ? static_cast<std::size_t>(jobs) : std::max(1u, std::thread::hardware_concurrency());
  std::map<pid_t, const PlannedRun*> running;
  progress.taken(runs.size() - total);
  for (std::size_t next = 0, done = 0; done < total; progress.tick()) {
    for (; next < total && running.size() < places && !interrupted(); ++next)
      running[start(*waiting[next], fileOf(folder, *waiting[next]))] = waiting[next];
    if (running.empty()) break;
    int status = 0;
    const auto found = running.find(endedWorker(status));
    if (found == running.end()) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNotStarted)
      throw std::runtime_error("this program could not be started as a worker: is its file still there?");
    if (WIFEXITED(status) && WEXITSTATUS(status) > kWriteFailed)
      throw WriteError(fileOf(folder, *found->second), WEXITSTATUS(status) - kWriteFailed, "; the runs before stay");
    if (!interrupted() && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
      std::fprintf(stderr, "\nrun %s failed and is left out\n", nameIn(folder, *found->second).c_str());
    running.erase(found);
    ++done;
    progress.trained();
  }
  if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r\033[K");
  if (interrupted()) throw std::runtime_error("stopped; the same command goes on from the runs that are done");
  std::fprintf(stderr, "%zu runs trained, %zu taken from %s\n", total, seen.size() - total,
               fs::path(folder.path).parent_path().string().c_str());
}

}  // namespace moescope
