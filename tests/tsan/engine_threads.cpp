// The engine under ThreadSanitizer: started, stopped and reset 100 times while other threads read it and turn its knobs.
// Exit status 66 is a data race; 1 that the engine did not do what was asked.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>

#include "core/training/engine.h"

using namespace moescope;

namespace {

Knobs tinyKnobs() {
  Knobs knobs;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.heads = 2;
  knobs.experts = 4;
  knobs.expertWidth = 16;
  knobs.layers = 1;
  knobs.context = 16;
  knobs.batch = 1;
  knobs.probeTokens = 256;
  knobs.snapshotEvery = 1;
  return knobs;
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "the engine did not %s\n", what);
  std::_Exit(1);
}

bool becomes(const std::function<bool()>& condition) {
  for (int i = 0; i < 60000; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(1)))
    if (condition()) return true;
  return false;
}

/// Reads everything that the window reads, all the time.
class Reader {
 public:
  explicit Reader(const Engine& engine) : thread_([this, &engine] { read(engine); }) {}
  ~Reader() {
    stopping_ = true;
    thread_.join();
    require(sum_ != 0.0, "hand out anything");
  }

 private:
  void read(const Engine& engine) {
    while (!stopping_) {
      if (const SnapshotPointer snapshot = engine.latest())
        for (const LayerSnapshot& layer : snapshot->layers) sum_ = sum_ + layer.scores.cwiseAbs().sum() + 1e-30;
      const auto timeline = engine.timeline();
      const std::uint64_t generation = timeline->current();
      const LayerAnalyses analyses = timeline->analyses(generation, 0);
      if (analyses.latest) sum_ = sum_ + analyses.latest->nullOverlap + static_cast<double>(analyses.history->size());
      const auto steps = timeline->steps(generation);
      for (std::size_t i = 0; i < steps->buckets(); ++i) sum_ = sum_ + steps->cell(i, 0, 0).sum;
      sum_ = sum_ + static_cast<double>(timeline->knobChanges(generation).size() + timeline->snapshotSteps(generation).size() +
                                        timeline->bytes());
      sum_ = sum_ + static_cast<double>(engine.status().message.size() + engine.knobs().router.size()) + engine.lensLoss().loss;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  double sum_ = 0.0;  // only the reading thread writes; read after the join
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void startStopReset(Engine& engine, int round) {
  const std::uint64_t generation = engine.latest()->generation;
  const std::int64_t before = engine.latest()->step;
  engine.play();
  require(becomes([&] { return engine.latest()->step > before; }), "step after play");
  Knobs knobs = engine.knobs();
  knobs.router = round % 2 ? "topk" : "grmoe";
  knobs.learningRate = 1e-3 * (1 + round % 3);
  engine.setKnobs(knobs);
  Lens lens;
  lens.concentration = static_cast<float>(round % 7);
  engine.requestLoss(lens);
  AnalysisRequest analysis;
  analysis.enabled = true;
  analysis.everySeconds = 0.0;
  analysis.settings.jacobianTokens = 4;
  analysis.settings.rank = 1 + round % 4;
  engine.setAnalysis(analysis);
  engine.pause();
  engine.stepOnce();
  if (const std::vector<KeptModel> kept = engine.status().kept; round % 3 == 2 && !kept.empty()) {
    engine.restore(kept.back().id);
    require(becomes([&] { return engine.latest()->step == kept.back().step; }), "go back to a kept model");
  }
  engine.reset();
  require(becomes([&] { return engine.latest()->generation > generation && engine.latest()->step == 0; }),
          "start anew after reset");
}

}  // namespace

int main() {
  std::atomic<int> notices = 0;
  {
    Engine engine(tinyKnobs());
    engine.setListener([&] { ++notices; });
    require(becomes([&] { return engine.latest() != nullptr; }), "show step 0");
    const Reader reader(engine);
    for (int round = 0; round < 100; ++round) startStopReset(engine, round);
  }
  for (int round = 0; round < 10; ++round) {  // destroyed while loading, playing, or between two steps
    Engine engine(tinyKnobs());
    engine.play();
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * round));
  }
  require(notices > 100, "tell its listener");
  std::printf("100 starts, stops and resets, %d notices\n", notices.load());
}
