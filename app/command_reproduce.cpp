// moescope reproduce: the papers' claims beside what is measured here, over seeds. Every training run is a process of its own
// whose result is a file, so that an interrupted reproduction goes on where it stopped.

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "app/commands.h"
#include "app/options.h"
#include "app/reproduce_chart.h"
#include "core/engine/trainer_run.h"
#include "core/experiments/statistics.h"

namespace moescope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kTuningSeed = 1001;  // learning rates are chosen on this seed, never on those that are reported
const std::vector<double> kLearningRates = {1e-3, 3e-3, 1e-2};

struct ReproduceOptions {
  std::string table, output = "output/reproduce", corpus = "debian";
  int seeds = 8, jobs = 0;
  long steps = 400;
  bool json = false;
};

/// A router in a setting; everything else (data, initial experts, steps) is the same for all.
struct Arm {
  std::string name;
  Knobs knobs;
};

Arm arm(const std::string& name, const std::string& router, int topK, bool centred, double balance = 0.1, bool coupled = false) {
  Arm result{name, {}};
  result.knobs.router = router;
  result.knobs.topK = topK;
  result.knobs.centreTokens = centred;
  result.knobs.balanceWeight = balance;
  result.knobs.couplingAware = coupled;
  result.knobs.device = "cpu";
  return result;
}

std::string keyOf(const PlannedRun& run) {
  std::ostringstream key;
  const Knobs& k = run.knobs;
  key << k.router << "_k" << k.topK << "_centre" << k.centreTokens << "_balance" << k.balanceWeight << "_coupled" << k.couplingAware << "_rate" << k.learningRate << "_seed"
      << k.seed << "_steps" << run.steps << '_' << fs::path(k.corpus).filename().string();
  return key.str();
}

json numbers(const std::vector<double>& values) {
  json list = json::array();
  for (const double v : values) list.push_back(std::isfinite(v) ? json(v) : json(nullptr));
  return list;
}

json toJson(const RunResult& r) {
  return {{"held_out_loss", r.heldOutLoss}, {"load_cv", numbers(r.loadVariation)}, {"max_vio", numbers(r.maxViolation)}, {"load_entropy", numbers(r.loadEntropy)},
          {"dead_hard", r.deadHard}, {"dead_soft", r.deadSoft}, {"router_similarity", numbers(r.routerSimilarity)}, {"jacobian_cosine", numbers(r.jacobianCosine)},
          {"overlap", numbers(r.overlap)}, {"null_overlap", numbers(r.nullOverlap)}, {"weight_contrast", numbers(r.weightContrast)},
          {"gradient_contrast", numbers(r.gradientContrast)}, {"movement_contrast", numbers(r.movementContrast)}, {"spearman", numbers(r.spearman)},
          {"spectrum_cv", numbers(r.spectrumVariation)}, {"entropy", numbers(r.entropy)}, {"entropy_rises", r.entropyRises}, {"entropy_tests", r.entropyTests}};
}

// ---- running -------------------------------------------------------------------------------------------------------------

/// Starts this program as a worker for one run, with one thread.
pid_t start(const PlannedRun& run, const std::string& file) {
  const std::string self = fs::read_symlink("/proc/self/exe").string();
  std::vector<std::string> words = {self, "reproduce-run", "--steps", std::to_string(run.steps), "-o", file};
  const Knobs defaults;
  for (const KnobDeclaration& knob : knobTable()) {
    std::ostringstream value;
    value.precision(17);
    if (knob.get)
      value << knob.get(run.knobs);
    else
      value << knob.text(run.knobs);
    words.push_back("--" + knob.name);
    words.push_back(value.str());
  }
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("a worker could not be started");
  if (child == 0) {
    setenv("OMP_NUM_THREADS", "1", 1);
    if (nice(5) == -1) {}  // only a courtesy
    std::vector<char*> raw;
    for (std::string& word : words) raw.push_back(word.data());
    raw.push_back(nullptr);
    execv(raw[0], raw.data());
    _exit(127);
  }
  return child;
}

/// The result of a finished run; null where there is none that can be read.
json resultOf(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) return nullptr;
  json result = json::parse(stream, nullptr, false);
  return result.is_discarded() || !result.contains("held_out_loss") ? json(nullptr) : result;
}

void showProgress(std::size_t done, std::size_t total, double seconds, std::size_t fresh) {
  if (!isatty(STDERR_FILENO)) return;
  const double left = fresh > 0 ? seconds / static_cast<double>(fresh) * static_cast<double>(total - done) : 0.0;
  std::fprintf(stderr, "\rrun %zu / %zu, about %.0f s left\033[K", done, total, left);
}

