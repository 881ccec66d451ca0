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
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "app/options.h"
#include "app/report_json.h"
#include "app/window/version.h"
#include "core/data/content_hash.h"
#include "core/data/corpus.h"
#include "core/training/libraries.h"

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string valueOf(const KnobDeclaration& knob, const Knobs& knobs) {
  if (!knob.get) return knob.text(knobs);
  std::ostringstream value;
  value.precision(17);
  value << knob.get(knobs);
  return value.str();
}

/// A text that can be part of a file's name; a path is told apart from others with the same last part.
std::string fileWord(const std::string& text) {
  if (text.find('/') == std::string::npos) return text;
  std::ostringstream word;
  word << fs::path(text).filename().string() << std::hex << std::hash<std::string>()(text);
  return word.str();
}

std::string fileOf(const RunFolder& folder, const PlannedRun& run) { return folder.path + "/" + keyOf(run, folder.text) + ".json"; }

/// Of everything that a result hangs on.
std::string hashOf(const PlannedRun& run, const std::string& text) {
  ContentHash hash;
  for (const std::string& part : {nameOf(run.task), std::string(run.oracle ? "oracle" : ""), std::to_string(run.steps), text, programVersion(), torchReport().version})
    hash.add(part);
  for (const KnobDeclaration& knob : knobTable()) {
    if (knob.name == "device") continue;
    hash.add(knob.name);
    hash.add(valueOf(knob, run.knobs));
  }
  return hash.text();
}

