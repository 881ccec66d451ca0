// Training on the GPU against training on the CPU: the same seed, the same text, step by step.

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/routers/registry.h"
#include "core/training/trainer.h"
#include "tests/gpu/check.h"
#include "tests/support/expert_tests.h"

namespace moescope {
namespace {

constexpr int kSteps = 50;
constexpr double kLossLimit = 1e-4;   // nats, after every one of the steps
constexpr double kStateLimit = 2e-3;  // relative, of what is shown after a few steps

struct Case {
  std::string name;
  Knobs knobs;
};

Knobs knobsOf(const std::string& router) {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  return knobs;
}

/// Every router, and what else changes the computation.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const RouterChoice& choice : routerChoices()) all.push_back({choice.name, knobsOf(choice.name)});
  all.push_back({"grmoe with posterior and all its losses", knobsOf("grmoe")});
  all.back().knobs.posterior = true;
  all.back().knobs.diversityWeight = 0.1;
  all.push_back({"topk with capacity 1, shared expert", knobsOf("topk")});
  all.back().knobs.capacityFactor = 1.0;
  all.back().knobs.sharedExpertWidth = 64;
  all.push_back({"topk, coupling-aware", knobsOf("topk")});
  all.back().knobs.couplingAware = true;
  return all;
}

Knobs on(const Side& side, Knobs knobs) {
  knobs.device = side.device;
  return knobs;
}

void compareLosses(const Side& side, const Case& one, Findings& findings) {
  Trainer here(one.knobs), there(on(side, one.knobs), side.dispatch);
  double largest = 0.0;
  int firstApart = 0;
  for (int step = 1; step <= kSteps; ++step) {
    const double difference = std::abs(here.step().loss - there.step().loss);
    if (!(difference <= kLossLimit) && firstApart == 0) firstApart = step;
    largest = std::isnan(difference) ? difference : std::max(largest, difference);
  }
  findings.add({"loss over " + std::to_string(kSteps) + " steps: " + one.name, largest, kLossLimit, "nats",
                firstApart ? "apart since step " + std::to_string(firstApart) : ""});
}

/// Largest difference over the largest value; infinite where the shapes differ.
template <typename Matrix>
double apart(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return INFINITY;
  if (a.size() == 0) return 0.0;
  return static_cast<double>((a - b).cwiseAbs().maxCoeff()) / std::max(1e-30, static_cast<double>(a.cwiseAbs().maxCoeff()));
}

double metricsApart(const StepMetrics& a, const StepMetrics& b) {
  double largest = 0.0;
  const auto compare = [&](const std::vector<double>& x, const std::vector<double>& y) {
    if (x.size() != y.size()) largest = INFINITY;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) largest = std::max(largest, std::abs(x[i] - y[i]) / std::max(1.0, std::abs(x[i])));
  };
  compare(a.entropy, b.entropy);
  compare(a.effectiveExperts, b.effectiveExperts);
  compare(a.loadVariation, b.loadVariation);
  compare(a.maxViolation, b.maxViolation);
  compare(a.auxiliaryLoss, b.auxiliaryLoss);
  compare(a.dropped, b.dropped);
  return largest;
}