/// Runs what has no result yet, `jobs` at a time. A failing run is named and left out.
void runAll(const std::vector<PlannedRun>& runs, const ReproduceOptions& options) {
  std::vector<const PlannedRun*> waiting;
  std::map<std::string, bool> seen;
  for (const PlannedRun& run : runs) {
    const std::string key = keyOf(run);
    if (seen[key]) continue;
    seen[key] = true;
    if (resultOf(options.output + "/runs/" + key + ".json").is_null()) waiting.push_back(&run);
  }
  const std::size_t total = waiting.size();
  const int jobs = options.jobs > 0 ? options.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto begin = std::chrono::steady_clock::now();
  std::map<pid_t, std::string> running;
  std::size_t next = 0, done = 0;
  while (done < total || !running.empty()) {
    while (next < total && static_cast<int>(running.size()) < jobs && !interrupted()) {
      const std::string key = keyOf(*waiting[next]);
      running[start(*waiting[next], options.output + "/runs/" + key + ".json")] = key;
      ++next;
    }
    if (running.empty()) break;
    int status = 0;
    const pid_t child = waitpid(-1, &status, 0);
    if (child < 0) continue;
    const auto found = running.find(child);
    if (found == running.end()) continue;
    if (!interrupted() && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) std::fprintf(stderr, "\nrun %s failed and is left out\n", found->second.c_str());
    running.erase(found);
    ++done;
    showProgress(done, total, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), done);
  }
  if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r\033[K");
  if (interrupted()) throw std::runtime_error("stopped; the same command goes on from the " + std::to_string(done) + " runs that are done");
  std::fprintf(stderr, "%zu runs trained, %zu taken from %s\n", total, seen.size() - total, options.output.c_str());
}

/// The results of one arm by seed, at the learning rate with the lowest held-out loss on the tuning seed.
struct ArmResults {
  double learningRate = 0.0;
  std::vector<json> seeds;
};

class Lab {
 public:
  explicit Lab(const ReproduceOptions& options) : options_(options) {}

  void train(const std::vector<Arm>& arms) {
    std::vector<PlannedRun> tuning, reported;
    for (const Arm& each : arms)
      for (const double rate : kLearningRates) tuning.push_back(planned(each, rate, kTuningSeed));
    runAll(tuning, options_);
    for (const Arm& each : arms) {
      ArmResults& results = results_[each.name];
      double least = INFINITY;
      for (const double rate : kLearningRates) {
        const json result = read(planned(each, rate, kTuningSeed));
        if (result.is_null() || !(result["held_out_loss"].get<double>() < least)) continue;
        least = result["held_out_loss"];
        results.learningRate = rate;
      }
      if (results.learningRate == 0.0) throw std::runtime_error("no learning rate of the grid trained " + each.name);
      for (int seed = 1; seed <= options_.seeds; ++seed) reported.push_back(planned(each, results.learningRate, static_cast<std::uint64_t>(seed)));
    }
    runAll(reported, options_);
    for (const Arm& each : arms)
      for (int seed = 1; seed <= options_.seeds; ++seed)
        results_[each.name].seeds.push_back(read(planned(each, results_[each.name].learningRate, static_cast<std::uint64_t>(seed))));
  }

  const ArmResults& of(const std::string& arm) const { return results_.at(arm); }

  /// One value for each seed: the mean over layers of a field, NaN where a run is missing.
  std::vector<double> values(const std::string& arm, const std::string& field) const {
    std::vector<double> list;
    for (const json& result : results_.at(arm).seeds) list.push_back(value(result, field));
    return list;
  }

  /// The same by seed, `combine` of two arms.
  template <typename Combine>
  std::vector<double> paired(const std::string& a, const std::string& b, const std::string& field, Combine combine) const {
    std::vector<double> first = values(a, field);
    const std::vector<double> second = values(b, field);
    for (std::size_t i = 0; i < first.size(); ++i) first[i] = combine(first[i], second[i]);
    return first;
  }

  /// Seeds with at least one dead expert in any layer throughout the last three evaluations.
  std::pair<int, int> collapsed(const std::string& arm, const std::string& field) const {
    int count = 0, runs = 0;
    for (const json& result : results_.at(arm).seeds) {
      if (result.is_null()) continue;
      ++runs;
      bool any = false;
      for (const json& layer : result[field]) any = any || layer.get<int>() > 0;
      count += any ? 1 : 0;
    }
    return {count, runs};
  }

