// moescope sweep: entropy, sparsity, balance and held-out loss over concentration, with the proven bounds.

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "app/commands.h"
#include "app/json_output.h"
#include "app/options.h"
#include "core/reading/routing.h"
#include "core/training/sturdy_trainer.h"

namespace moescope {
namespace {

constexpr float kSparsityThreshold = 0.01f;  // a gate below it counts as off

struct SweepOptions {
  long steps = 200;
  std::string csv;
  bool json = false, replace = false;
};

struct SweepRow {
  double concentration = 0.0;
  int layer = 0;
  double entropy = 0.0, lower = 0.0, upper = 0.0, effective = 0.0, sparsity = 0.0, variation = 0.0, violation = 0.0, loss = 0.0;
};

SweepRow measure(const Snapshot& snapshot, const Lens& lens, double loss) {
  const Routing routing = evaluate(snapshot, lens);
  const double below = static_cast<double>((routing.gates.array() < kSparsityThreshold).count());
  return {lens.concentration,
          routing.layer + 1,
          routing.probability.meanEntropy,
          routing.entropyLower,
          routing.entropyUpper,
          routing.probability.effectiveExperts,
          below / static_cast<double>(routing.gates.size()),
          routing.applied.loadVariation,
          routing.applied.maxViolation,
          loss};
}

/// What the concentration does where it is not what it does to probabilities.
void noteConcentration(const Snapshot& snapshot, const Lens& lens) {
  std::vector<std::string> notes;
  if (const std::string& own = snapshot.layers.front().concentrationNote;
      lens.gating.policy == GatingPolicy::AsTrained && !own.empty())
    notes.push_back(own);
  if (lens.gating.policy != GatingPolicy::Soft)
    notes.push_back(
        "at concentration 0 all experts tie: probabilities are uniform, and of equal experts a choice takes those with the lowest numbers");
  printNotes(notes);
}

/// A table of another model than the one that was asked for would look like it.
[[noreturn]] void stop(const std::string& where) { throw std::runtime_error("stopped " + where + "; no table is written"); }

std::vector<SweepRow> sweepRows(const Knobs& knobs, Lens lens, long steps) {
  SturdyTrainer trainer(knobs, printNote);
  printNotes(trainer->notes());
  {
    Progress progress("step", steps);
    for (long i = 1; i <= steps; ++i) {
      if (interrupted()) stop("after " + std::to_string(i - 1) + " of " + std::to_string(steps) + " steps");
      trainer.step();
      progress.at(i);
    }
  }
  const SnapshotPointer snapshot = trainer.with([](Trainer& it) { return it.snapshot(); });
  noteConcentration(*snapshot, lens);
  std::vector<SweepRow> rows;
  for (double alpha : {0.0, 1.0 / 16, 1.0 / 8, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0}) {
    lens.concentration = static_cast<float>(alpha);
    if (interrupted()) stop("before concentration " + nlohmann::json(alpha).dump());
    const double loss = trainer.with([&](Trainer& it) { return it.heldOutLoss(lens); });
    for (int layer = 0; layer < knobs.layers; ++layer) {
      lens.layer = layer;
      rows.push_back(measure(*snapshot, lens, loss));
    }
  }
  return rows;
}

std::string toCsv(const std::vector<SweepRow>& rows) {
  std::ostringstream text;
  text
      << "concentration,layer,entropy_nats,entropy_lower_bound_nats,entropy_upper_bound_nats,effective_experts,share_of_gates_below_0.01,load_cv,"
         "max_vio,held_out_loss_nats_per_byte\n";
  for (const SweepRow& r : rows)
    text << r.concentration << ',' << r.layer << ',' << r.entropy << ',' << r.lower << ',' << r.upper << ',' << r.effective << ','
         << r.sparsity << ',' << r.variation << ',' << r.violation << ',' << r.loss << '\n';
  return text.str();
}

void sweep(const Knobs& knobs, const Lens& lens, const SweepOptions& options) {
  if (!options.csv.empty()) requireNewFile(options.csv, options.replace);
  const std::vector<SweepRow> rows = sweepRows(knobs, lens, options.steps);
  if (!options.csv.empty()) writeFileAtomically(options.csv, toCsv(rows));
  if (options.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const SweepRow& r : rows)
      list.push_back({{"concentration", r.concentration},
                      {"layer", r.layer},
                      {"entropy_nats", r.entropy},
                      {"entropy_lower_bound_nats", r.lower},
                      {"entropy_upper_bound_nats", r.upper},
                      {"effective_experts", r.effective},
                      {"share_of_gates_below_0.01", r.sparsity},
                      {"load_cv", r.variation},
                      {"max_vio", r.violation},
                      {"held_out_loss_nats_per_byte", r.loss}});
    printReport(list);
    return;
  }
  std::printf(
      "%s on %s after %ld steps; entropy of probabilities with bounds E2 and E3 in nats, the rest of applied gates; all layers at the same "
      "concentration for the loss\n",
      knobs.router.c_str(), knobs.corpus.c_str(), options.steps);
  std::printf("%13s %5s %8s %8s %8s %9s %8s %8s %8s %14s\n", "concentration", "layer", "lower", "entropy", "upper", "effective",
              "<0.01", "CV", "MaxVio", "held-out loss");
  for (const SweepRow& r : rows)
    std::printf("%13g %5d %8.4f %8.4f %8.4f %9.3f %8.3f %8.3f %8.3f %14.4f\n", r.concentration, r.layer, r.lower, r.entropy,
                r.upper, r.effective, r.sparsity, r.variation, r.violation, r.loss);
}

}  // namespace

void addSweepCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("sweep", "Train, then read the routing at concentrations from 0 to 16");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto options = std::make_shared<SweepOptions>();
  command->add_option("--steps", options->steps, "Optimiser steps before the sweep [200]")->check(wholeFrom(0, 10000000));
  command->add_option("--csv", options->csv, "Write the table to this file");
  addForceOption(command, options->replace);
  command->add_flag("--json", options->json, "Print JSON");
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  command->callback([knobs, lens, options, command] {
    if (command->count("--concentration") > 0)
      throw CLI::ValidationError("--concentration", "a sweep reads ten concentrations from 0 to 16 by itself");
    requireTogether(*knobs);
    requireLayer(*lens, *knobs);
    sweep(*knobs, *lens, *options);
  });
}

}  // namespace moescope