/// What the window shows after three steps: long enough for every update to have worked, short enough for no choice to have flipped.
void compareState(const Side& side, const Case& one, Findings& findings) {
  Trainer here(one.knobs), there(on(side, one.knobs), side.dispatch);
  StepMetrics ownMetrics, otherMetrics;
  for (int step = 0; step < 3; ++step) {
    ownMetrics = here.step();
    otherMetrics = there.step();
  }
  double state = metricsApart(ownMetrics, otherMetrics);
  const SnapshotPointer own = here.snapshot(), other = there.snapshot();
  for (std::size_t layer = 0; layer < own->layers.size(); ++layer) {
    const LayerSnapshot &a = own->layers[layer], &b = other->layers[layer];
    state = std::max({state, apart(a.hidden, b.hidden), apart(a.scores, b.scores), apart(a.posteriorScores, b.posteriorScores),
                      apart(a.logPrior, b.logPrior), apart(a.spectra, b.spectra), apart(a.routerDirections, b.routerDirections)});
    for (std::size_t e = 0; e < a.frames.size(); ++e) state = std::max(state, apart(a.frames[e], b.frames[e]));
  }
  findings.add({"step metrics and snapshot: " + one.name, state, kStateLimit, "relative", ""});
  const AnalysisInput a = here.analysisInput(1), b = there.analysisInput(1);
  double analysis = std::max({apart(a.tokens, b.tokens), apart(a.scores, b.scores), apart(a.routerRows, b.routerRows),
                              apart(a.routerMovement, b.routerMovement)});
  for (int e = 0; e < a.experts->count(); ++e) {
    const ExpertWeights ours = testing::expertOf(*a.experts, e), theirs = testing::expertOf(*b.experts, e);
    analysis = std::max({analysis, apart(ours.gate, theirs.gate), apart(ours.up, theirs.up), apart(ours.down, theirs.down)});
  }
  findings.add({"analysis input: " + one.name, analysis, 10.0 * kStateLimit, "relative", ""});
  Lens lens;
  lens.concentration = 2.0f;
  lens.gating.policy = GatingPolicy::TopK;
  const double losses = std::max(std::abs(here.heldOutLoss() - there.heldOutLoss()), std::abs(here.heldOutLoss(lens) - there.heldOutLoss(lens)));
  findings.add({"held-out losses, as trained and at concentration 2: " + one.name, losses, kStateLimit, "nats", ""});
}

Knobs largeKnobs() {
  Knobs knobs = knobsOf("grmoe");
  knobs.batch = 64;
  knobs.context = 128;
  knobs.width = 256;
  knobs.experts = 16;
  knobs.expertWidth = 512;
  return knobs;
}

/// Steps a second once warm: as many as fit into two seconds, at least two.
double speedOf(const Knobs& knobs, Dispatch dispatch, int warmUp) {
  using Clock = std::chrono::steady_clock;
  Trainer trainer(knobs, dispatch);
  for (int i = 0; i < warmUp; ++i) trainer.step();
  waitForGpu();
  const Clock::time_point start = Clock::now();
  int steps = 0;
  std::chrono::duration<double> taken{};
  while (steps < 2 || taken.count() < 2.0) {
    trainer.step();
    ++steps;
    taken = Clock::now() - start;
  }
  waitForGpu();
  taken = Clock::now() - start;
  return steps / taken.count();
}

void measureSize(const Side& side, const std::string& size, const Knobs& knobs, Findings& findings) {
  const double cpu = speedOf(knobs, Dispatch::Fused, 2), other = speedOf(on(side, knobs), side.dispatch, 10);
  findings.add({"steps a second, " + size + ", CPU", cpu, 0.0, "", ""});
  char ratio[64];
  std::snprintf(ratio, sizeof ratio, "%.2f times the CPU", other / cpu);
  findings.add({"steps a second, " + size + ", " + side.device, other, 0.0, "", ratio});
}

}  // namespace

void checkTraining(const Side& side, Findings& findings) {
  for (const Case& one : cases()) findings.part("loss: " + one.name, [&](Findings& f) { compareLosses(side, one, f); });
  for (const Case& one : cases()) findings.part("state: " + one.name, [&](Findings& f) { compareState(side, one, f); });
}

void measureTraining(const Side& side, Findings& findings) {
  for (const Case& one : cases())
    findings.part("synchronisations: " + one.name, [&](Findings& f) {
      Trainer trainer(on(side, one.knobs), side.dispatch);
      for (int i = 0; i < 3; ++i) trainer.step();
      const int waits = synchronisationsOf([&] { trainer.step(); });
      if (waits >= 0) f.add({"host waits for the GPU in one step: " + one.name, static_cast<double>(waits), 0.0, "", ""});
    });
  const Knobs small = knobsOf("grmoe");
  findings.part("speed", [&](Findings& f) { measureSize(side, "512 tokens, width 64, 8 experts", small, f); });
  Knobs large = largeKnobs();
  findings.part("speed", [&](Findings& f) { measureSize(side, "8192 tokens, width 256 (the knob's most), 16 experts", large, f); });
}

}  // namespace moescope