 private:
  PlannedRun planned(const Arm& arm, double rate, std::uint64_t seed) const {
    PlannedRun run{arm.knobs, options_.steps};
    run.knobs.learningRate = rate;
    run.knobs.seed = seed;
    run.knobs.corpus = options_.corpus;
    return run;
  }
  json read(const PlannedRun& run) const { return resultOf(options_.output + "/runs/" + keyOf(run) + ".json"); }

  static double value(const json& result, const std::string& field) {
    if (result.is_null()) return NAN;
    const json& entry = result[field];
    if (entry.is_number()) return entry;
    double sum = 0.0;
    int count = 0;
    for (const json& layer : entry)
      if (layer.is_number()) {
        sum += layer.get<double>();
        ++count;
      }
    return count > 0 ? sum / count : NAN;
  }

  ReproduceOptions options_;
  std::map<std::string, ArmResults> results_;
};

// ---- claims --------------------------------------------------------------------------------------------------------------

struct Claim {
  std::string claim, paper, measured, verdict, rule;
  Interval interval{};   ///< count 0: not a mean over seeds
  double bound = 0.0;
  int collapsed = -1, runs = 0;
};

std::string verdict(bool holds, bool refuted) { return holds ? "reproduced" : refuted ? "not reproduced" : "undecided"; }

Claim atLeast(std::string claim, std::string paper, const Interval& measured, double bound, const std::string& what) {
  char rule[128];
  std::snprintf(rule, sizeof rule, "%s: interval above %g", what.c_str(), bound);
  return {std::move(claim), std::move(paper), text(measured), verdict(measured.low() > bound, measured.high() < bound), rule, measured, bound};
}

Claim atMost(std::string claim, std::string paper, const Interval& measured, double bound, const std::string& what) {
  char rule[128];
  std::snprintf(rule, sizeof rule, "%s: interval below %g", what.c_str(), bound);
  return {std::move(claim), std::move(paper), text(measured), verdict(measured.high() < bound, measured.low() > bound), rule, measured, bound};
}

Claim collapseClaim(const Lab& lab, const std::string& arm, const std::string& claim, const std::string& paper, bool none) {
  const auto [hard, runs] = lab.collapsed(arm, "dead_hard");
  const auto [soft, same] = lab.collapsed(arm, "dead_soft");
  (void)same;
  std::ostringstream measured;
  measured << hard << " of " << runs << " seeds (hard load), " << soft << " (soft load)";
  std::string outcome = runs == 0 ? "undecided" : verdict(none ? hard == 0 : hard > runs / 2, none ? hard > 0 : hard == 0);
  if (paper == "-" && outcome != "undecided") outcome = outcome == "reproduced" ? "holds" : "does not hold";  // our own question
  return {claim, paper, measured.str(), outcome,
          none ? "no seed collapses" : "more than half of the seeds collapse", {}, 0.0, hard, runs};
}

const auto kDifference = [](double a, double b) { return a - b; };
const auto kRatio = [](double a, double b) { return a / b; };
const auto kSaving = [](double a, double b) { return 1.0 - a / b; };

std::vector<Claim> grmoeClaims(Lab& lab) {
  lab.train({arm("grmoe", "grmoe", 2, true), arm("topk", "topk", 2, true), arm("switch_aux", "switch_aux", 2, true)});
  long rises = 0, tests = 0;
  for (const std::string name : {"grmoe", "topk", "switch_aux"})
    for (const json& result : lab.of(name).seeds)
      if (!result.is_null()) {
        rises += result["entropy_rises"].get<long>();
        tests += result["entropy_tests"].get<long>();
      }
  return {
      collapseClaim(lab, "grmoe", "No routing collapse", "0 % of seeds", true),
      atLeast("Load CV lower than plain top-k's", "15 to 30 % lower", interval95(lab.paired("grmoe", "topk", "load_cv", kSaving)), 0.0, "1 - CV / CV of top-k, by seed"),
      atLeast("Load CV lower than with Switch's auxiliary loss", "15 to 30 % lower", interval95(lab.paired("grmoe", "switch_aux", "load_cv", kSaving)), 0.0,
              "1 - CV / CV with the loss, by seed"),
      atMost("Held-out loss comparable to plain top-k's or better, nats per byte", "perplexity 0.2 to 0.4 lower (other scale)",
             interval95(lab.paired("grmoe", "topk", "held_out_loss", kDifference)), 0.02, "difference by seed"),
      {"Entropy falls smoothly with the concentration, no retraining", "monotone", std::to_string(rises) + " rises in " + std::to_string(tests) + " tests of a token",
       verdict(rises == 0, rises > 0), "no token's entropy rises by over 1e-5 nats (tempered reading; proven: E1)"},
      atLeast("Learned spectra differ between experts", "heterogeneous", interval95(lab.values("grmoe", "spectrum_cv")), 0.05, "CV over experts of the mean eigenvalue"),
  };
}