/// Starts this program as a worker for one run, with one thread.
pid_t start(const PlannedRun& run, const std::string& file) {
  std::vector<std::string> words = {fs::read_symlink("/proc/self/exe").string(), "reproduce-run", "--task", nameOf(run.task), "--steps", std::to_string(run.steps), "-o", file};
  if (run.oracle) words.push_back("--oracle");
  for (const KnobDeclaration& knob : knobTable()) {
    words.push_back("--" + knob.name);
    words.push_back(valueOf(knob, run.knobs));
  }
  const pid_t parent = getpid(), child = fork();
  if (child < 0) throw std::runtime_error("a worker could not be started");
  if (child == 0) {
    setenv("OMP_NUM_THREADS", "1", 1);
    if (nice(5) == -1) {}  // only a courtesy
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a reproduction that is killed takes its workers with it, stopped ones too
    if (getppid() != parent) _exit(127);
    std::vector<char*> raw;
    for (std::string& word : words) raw.push_back(word.data());
    raw.push_back(nullptr);
    execv(raw[0], raw.data());
    _exit(127);
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

}  // namespace

std::string keyOf(const PlannedRun& run, const std::string& text) {
  const Knobs defaults;
  std::string key = nameOf(run.task) + "_" + (run.oracle ? "oracle" : run.knobs.router);
  for (const KnobDeclaration& knob : knobTable()) {
    const std::string value = valueOf(knob, run.knobs);
    if (knob.name != "router" && knob.name != "device" && value != valueOf(knob, defaults)) key += "_" + knob.name + fileWord(value);
  }
  return key + "_seed" + std::to_string(run.knobs.seed) + "_steps" + std::to_string(run.steps) + "_" + hashOf(run, text);
}

std::string toJson(const RunResult& r) {
  json result = {{"version", kResultVersion}, {"held_out_loss", number(r.heldOutLoss)}, {"load_cv", numbers(r.loadVariation)}, {"max_vio", numbers(r.maxViolation)},
                       {"load_entropy", numbers(r.loadEntropy)}, {"dead_hard", r.deadHard}, {"dead_soft", r.deadSoft},
                       {"router_similarity", numbers(r.routerSimilarity)}, {"jacobian_cosine", numbers(r.jacobianCosine)}, {"overlap", numbers(r.overlap)},
                       {"null_overlap", numbers(r.nullOverlap)}, {"weight_contrast", numbers(r.weightContrast)},
                       {"gradient_contrast", numbers(r.gradientContrast)}, {"movement_contrast", numbers(r.movementContrast)}, {"spearman", numbers(r.spearman)},
                       {"spectrum_cv", numbers(r.spectrumVariation)}, {"entropy", numbers(r.entropy)}, {"entropy_rises", r.entropyRises},
                       {"entropy_tests", r.entropyTests}, {"cluster_information", numbers(r.clusterInformation)}, {"cluster_purity", numbers(r.clusterPurity)},
                       {"recovery", numbers(r.recovery)}, {"random_recovery", numbers(r.randomRecovery)}, {"chordal", numbers(r.chordal)},
                       {"router_cosine", numbers(r.routerCosine)}, {"router_similarity_centred", numbers(r.routerSimilarityCentred)}, {"router_cosine_centred", numbers(r.routerCosineCentred)},
                       {"same_expert_cosine", numbers(r.sameExpertCosine)}, {"projection_energy", numbers(r.projectionEnergy)}, {"pearson", numbers(r.pearson)},
                       {"max_vio_of_batches", numbers(r.maxViolationOfBatches)}, {"load_cv_of_batches", numbers(r.loadVariationOfBatches)},
                       {"load_entropy_of_batches", numbers(r.loadEntropyOfBatches)}, {"jacobian_effective_rank", numbers(r.jacobianEffectiveRank)},
                       {"jacobian_leading_share", numbers(r.jacobianLeadingShare)}, {"token_effective_rank", numbers(r.tokenEffectiveRank)}, {"entropy_roc", numbers(r.entropyRoc)}};
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {  // "loss_of_tenth_1": of the tokens whose routing has the least entropy, per layer
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
    result["max_vio" + step] = numbers(at.maxViolation);
  }
  return result.dump() + "\n";
}

RunValues runValuesOf(const std::string& content) {
  const json result = json::parse(content, nullptr, false);
  if (!result.is_object() || !result.contains("held_out_loss") || result.value("version", json()) != json(kResultVersion)) return {};
  RunValues values;
  for (const auto& [name, entry] : result.items())
    for (const json& number : entry.is_array() ? entry : json::array({entry})) values[name].push_back(number.is_number() ? number.get<double>() : NAN);
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
    if (resultOf(folder, run).empty()) missing.insert(keyOf(run, folder.text));
  if (missing.empty()) return;
  throw std::runtime_error(std::to_string(missing.size()) + " of " + std::to_string(runs.size()) + " runs have no result in " + folder.path + ", " + *missing.begin() +
                           " among them; merge the folders of their shards too, or train them by the same command without --merge");
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
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("a run of " + std::to_string(steps) + " steps to measure the speed failed");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const double few = seconds(10), more = seconds(40), step = std::max(1e-4, (more - few) / 30.0);
  return {step, std::max(0.0, few - 10.0 * step)};
}

void runAll(const std::vector<PlannedRun>& runs, const RunFolder& folder, int jobs, RunProgress& progress) {
  std::vector<const PlannedRun*> waiting;
  std::set<std::string> seen;
  for (const PlannedRun& run : runs)
    if (seen.insert(keyOf(run, folder.text)).second && resultOf(folder, run).empty()) waiting.push_back(&run);
  const std::size_t total = waiting.size();
  const std::size_t places = jobs > 0 ? static_cast<std::size_t>(jobs) : std::max(1u, std::thread::hardware_concurrency());
  std::map<pid_t, const PlannedRun*> running;
  progress.taken(runs.size() - total);
  for (std::size_t next = 0, done = 0; done < total; progress.tick()) {
    for (; next < total && running.size() < places && !interrupted(); ++next) running[start(*waiting[next], fileOf(folder, *waiting[next]))] = waiting[next];
    if (running.empty()) break;
    int status = 0;
    const auto found = running.find(endedWorker(status));
    if (found == running.end()) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) > kWriteFailed) throw WriteError(fileOf(folder, *found->second), WEXITSTATUS(status) - kWriteFailed, "; the runs before stay");
    if (!interrupted() && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) std::fprintf(stderr, "\nrun %s failed and is left out\n", keyOf(*found->second, folder.text).c_str());
    running.erase(found);
    ++done;
    progress.trained();
  }
  if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r\033[K");
  if (interrupted()) throw std::runtime_error("stopped; the same command goes on from the runs that are done");
  std::fprintf(stderr, "%zu runs trained, %zu taken from %s\n", total, seen.size() - total, fs::path(folder.path).parent_path().string().c_str());
}

}  // namespace moescope
