// Training on the GPU against training on the CPU: the same seed, the same text, step by step.

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/routers/registry.h"
#include "core/training/trainer.h"
#include "core/training/trainer_state.h"
#include "tests/gpu/check.h"
#include "tests/support/expert_tests.h"

namespace moescope {
namespace {

constexpr int kSteps = 50;
constexpr double kLossLimit = 1e-4;   // nats, after every one of the steps
constexpr double kPartedLimit = 0.2;  // nats, once choices differ
constexpr int kEarliestParting = 3;   // choices that differ before are no rounding
constexpr double kStateLimit =
    1e-2;  // relative, after a step: Adam's first goes by the sign, which rounding turns where a gradient is almost 0

struct Case {
  std::string name;
  Knobs knobs;
  bool searches = false;  ///< its choice is found by a search that rounding leads elsewhere from the first step on
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
  for (const RouterChoice& choice : routerChoices()) all.push_back({choice.name, knobsOf(choice.name), choice.name == "base"});
  all.push_back({"grmoe with posterior and all its losses", knobsOf("grmoe"), false});
  all.back().knobs.posterior = true;
  all.back().knobs.diversityWeight = 0.1;
  all.push_back({"topk with capacity 1, shared expert", knobsOf("topk"), false});
  all.back().knobs.capacityFactor = 1.0;
  all.back().knobs.sharedExpertWidth = 64;
  all.push_back({"topk, coupling-aware", knobsOf("topk"), false});
  all.back().knobs.couplingAware = true;
  return all;
}

Knobs on(const Side& side, Knobs knobs) {
  knobs.device = side.device;
  return knobs;
}

/// Whether the two sides' tokens chose differently, told by the loads; a ReLU penalty that grew instead of shrinking counts too.
bool choseDifferently(const StepMetrics& a, const StepMetrics& b) {
  for (std::size_t layer = 0; layer < a.loadVariation.size(); ++layer)
    if (std::abs(a.loadVariation[layer] - b.loadVariation[layer]) > 1e-5 ||
        std::abs(a.maxViolation[layer] - b.maxViolation[layer]) > 1e-5 ||
        std::abs(a.auxiliaryLoss[layer] - b.auxiliaryLoss[layer]) > 1e-2 * std::abs(a.auxiliaryLoss[layer]))
      return true;
  return false;
}

/// Losses agree as long as the choices do. A token whose k-th and next expert differ by less than rounding chooses differently on
/// the two sides, and what follows is another run, equally right: said, and no more asked of it than that it learns alike.
void compareLosses(const Side& side, const Case& one, Findings& findings) {
  Trainer here(one.knobs), there(on(side, one.knobs), side.dispatch);
  double before = 0.0, after = 0.0;
  int parted = 0;
  for (int step = 1; step <= kSteps; ++step) {
    const StepMetrics a = here.step(), b = there.step();
    const double difference = std::abs(a.loss - b.loss);
    if (parted == 0 && (choseDifferently(a, b) || one.searches)) parted = step;
    double& largest = parted ? after : before;
    largest = std::isnan(difference) ? difference : std::max(largest, difference);
  }
  const std::string what = "loss over " + std::to_string(parted ? parted - 1 : kSteps) + " steps: " + one.name;
  if (parted != 1) findings.add({what, before, kLossLimit, "nats", ""});
  if (parted == 0) return;
  const bool early = parted < kEarliestParting && !one.searches;
  findings.add({"  since step " + std::to_string(parted) + ": " + one.name, early ? NAN : after, kPartedLimit, "nats",
                one.searches ? "its search turns a last digit into another assignment of equal worth"
                             : "choices within rounding of each other fell differently"});
}

/// Largest difference over the largest value; infinite where the shapes differ.
template <typename Matrix>
double apart(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return INFINITY;
  if (a.size() == 0) return 0.0;
  return static_cast<double>((a - b).cwiseAbs().maxCoeff()) / std::max(1e-30, static_cast<double>(a.cwiseAbs().maxCoeff()));
}

/// The same of all rows but the hundredth part that differs most: a probe token whose k-th and next expert are within rounding of
/// each other may go to another expert, and is another token from there on.
template <typename Matrix>
double mostRowsApart(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return INFINITY;
  if (a.size() == 0) return 0.0;
  Eigen::VectorXf differences = (a - b).cwiseAbs().rowwise().maxCoeff();
  if (!differences.allFinite()) return INFINITY;
  std::sort(differences.begin(), differences.end());
  return static_cast<double>(differences[differences.size() - 1 - differences.size() / 100]) /
         std::max(1e-30, static_cast<double>(a.cwiseAbs().maxCoeff()));
}

/// ReLU's scores are logarithms of gates + 1e-6, which turn the rounding of a gate of almost 0 into something large: none below
/// 1e-4.
RowMatrix shownScores(const LayerSnapshot& layer) { return layer.scores.cwiseMax(std::log(1e-4f)); }

double metricsApart(const StepMetrics& a, const StepMetrics& b) {
  double largest = 0.0;
  const auto compare = [&](const std::vector<double>& x, const std::vector<double>& y) {
    if (x.size() != y.size()) largest = INFINITY;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
      largest = std::max(largest, std::abs(x[i] - y[i]) / std::max(1.0, std::abs(x[i])));
  };
  compare(a.entropy, b.entropy);
  compare(a.effectiveExperts, b.effectiveExperts);
  compare(a.loadVariation, b.loadVariation);
  compare(a.maxViolation, b.maxViolation);
  compare(a.auxiliaryLoss, b.auxiliaryLoss);
  compare(a.dropped, b.dropped);
  return largest;
}

/// What the window shows after one step: every update has worked, and no choice has fallen differently.
void compareState(const Side& side, const Case& one, Findings& findings) {
  Trainer here(one.knobs), there(on(side, one.knobs), side.dispatch);
  double state = metricsApart(here.step(), there.step());
  const SnapshotPointer own = here.snapshot(), other = there.snapshot();
  for (std::size_t layer = 0; layer < own->layers.size(); ++layer) {
    const LayerSnapshot &a = own->layers[layer], &b = other->layers[layer];
    state = std::max({state, mostRowsApart(a.hidden, b.hidden), mostRowsApart(shownScores(a), shownScores(b)),
                      mostRowsApart(a.posteriorScores, b.posteriorScores), apart(a.logPrior, b.logPrior),
                      apart(a.spectra, b.spectra), apart(a.routerDirections, b.routerDirections)});
    for (std::size_t e = 0; e < a.frames.size(); ++e) state = std::max(state, apart(a.frames[e], b.frames[e]));
  }
  findings.add({"step metrics and snapshot: " + one.name, state, kStateLimit, "relative", ""});
  const AnalysisInput a = here.analysisInput(1), b = there.analysisInput(1);
  double analysis = std::max({mostRowsApart(a.tokens, b.tokens), mostRowsApart(a.scores, b.scores),
                              apart(a.routerRows, b.routerRows), apart(a.routerGradient, b.routerGradient)});
  for (int e = 0; e < a.experts->count(); ++e) {
    const ExpertWeights ours = testing::expertOf(*a.experts, e), theirs = testing::expertOf(*b.experts, e);
    analysis = std::max({analysis, apart(ours.gate, theirs.gate), apart(ours.up, theirs.up), apart(ours.down, theirs.down)});
  }
  findings.add({"analysis input: " + one.name, analysis, 5.0 * kStateLimit, "relative", ""});
  Lens lens;
  lens.concentration = 2.0f;
  lens.gating.policy = GatingPolicy::TopK;
  const double losses =
      std::max(std::abs(here.heldOutLoss() - there.heldOutLoss()), std::abs(here.heldOutLoss(lens) - there.heldOutLoss(lens)));
  findings.add({"held-out losses, as trained and at concentration 2: " + one.name, losses, 2e-3, "nats", ""});
}

/// Twenty steps from one seed, and ten of them again from a model kept after ten: how far apart two runs on one device are.
void repeatOnDevice(const Side& side, const Case& one, Findings& findings) {
  Trainer first(on(side, one.knobs), side.dispatch), again(on(side, one.knobs), side.dispatch);
  double runs = 0.0, kept = 0.0;
  for (int step = 0; step < 10; ++step) runs = std::max(runs, std::abs(first.step().loss - again.step().loss));
  Trainer from(*first.save(), side.dispatch);
  for (int step = 0; step < 10; ++step) {
    const double loss = first.step().loss;
    runs = std::max(runs, std::abs(loss - again.step().loss));
    kept = std::max(kept, std::abs(loss - from.step().loss));
  }
  findings.add({"20 steps twice on " + side.device + ": " + one.name, runs, kLossLimit, "nats", ""});
  findings.add({"10 steps from a kept model on " + side.device + ": " + one.name, kept, kLossLimit, "nats", ""});
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
  for (const std::string router : {"grmoe", "topk", "relu", "noisy_topk"})
    findings.part("again: " + router, [&](Findings& f) { repeatOnDevice(side, {router, knobsOf(router)}, f); });
  for (const Case& one : cases())
    if (!one.searches) findings.part("state: " + one.name, [&](Findings& f) { compareState(side, one, f); });
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
  findings.part("speed",
                [&](Findings& f) { measureSize(side, "8192 tokens, width 256 (the knob's most), 16 experts", large, f); });
}

}  // namespace moescope