std::vector<Claim> couplingClaims(Lab& lab) {
  lab.train({arm("topk", "topk", 2, true), arm("switch_aux", "switch_aux", 2, true), arm("loss_free", "loss_free", 2, true), arm("online_kmeans", "online_kmeans", 2, true)});
  return {
      atLeast("Auxiliary loss makes router directions more similar", "nearly 3 times", interval95(lab.paired("switch_aux", "topk", "router_similarity", kRatio)), 1.0,
              "ratio of mean |cos|, by seed"),
      atLeast("Gradients of matched router rows and expert weights align", "along the same inputs", interval95(lab.values("topk", "gradient_contrast")), 0.0,
              "mean |cos| matched less unmatched, last step"),
      atLeast("What training added aligns for matched pairs", "accumulated history", interval95(lab.values("topk", "movement_contrast")), 0.0, "mean |cos| matched less unmatched"),
      atLeast("The auxiliary loss weakens that alignment", "weakens coupling",
              interval95(lab.paired("topk", "switch_aux", "movement_contrast", kDifference)), 0.0, "without less with the loss, by seed"),
      atLeast("Higher router score, stronger expert activation", "yes", interval95(lab.values("topk", "spearman")), 0.0, "mean Spearman correlation over routed tokens"),
      atMost("Online K-Means has lower load imbalance than the auxiliary loss", "lowest of all", interval95(lab.paired("online_kmeans", "switch_aux", "max_vio", kDifference)), 0.0,
             "MaxVio difference by seed"),
      atMost("Online K-Means has lower load imbalance than the loss-free bias", "lowest of all", interval95(lab.paired("online_kmeans", "loss_free", "max_vio", kDifference)), 0.0,
             "MaxVio difference by seed"),
      atMost("... at a modest rise of loss, nats per byte", "modest", interval95(lab.paired("online_kmeans", "switch_aux", "held_out_loss", kDifference)), 0.1, "difference by seed"),
  };
}

std::vector<Claim> asymmetryClaims(Lab& lab) {
  lab.train({arm("topk", "topk", 2, true), arm("soft", "soft", 2, true)});
  return {
      atMost("Jacobians of different experts nearly orthogonal (top-k)", "near zero", interval95(lab.values("topk", "jacobian_cosine")), 0.1, "mean |cos|"),
      atMost("... and with soft routing", "near zero", interval95(lab.values("soft", "jacobian_cosine")), 0.1, "mean |cos|"),
      atLeast("Subspaces of routed tokens overlap more than random ones (top-k)", "partly overlapping", interval95(lab.paired("topk", "topk", "overlap", [](double a, double) { return a; })),
              0.0625, "mean cos^2 of rank 4; random r/d = 0.0625"),
      atMost("... but are distinct", "distinct", interval95(lab.values("topk", "overlap")), 0.9, "mean cos^2"),
      atMost("Top-k subspaces are sharper than soft routing's", "sharper", interval95(lab.paired("topk", "soft", "overlap", kDifference)), 0.0, "overlap difference by seed"),
      atMost("Top-k experts are more decorrelated than soft ones", "sharper", interval95(lab.paired("topk", "soft", "jacobian_cosine", kDifference)), 0.0, "mean |cos| difference by seed"),
  };
}

std::vector<Claim> collapseClaims(Lab& lab) {
  lab.train({arm("topk prone", "topk", 1, false), arm("topk coupled prone", "topk", 1, false, 0.1, true), arm("switch_aux prone", "switch_aux", 1, false),
             arm("loss_free prone", "loss_free", 1, false), arm("online_kmeans prone", "online_kmeans", 1, false), arm("grmoe prone", "grmoe", 1, false),
             arm("grmoe without balance prone", "grmoe", 1, false, 0.0), arm("topk", "topk", 2, true), arm("grmoe", "grmoe", 2, true)});
  const std::string none = "-", prone = " (top-1, tokens not centred)";
  return {
      collapseClaim(lab, "topk prone", "Plain top-k collapses" + prone, "collapses", false),
      collapseClaim(lab, "topk coupled prone", "Coupling-aware updates keep top-k from it" + prone, none, true),
      collapseClaim(lab, "switch_aux prone", "Switch's auxiliary loss prevents it" + prone, "prevents", true),
      collapseClaim(lab, "loss_free prone", "Loss-free bias prevents it" + prone, "prevents", true),
      collapseClaim(lab, "online_kmeans prone", "Online K-Means prevents it" + prone, "prevents", true),
      collapseClaim(lab, "grmoe prone", "GrMoE prevents it" + prone, "0 % of seeds", true),
      collapseClaim(lab, "grmoe without balance prone", "GrMoE without its balance term prevents it" + prone, none, true),
      collapseClaim(lab, "topk", "Plain top-k does not collapse in the usual setting (top-2, centred)", none, true),
      collapseClaim(lab, "grmoe", "GrMoE does not collapse in the usual setting (top-2, centred)", "0 % of seeds", true),
  };
}

