// moescope bench-peers: our work beside that of well-known libraries, in turns within one run: the training step beside Hugging
// Face's Mixtral of equal size, all principal angles beside SciPy's loop. `./run bench-peers` installs what it needs.

#include <QTemporaryDir>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "app/bench_subspaces.h"
#include "app/bench_timing.h"
#include "app/commands.h"
#include "app/json_output.h"
#include "app/options.h"
#include "app/peer_process.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/reading/routing.h"
#include "core/training/trainer.h"

namespace moescope {
namespace {

using nlohmann::json;

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// What one of ours is called, and one measurement of it.
struct Ours {
  std::string name;
  std::function<void()> work;
};

/// Medians of all, measured in turns.
json inTurns(PeerProcess& peer, const std::string& peerName, const std::vector<Ours>& ours, int rounds) {
  std::vector<double> theirs;
  std::vector<std::vector<double>> times(ours.size());
  for (int round = 0; round < rounds; ++round) {
    theirs.push_back(peer.measure());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));  // until the other's OpenMP threads have stopped spinning
      times[i].push_back(milliseconds(ours[i].work));
    }
  }
  json result{{"peer", peerName}, {"peer_milliseconds", median(theirs)}, {"rounds", rounds}};
  for (std::size_t i = 0; i < ours.size(); ++i)
    result["moescope"].push_back(
        {{"what", ours[i].name}, {"milliseconds", median(times[i])}, {"speed_up", median(theirs) / median(times[i])}});
  return result;
}

std::string pythonOf(const std::string& root) { return root + "/build/deps/oracle/venv/bin/python"; }

json benchStep(int rounds, const std::string& root, int threads) {
  PeerProcess mixtral({pythonOf(root), root + "/tests/bench/mixtral_step.py", root + "/build/deps/torch", std::to_string(rounds),
                       std::to_string(threads)});
  mixtral.line();  // ready
  std::vector<std::unique_ptr<Trainer>> trainers;
  std::vector<Ours> ours;
  for (const std::string router : {"topk", "grmoe"}) {
    Knobs knobs;
    knobs.corpus = "procedural";
    knobs.device = "cpu";
    knobs.router = router;
    trainers.push_back(std::make_unique<Trainer>(knobs));
    for (int i = 0; i < 5; ++i) trainers.back()->step();
    ours.push_back({"router " + router, [trainer = trainers.back().get()] { trainer->step(); }});
  }
  json result = inTurns(mixtral, "Hugging Face Mixtral (transformers, AdamW fused)", ours, rounds);
  result["what"] = "training step, 512 tokens, width 64, 2 layers, 8 experts of 128 units, top-2, CPU, " +
                   std::to_string(threads) + " threads";
  return result;
}

double sumOf(const PairAngles& all) {
  double sum = 0.0;
  for (const Eigen::VectorXd& angles : all.angles) sum += angles.sum();
  return sum;
}

json benchAngles(int rounds, const std::string& root, int threads) {
  const std::vector<Eigen::MatrixXd> bases = benchSubspaces();
  QTemporaryDir folder;
  const std::string file = folder.filePath("bases").toStdString();
  std::ofstream out(file, std::ios::binary);
  for (const Eigen::MatrixXd& basis : bases)
    out.write(reinterpret_cast<const char*>(basis.data()), basis.size() * static_cast<std::streamsize>(sizeof(double)));
  out.close();
  if (!out) throw std::runtime_error(file + ": cannot be written");
  PeerProcess scipy({pythonOf(root), root + "/tests/bench/scipy_angles.py", file, std::to_string(bases.size()),
                     std::to_string(bases[0].rows()), std::to_string(rounds)});
  const double theirSum = std::strtod(scipy.line().c_str(), nullptr), ourSum = sumOf(principalAnglesOfAllPairs(bases));
  if (!(std::abs(ourSum / theirSum - 1.0) < 1e-9))
    throw std::runtime_error("SciPy's angles and ours are not the same: sums " + std::to_string(theirSum) + " and " +
                             std::to_string(ourSum));
  json result = inTurns(scipy, "SciPy, subspace_angles pair by pair (one BLAS thread)",
                        {{"1 thread", [&] { principalAnglesOfAllPairs(bases, 1); }},
                         {std::to_string(threads) + " threads", [&] { principalAnglesOfAllPairs(bases, threads); }}},
                        rounds);
  result["what"] = "angles of all 2016 pairs of 64 subspaces, rank 16 of 128, double";
  result["relative_difference_of_sums"] = std::abs(ourSum / theirSum - 1.0);
  return result;
}

/// By which two ways of adding may differ in a load that is 1 on average, and so in the loads' standard deviation however small
/// that is: of a million tokens it is 0.006. evaluate() adds 64 floats before a double takes over, each addition rounded to
/// 2^-24.
constexpr double kSpreadError = 64.0 / (1 << 24);

