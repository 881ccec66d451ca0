// moescope train: the training loop without a window.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "app/commands.h"
#include "app/json_output.h"
#include "app/options.h"
#include "app/training_record.h"
#include "app/report_json.h"
#include "core/reading/metric_table.h"
#include "core/training/sturdy_trainer.h"

namespace moescope {
namespace {

using nlohmann::json;

struct TrainOptions {
  long steps = 200, evaluateEvery = 50;
  RecordFiles files;
  std::string from;
  std::int64_t fromRun = 0;  ///< of a session; 0: not given
  bool otherText = false, json = false;
};

/// Of a model that training goes on with: the knobs that were given take the place of its own.
Knobs withGiven(const CLI::App& command, Knobs own, const Knobs& given, const std::string& from) {
  const Knobs before = own;
  for (const KnobDeclaration& knob : knobTable()) {
    if (command.get_option("--" + knob.name)->count() == 0) continue;
    if (knob.get) knob.set(own, knob.get(given));
    else knob.setText(own, knob.text(given));
    if (needsNewModel(before, own))
      throw CLI::ValidationError("--" + knob.name,
                                 "another than that of " + from + " would need a new model; expected no --" + knob.name);
  }
  requireTogether(own);
  return own;
}

SturdyTrainer makeTrainer(const CLI::App& command, const Knobs& knobs, const TrainOptions& options,
                          std::optional<ModelOrigin>& origin) {
  if (options.from.empty()) return requireTogether(knobs), SturdyTrainer(knobs, printNote);
  origin = readModelOrigin(options.from, options.otherText ? OtherText::Accepted : OtherText::Refused, options.fromRun);
  SturdyTrainer trainer(*origin->state, printNote);
  Knobs own = withGiven(command, origin->state->knobs(), knobs, options.from);
  own.device = trainer->knobs().device;  // another than the state's once the GPU has failed
  trainer->setKnobs(own);
  return trainer;
}

/// Once what was trained is kept and reported: a run that a person ended is not the run that was asked for.
void sayStopped(std::int64_t done, std::int64_t wanted) {
  if (done < wanted)
    throw std::runtime_error("stopped after " + std::to_string(done) + " of " + std::to_string(wanted) + " steps");
}

void train(const CLI::App& command, const Knobs& wanted, const TrainOptions& options) {
  std::optional<ModelOrigin> origin;
  SturdyTrainer trainer = makeTrainer(command, wanted, options, origin);
  const Knobs knobs = trainer->knobs();
  const std::int64_t first = trainer->stepNumber();
  printNotes(trainer->notes());
  TrainingRecord record(options.files, *trainer, origin ? &*origin : nullptr);
  interrupted();
  StepMetrics last;
  double seconds = 0.0;
  try {
    Progress progress("step", options.steps);
    for (long i = 1; i <= options.steps && !interrupted(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      last = trainer.step();
      seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (last.step % options.evaluateEvery == 0 || i == options.steps) last.heldOutLoss = trainer.heldOutLoss();
      record.add(last, *trainer);
      progress.at(i);
    }
  } catch (const std::exception&) {
    record.closeAfterFailure(*trainer);
    throw;
  }
  record.close(*trainer);
  if (trainer->stepNumber() == first) throw std::runtime_error("stopped before the first step");
  const double heldOut = trainer.heldOutLoss(),
               rate = static_cast<double>(trainer->stepNumber() - first) / std::max(1e-9, seconds);
  if (options.json) {
    json report = json::parse(stepLine(last));
    report["held_out_loss_nats_per_byte"] = heldOut;
    report["router"] = knobs.router;
    report["corpus"] = knobs.corpus;
    report["seed"] = knobs.seed;
    report["device"] = trainer->device();
    if (origin) report["from"] = {{"file", options.from}, {"step", first}};
    if (record.run() > 0) report["session"] = {{"file", options.files.session}, {"run", record.run()}};
    report["parameters"] = trainer->parameterCount();
    report["steps_per_second"] = rate;
    const SnapshotPointer snapshot = trainer.with([](Trainer& it) { return it.snapshot(); });
    for (int layer = 0; layer < knobs.layers; ++layer) {
      Lens lens;
      lens.layer = layer;
      const Routing routing = evaluate(*snapshot, lens);
      json measures;
      for (const Metric& metric : metricTable())
        measures[metric.name] = number(metric.value({*snapshot, routing}));  // null: the measure does not exist for this router
      report["probe_measures_by_layer"].push_back(measures);
    }
    report["tokens_per_second"] = rate * knobs.batch * knobs.context;
    printReport(report);
    return sayStopped(trainer->stepNumber() - first, options.steps);
  }
  std::printf("%s on %s, %s, seed %llu, %lld parameters: %lld steps, %.1f steps/s, %.0f tokens/s\n", knobs.router.c_str(),
              knobs.corpus.c_str(), trainer->device().c_str(), static_cast<unsigned long long>(knobs.seed),
              static_cast<long long>(trainer->parameterCount()), static_cast<long long>(trainer->stepNumber() - first), rate,
              rate * knobs.batch * knobs.context);
  std::printf("loss %.4f nats per byte in the last batch, %.4f held out\n", last.loss, heldOut);
  for (std::size_t layer = 0; layer < last.entropy.size(); ++layer)
    std::printf(
        "layer %zu: entropy %.3f nats, effective experts %.2f (probabilities); load CV %.3f, MaxVio %.3f (intended); dropped %.2f %%\n",
        layer + 1, last.entropy[layer], last.effectiveExperts[layer], last.loadVariation[layer], last.maxViolation[layer],
        100 * last.dropped[layer]);
  sayStopped(trainer->stepNumber() - first, options.steps);
}

}  // namespace

void addTrainCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("train", "Train a small MoE language model and report loss, routing and balance");
  auto knobs = std::make_shared<Knobs>();
  auto options = std::make_shared<TrainOptions>();
  const CLI::Validator sessionName(
      [](const std::string& name) {
        return name.ends_with(".moescope") ? std::string() : "'" + name + "' does not end in .moescope";
      },
      "");
  command->add_option("--steps", options->steps, "Optimiser steps [200]")->check(wholeFrom(1, 10000000));
  command->add_option("--evaluate-every", options->evaluateEvery, "Steps between held-out losses [50]")
      ->check(wholeFrom(1, 10000000));
  command->add_option("--jsonl", options->files.lines, "Write one JSON line for each step to this file, as it is done");
  command
      ->add_option(
          "--session", options->files.session,
          "Keep the run in this session file as it goes on: steps, snapshots at each held-out loss, models. One that is there gets one more run")
      ->check(sessionName);
  command->add_option("--model-every", options->files.modelEvery, "Steps between models that the session keeps [500]")
      ->check(wholeFrom(1, 10000000));
  command->add_option("--save-model", options->files.model,
                      "Write the trained model to this safetensors file (docs/model-state.md)");
  command->add_option(
      "--from", options->from,
      "Go on with a model exactly as if it had never been left: a file of --save-model, SESSION for its last model, or SESSION@STEP. Knobs that "
      "are not given stay its own");
  command
      ->add_option("--from-run", options->fromRun,
                   "With --from a session that holds several runs: a model of this one [that of the model that was kept last]")
      ->check(countFrom(1))
      ->needs("--from");
  addForceOption(command, options->files.replace);
  command->add_flag("--other-text", options->otherText,
                    "With --from: go on although the corpus is not the text that the model was trained on");
  command->add_flag("--json", options->json, "Print JSON");
  addKnobOptions(command, knobs);
  command->callback([command, knobs, options] { train(*command, *knobs, *options); });
}

}  // namespace moescope