const std::map<std::string, std::vector<Claim> (*)(Lab&)> kTables = {
    {"grmoe", grmoeClaims}, {"coupling", couplingClaims}, {"asymmetry", asymmetryClaims}, {"collapse", collapseClaims}};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

void reproduce(const ReproduceOptions& options) {
  fs::create_directories(options.output + "/runs");
  interrupted();
  Lab lab(options);
  const std::vector<Claim> claims = kTables.at(options.table)(lab);
  json list = json::array();
  std::string csv = "claim,paper,measured,verdict,rule\n";
  for (const Claim& c : claims) {
    list.push_back({{"claim", c.claim}, {"paper", c.paper}, {"measured", c.measured}, {"verdict", c.verdict}, {"rule", c.rule}});
    csv += quoted(c.claim) + ',' + quoted(c.paper) + ',' + quoted(c.measured) + ',' + quoted(c.verdict) + ',' + quoted(c.rule) + '\n';
  }
  const json report = {{"table", options.table}, {"seeds", options.seeds}, {"steps", options.steps}, {"corpus", options.corpus}, {"claims", list}};
  writeFileAtomically(options.output + "/" + options.table + ".json", report.dump(2) + "\n");
  writeFileAtomically(options.output + "/" + options.table + ".csv", csv);
  std::vector<ChartRow> rows;
  for (const Claim& c : claims) rows.push_back({c.claim, c.verdict, c.measured, c.interval, c.bound, c.collapsed, c.runs});
  writeClaimsChart("reproduce " + options.table + ": " + std::to_string(options.seeds) + " seeds, " + std::to_string(options.steps) + " steps, corpus " + options.corpus, rows,
                   options.output + "/" + options.table + ".png");
  if (options.json) {
    std::cout << report.dump(2) << '\n';
    return;
  }
  std::printf("%s: corpus %s, %d seeds, %ld steps, 8 experts, 2 layers, width 64; mean with 95 %% interval over seeds, layers averaged\n", options.table.c_str(),
              options.corpus.c_str(), options.seeds, options.steps);
  std::printf("learning rate of each router: the best of 0.001, 0.003, 0.01 on a seed that is not reported. Collapsed: an expert below a tenth of the mean "
              "load in each of the last three evaluations\n\n");
  for (const Claim& c : claims)
    std::printf("%-14s %s\n               paper: %s; measured: %s\n               rule: %s\n", c.verdict.c_str(), c.claim.c_str(), c.paper.c_str(), c.measured.c_str(), c.rule.c_str());
}

}  // namespace

void addReproduceCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("reproduce", "The papers' claims beside what is measured here, over seeds");
  auto options = std::make_shared<ReproduceOptions>();
  command->add_option("table", options->table, "grmoe, coupling, asymmetry or collapse")->required()->check(CLI::IsMember({"grmoe", "coupling", "asymmetry", "collapse"}));
  command->add_option("--seeds", options->seeds, "Seeds of each router [8]")->check(CLI::Range(1, 1000));
  command->add_option("--steps", options->steps, "Steps of each run [400]")->check(CLI::Range(10L, 10000000L));
  command->add_option("--jobs", options->jobs, "Runs at a time, one thread each [one for each core]")->check(CLI::Range(0, 1024));
  command->add_option("--corpus", options->corpus, "debian, procedural or a folder [debian]");
  command->add_option("-o,--output", options->output, "Folder of results; an interrupted reproduction goes on from it [output/reproduce]");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { reproduce(*options); });

  CLI::App* worker = program.add_subcommand("reproduce-run", "One run of a reproduction")->group("");
  auto run = std::make_shared<PlannedRun>();
  auto knobs = std::make_shared<Knobs>();
  auto file = std::make_shared<std::string>();
  worker->add_option("--steps", run->steps, "Steps")->check(CLI::Range(10L, 10000000L));
  worker->add_option("-o,--output", *file, "Result")->required();
  addKnobOptions(worker, knobs);
  worker->callback([run, knobs, file] {
    run->knobs = *knobs;
    interrupted();
    writeFileAtomically(*file, toJson(execute(*run, [](long) { return !interrupted(); })).dump() + "\n");
  });
}

}  // namespace moescope
