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
#include "app/report_json.h"
#include "core/reading/metric_table.h"
#include "core/timeline/step_quantities.h"
#include "core/training/trainer.h"

namespace moescope {
namespace {

using nlohmann::json;

struct TrainOptions {
  long steps = 200, evaluateEvery = 50;
  std::string jsonl;
  bool json = false;
};

/// One step. Lists: a value for each layer. Null: not measured at this step.
json toJson(const StepMetrics& step) {
  json line = {{"step", step.step}, {"router", step.router}};
  for (const StepQuantity& quantity : stepQuantities()) {
    if (!quantity.perLayer) {
      line[quantity.name] = number(quantity.read(step, 0));
      continue;
    }
    json& layers = line[quantity.name] = json::array();
    for (std::size_t layer = 0; layer < step.entropy.size(); ++layer) layers.push_back(number(quantity.read(step, layer)));
  }
  return line;
}

void train(const Knobs& knobs, const TrainOptions& options) {
  std::optional<LineFile> lines;
  if (!options.jsonl.empty()) lines.emplace(options.jsonl);
  Trainer trainer(knobs);
  printNotes(trainer.notes());
  interrupted();
  StepMetrics last;
  double seconds = 0.0;
  {
    Progress progress("step", options.steps);
    for (long i = 1; i <= options.steps && !interrupted(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      last = trainer.step();
      seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (i % options.evaluateEvery == 0 || i == options.steps) last.heldOutLoss = trainer.heldOutLoss();
      if (lines) lines->write(jsonText(toJson(last), -1));
      progress.at(i);
    }
  }
  if (lines) lines->close();
  if (trainer.stepNumber() == 0) throw std::runtime_error("stopped before the first step");
  const double heldOut = trainer.heldOutLoss(), rate = static_cast<double>(trainer.stepNumber()) / std::max(1e-9, seconds);
  if (options.json) {
    json report = toJson(last);
    report["held_out_loss_nats_per_byte"] = heldOut;
    report["router"] = knobs.router;
    report["corpus"] = knobs.corpus;
    report["seed"] = knobs.seed;
    report["device"] = trainer.device();
    report["parameters"] = trainer.parameterCount();
    report["steps_per_second"] = rate;
    const SnapshotPointer snapshot = trainer.snapshot();
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
    return;
  }
  std::printf("%s on %s, %s, seed %llu, %lld parameters: %lld steps, %.1f steps/s, %.0f tokens/s\n", knobs.router.c_str(), knobs.corpus.c_str(),
              trainer.device().c_str(), static_cast<unsigned long long>(knobs.seed), static_cast<long long>(trainer.parameterCount()),
              static_cast<long long>(trainer.stepNumber()), rate, rate * knobs.batch * knobs.context);
  std::printf("loss %.4f nats per byte in the last batch, %.4f held out\n", last.loss, heldOut);
  for (std::size_t layer = 0; layer < last.entropy.size(); ++layer)
    std::printf("layer %zu: entropy %.3f nats, effective experts %.2f (probabilities); load CV %.3f, MaxVio %.3f (intended); dropped %.2f %%\n", layer + 1,
                last.entropy[layer], last.effectiveExperts[layer], last.loadVariation[layer], last.maxViolation[layer], 100 * last.dropped[layer]);
}

}  // namespace

void addTrainCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("train", "Train a small MoE language model and report loss, routing and balance");
  auto knobs = std::make_shared<Knobs>();
  auto options = std::make_shared<TrainOptions>();
  command->add_option("--steps", options->steps, "Optimiser steps [200]")->check(CLI::Range(1L, 10000000L));
  command->add_option("--evaluate-every", options->evaluateEvery, "Steps between held-out losses [50]")->check(CLI::Range(1L, 10000000L));
  command->add_option("--jsonl", options->jsonl, "Write one JSON line for each step to this file, as it is done");
  command->add_flag("--json", options->json, "Print JSON");
  addKnobOptions(command, knobs);
  command->callback([knobs, options] { train(*knobs, *options); });
}

}  // namespace moescope