std::string exactly(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// All numbers of one position of the slider, beside NumPy and PyTorch doing the same.
json benchSlider(int tokens, int experts, int rounds, const std::string& root, int threads) {
  LayerSnapshot layer;
  std::mt19937 dice(1);
  std::normal_distribution<float> normal;
  layer.scores = RowMatrix::NullaryExpr(tokens, experts, [&] { return normal(dice); });
  layer.logPrior = Eigen::VectorXd::Zero(experts);
  QTemporaryDir folder;
  const std::string file = folder.filePath("scores").toStdString();
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(layer.scores.data()),
            layer.scores.size() * static_cast<std::streamsize>(sizeof(float)));
  out.close();
  if (!out) throw std::runtime_error(file + ": cannot be written");
  Lens lens;
  lens.gating = {GatingPolicy::TopK, 2};
  lens.concentration = 1.3f;
  const LayerMeasures ours = measureLayer(layer, lens);
  json result{{"rounds", rounds}, {"tokens", tokens}, {"experts", experts}};
  result["what"] = "slider to all numbers, " + std::to_string(tokens) + " tokens x " + std::to_string(experts) +
                   " experts, top 2, " + std::to_string(threads) + " threads";
  for (const auto& [library, name] : {std::pair("numpy", "NumPy"), std::pair("torch", "PyTorch")}) {
    PeerProcess peer({pythonOf(root), root + "/tests/bench/slider.py", library, root + "/build/deps/torch", file,
                      std::to_string(tokens), std::to_string(experts), std::to_string(rounds), std::to_string(threads)});
    std::istringstream theirs(peer.line());
    for (const auto& [what, own] :
         {std::pair("mean entropy", ours.probability.meanEntropy), std::pair("variation of the load", ours.applied.loadVariation),
          std::pair("lower bound", ours.entropyLower)})
      if (double other = 0.0; !(theirs >> other) || !(std::abs(other - own) <= 1e-4 * std::abs(own) + kSpreadError))
        throw std::runtime_error(std::string(name) + " and Moescope do not measure the same " + what + ": " + exactly(other) +
                                 " and " + exactly(own));
    lens.concentration = 1.7f;
    const json turn = inTurns(peer, std::string(name) + " doing the same",
                              {{std::string("beside ") + name, [&] { measureLayer(layer, lens); }}}, rounds);
    result["moescope"].push_back(turn["moescope"][0]);
    result["moescope"].back()["peer_milliseconds"] = turn["peer_milliseconds"];
    result["moescope"].back()["nanoseconds_per_token"] = turn["moescope"][0]["milliseconds"].get<double>() * 1e6 / tokens;
  }
  return result;
}

void printSlider(const json& result) {
  std::printf("%s; medians of %d\n", result["what"].get<std::string>().c_str(), result["rounds"].get<int>());
  for (const json& each : result["moescope"])
    std::printf("  %-20s %9.2f ms, the peer %9.2f ms: %.2f times as fast; %.0f ns a token\n",
                each["what"].get<std::string>().c_str(), each["milliseconds"].get<double>(),
                each["peer_milliseconds"].get<double>(), each["speed_up"].get<double>(),
                each["nanoseconds_per_token"].get<double>());
}

void print(const json& result) {
  std::printf("%s; medians of %d\n", result["what"].get<std::string>().c_str(), result["rounds"].get<int>());
  std::printf("%-54s %8.2f ms\n", result["peer"].get<std::string>().c_str(), result["peer_milliseconds"].get<double>());
  for (const json& each : result["moescope"])
    std::printf("%-54s %8.2f ms   %.2f times as fast\n", ("Moescope, " + each["what"].get<std::string>()).c_str(),
                each["milliseconds"].get<double>(), each["speed_up"].get<double>());
}

/// Sizes of the slider's rows: tokens and experts.
constexpr std::pair<int, int> kSliderSizes[] = {{4096, 64}, {65536, 64}, {1048576, 64}, {65536, 512}};

/// `only`: "slider" leaves out the others; empty: all.
void benchPeers(int rounds, const std::string& only, const std::string& root, bool asJson) {
  for (const char* needed : {"/tests/bench", "/build/deps/oracle/venv/bin/python"})
    if (std::error_code ignored; !std::filesystem::exists(root + needed, ignored))
      throw std::runtime_error("--root: " + root + needed +
                               " is not there; expected the project's folder, after ./run bench-peers");
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  if (setenv("LD_LIBRARY_PATH", (root + "/build/deps/oracle/stubs").c_str(), 1) != 0)
    throw std::runtime_error("the environment is full");
  json all = json::array();
  const auto add = [&](const json& result, void (*say)(const json&)) {
    all.push_back(result);
    if (!asJson) say(result);
    std::fflush(stdout);
  };
  if (only.empty()) {
    add(benchStep(rounds, root, threads), print);
    add(benchAngles(std::max(5, rounds / 10), root, threads), print);
  }
  for (const auto& [tokens, experts] : kSliderSizes)
    add(benchSlider(tokens, experts, std::max(5, tokens > 4096 ? rounds / 10 : rounds), root, threads), printSlider);
  if (asJson) printReport(all);
}

}  // namespace

void addBenchPeersCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "bench-peers",
      "Our training step beside Hugging Face's Mixtral, our principal angles beside SciPy's, the slider beside NumPy and PyTorch (./run bench-peers)");
  struct Options {
    int rounds = 100;
    std::string root = ".", only;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("--rounds", options->rounds, "Measurements of each; a tenth of it for the angles and large probes [100]")
      ->check(wholeFrom(5, 100000));
  command->add_option("--only", options->only, "slider: only that [all]")->check(CLI::IsMember({"slider"}));
  command->add_option("--root", options->root, "Folder of the project, with build/deps as ./run makes it [.]");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { benchPeers(options->rounds, options->only, options->root, options->json); });
}

}  // namespace moescope
