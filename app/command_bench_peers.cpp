// moescope bench-peers: our training step beside Hugging Face's Mixtral of equal size, in turns within one run. `./run
// bench-peers` installs what it needs.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "app/commands.h"
#include "core/engine/trainer.h"

namespace moescope {
namespace {

/// A child program that answers one line for each line it is sent.
class Peer {
 public:
  explicit Peer(const std::vector<std::string>& command) {
    std::array<int, 2> in{}, out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) throw std::runtime_error("no pipe to the peer could be made");
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("the peer could not be started");
    if (child_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const int end : {in[0], in[1], out[0], out[1]}) close(end);
      std::vector<char*> words;
      for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
      words.push_back(nullptr);
      execvp(words[0], words.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    send_ = fdopen(in[1], "w");
    receive_ = fdopen(out[0], "r");
  }
  ~Peer() {
    std::fclose(send_);
    std::fclose(receive_);
    waitpid(child_, nullptr, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  std::string line() {
    std::array<char, 256> buffer{};
    if (!std::fgets(buffer.data(), buffer.size(), receive_))
      throw std::runtime_error("the peer stopped before it answered; its own message is above (./run bench-peers installs what it needs)");
    return buffer.data();
  }
  double measure() {
    std::fputs("step\n", send_);
    std::fflush(send_);
    return std::strtod(line().c_str(), nullptr);
  }

 private:
  pid_t child_ = -1;
  FILE *send_ = nullptr, *receive_ = nullptr;
};

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void benchPeers(int rounds, const std::string& root, bool json) {
  const int threads = std::max(1u, std::thread::hardware_concurrency());
  const std::string deps = root + "/build/deps";
  if (setenv("LD_LIBRARY_PATH", (deps + "/oracle/stubs").c_str(), 1) != 0) throw std::runtime_error("the environment is full");
  Peer mixtral({deps + "/oracle/venv/bin/python", root + "/tests/bench/mixtral_step.py", deps + "/torch", std::to_string(rounds), std::to_string(threads)});
  mixtral.line();  // ready
  Knobs knobs;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  std::vector<double> theirs;
  const std::vector<std::string> routers = {"topk", "grmoe"};
  std::vector<std::vector<double>> ours(routers.size());
  std::vector<std::unique_ptr<Trainer>> trainers;
  for (const std::string& router : routers) {
    knobs.router = router;
    trainers.push_back(std::make_unique<Trainer>(knobs));
    for (int i = 0; i < 5; ++i) trainers.back()->step();
  }
  for (int round = 0; round < rounds; ++round) {
    theirs.push_back(mixtral.measure());
    for (std::size_t r = 0; r < trainers.size(); ++r) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));  // until the other's OpenMP threads have stopped spinning
      const auto start = std::chrono::steady_clock::now();
      trainers[r]->step();
      ours[r].push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
  }
  const double peer = median(theirs);
  nlohmann::json result{{"peer", "Hugging Face transformers Mixtral"}, {"peer_milliseconds", peer}, {"threads", threads}, {"rounds", rounds}};
  if (!json) std::printf("training step, 512 tokens, width 64, 2 layers, 8 experts of 128 units, top-2, CPU, %d threads; medians of %d\n", threads, rounds);
  if (!json) std::printf("%-44s %7.2f ms\n", "Hugging Face Mixtral (transformers, AdamW fused)", peer);
  for (std::size_t r = 0; r < routers.size(); ++r) {
    const double mine = median(ours[r]);
    result["moescope"][routers[r]] = {{"milliseconds", mine}, {"speed_up", peer / mine}};
    if (!json) std::printf("%-44s %7.2f ms   %.2f times as fast\n", ("Moescope, router " + routers[r]).c_str(), mine, peer / mine);
  }
  if (json) std::cout << result.dump(2) << '\n';
}

}  // namespace

void addBenchPeersCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("bench-peers", "Our training step beside Hugging Face's Mixtral of equal size (./run bench-peers)");
  struct Options {
    int rounds = 100;
    std::string root = ".";
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("--rounds", options->rounds, "Steps of each [100]")->check(CLI::Range(5, 100000));
  command->add_option("--root", options->root, "Folder of the project, with build/deps as ./run makes it [.]");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { benchPeers(options->rounds, options->root, options->json); });
}

}  // namespace moescope
