// moescope reproduce: the papers' claims beside what is measured here, over seeds.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/commands.h"
#include "app/options.h"
#include "app/reproduce_output.h"
#include "app/reproduce_shards.h"
#include "app/reproduce_surface.h"
#include "app/reproduce_sweeps.h"
#include "app/reproduce_tables.h"
#include "core/data/files.h"

namespace moescope {
namespace {

struct ReproduceOptions {
  std::string table, task = "both";
  LabOptions lab;
  SurfaceOptions surface;
  std::string shard;                 ///< "3/8", or empty
  std::vector<std::string> folders;  ///< whose runs are merged
  bool asSurface = false, json = false;
};

std::vector<std::string> tableNames() {
  std::vector<std::string> names;
  for (const ClaimTable& table : claimTables()) names.push_back(table.name);
  for (const Sweep& sweep : sweeps()) names.push_back(sweep.name);
  return names;
}

Finding judged(const Claim& claim, const Lab& lab) {
  Finding finding = claim.judge(lab);
  finding.claim = claim.claim;
  finding.paper = claim.paper;
  return claim.paper == "-" ? asOwnQuestion(finding) : finding;
}

/// The quick one first.
std::vector<ExperimentTask> tasksOf(const std::string& name) {
  std::vector<ExperimentTask> tasks;
  for (const ExperimentTask task : {ExperimentTask::Planted, ExperimentTask::Corpus})
    if (name == "both" || name == nameOf(task)) tasks.push_back(task);
  return tasks;
}

TableReport reportOf(const ClaimTable& table, const LabOptions& options) {
  Lab lab(options);
  lab.train(table.arms);
  TableReport report{table.name, options, {}, armSummaries(lab)};
  for (const Claim& claim : table.claims)
    if (isAskedOf(claim, options.task)) report.findings.push_back(judged(claim, lab));
  return report;
}

/// What a shard does instead of a table.
void sayPartDone(const ReproduceOptions& options) {
  std::fprintf(stderr, "part %s is done; its results are in %s/runs, for the same command with --merge %s in place of --shard\n",
               options.shard.c_str(), options.lab.output.c_str(), options.lab.output.c_str());
}

/// Before anything is trained: that the runs and the `files` of the output folder can be written; then takes the runs that are to
/// be merged.
void prepare(const ReproduceOptions& options, const std::vector<std::string>& files) {
  const std::string& output = options.lab.output;
  makeFolder(output + "/runs");
  requireWritable(output + "/runs/result");
  for (const std::string& file : files) requireWritable(output + "/" + file);
  interrupted();
  if (!options.folders.empty()) mergeRuns(options.folders, output);
}

void reproduce(const ReproduceOptions& options) {
  std::vector<std::string> files;
  for (const ExperimentTask task : tasksOf(options.task)) files.push_back(options.table + "_" + nameOf(task) + ".json");
  prepare(options, files);
  const std::vector<ClaimTable>& tables = claimTables();
  const ClaimTable& table =
      *std::find_if(tables.begin(), tables.end(), [&](const ClaimTable& each) { return each.name == options.table; });
  std::vector<TableReport> reports;
  for (const ExperimentTask task : tasksOf(options.task)) {
    LabOptions lab = options.lab;
    lab.task = task;
    lab.merged = !options.folders.empty();
    if (!options.shard.empty()) {
      Lab(lab).trainPart(table.arms, shardNamed(options.shard));
      continue;
    }
    reports.push_back(reportOf(table, lab));
    writeReport(reports.back());
    if (!options.json) print(reports.back());
  }
  if (!options.shard.empty()) sayPartDone(options);
  else if (options.json) printJson(reports);
}

void trainSurface(const ReproduceOptions& options) {
  SurfaceOptions surface = options.surface;
  surface.output = options.lab.output;
  surface.corpus = options.lab.corpus;
  surface.jobs = options.lab.jobs;
  surface.merged = !options.folders.empty();
  if (!options.shard.empty()) surface.shard = shardNamed(options.shard);
  prepare(options, {"coupling_surface.json"});
  reproduceSurface(surface, options.json);
  if (surface.shard) sayPartDone(options);
}

const Sweep* sweepNamed(const std::string& name) {
  const auto found = std::find_if(sweeps().begin(), sweeps().end(), [&](const Sweep& sweep) { return sweep.name == name; });
  return found == sweeps().end() ? nullptr : &*found;
}

void trainSweep(const Sweep& sweep, const ReproduceOptions& options, bool seedsGiven) {
  SweepOptions own;
  own.output = options.lab.output;
  own.corpus = options.lab.corpus;
  own.jobs = options.lab.jobs;
  own.steps = options.lab.steps;
  if (seedsGiven) own.seeds = options.lab.seeds;
  own.merged = !options.folders.empty();
  if (!options.shard.empty()) own.shard = shardNamed(options.shard);
  prepare(options, {sweep.name + ".json"});
  reproduceSweep(sweep, own, options.json);
  if (own.shard) sayPartDone(options);
}

void addWorkerCommand(CLI::App& program) {
  CLI::App* worker = program.add_subcommand("reproduce-run", "One run of a reproduction")->group("");
  auto run = std::make_shared<PlannedRun>();
  auto knobs = std::make_shared<Knobs>();
  auto file = std::make_shared<std::string>(), task = std::make_shared<std::string>();
  worker->add_flag("--oracle", run->oracle, "The true cluster routes");
  worker->add_option("--task", *task, "Task")->required()->check(CLI::IsMember({"corpus", "planted"}));
  worker->add_option("--steps", run->steps, "Steps")->check(wholeFrom(10, 10000000));
  worker->add_option("-o,--output", *file, "Result")->required();
  addKnobOptions(worker, knobs);
  worker->callback([run, knobs, file, task] {
    run->knobs = *knobs;
    run->task = tasksOf(*task).front();
    interrupted();
    const std::string result = toJson(execute(*run, [](long) { return !interrupted(); }));
    try {
      writeFileAtomically(*file, result);
    } catch (const WriteError& error) {
      std::exit(kWriteFailed + error.reason());  // the reproduction says it
    }
  });
}

}  // namespace

void addReproduceCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("reproduce", "The papers' claims beside what is measured here, over seeds");
  auto options = std::make_shared<ReproduceOptions>();
  command
      ->add_option(
          "table", options->table,
          "A table of claims (grmoe, coupling, asymmetry, collapse) or a sweep: kmeans (rate and start of online K-Means), frontier (loss against balance by dose), recipe "
          "(learning rate, schedule, decay, shared expert), uncertainty (does routing entropy predict loss), spectra (Jacobians and tokens from top-1 to dense)")
      ->required()
      ->check(CLI::IsMember(tableNames()));
  CLI::Option* seeds =
      command->add_option("--seeds", options->lab.seeds, "Seeds of each router [8; of a surface 5, of a sweep 3]")
          ->check(wholeFrom(1, 1000));
  CLI::Option* steps = command->add_option("--steps", options->lab.steps, "Steps of each run [400; of a surface 8000]")
                           ->check(wholeFrom(10, 10000000));
  command->add_option("--jobs", options->lab.jobs, "Runs at a time, one thread each [one for each core]")
      ->check(wholeFrom(0, 1024));
  command
      ->add_option(
          "--task", options->task,
          "corpus: the language model on text; planted: one MoE layer on a synthetic task with planted subspaces, whose right routing is known; both [both]")
      ->check(CLI::IsMember({"both", "corpus", "planted"}));
  CLI::Option* corpus = command->add_option("--corpus", options->lab.corpus, "debian, procedural or a folder [debian]");
  command->add_option("-o,--output", options->lab.output,
                      "Folder of results; an interrupted reproduction goes on from it [output/reproduce]");
  command->add_flag("--json", options->json, "Print JSON");
  const CLI::Validator part([](const std::string& text) {
    try {
      shardNamed(text);
      return std::string();
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
  }, "I/N");
  CLI::Option* shard =
      command
          ->add_option("--shard", options->shard, "Train part I of N alone and print no table, so that N machines share the work")
          ->check(part);
  command->add_option("--merge", options->folders, "Folders that the shards wrote: take their results and train nothing")
      ->excludes(shard);
  CLI::Option* surface = command->add_flag(
      "--surface", options->asSurface,
      "coupling: similarity of router rows by weight of Switch's loss, steps, experts, top-k and centring, on the corpus, instead of the table");
  command->add_option("--surface-experts", options->surface.experts, "Numbers of experts [8 16 32 64]")
      ->check(wholeFrom(4, 64))
      ->needs(surface);
  command->add_option("--surface-top-k", options->surface.topK, "Experts per token [1 2]")
      ->check(wholeFrom(1, 4))
      ->needs(surface);
  command->add_option("--surface-weights", options->surface.weights, "Weights of the loss [0.001 0.01 0.1 1]")
      ->check(rangeFrom(1e-9, 10.0))
      ->needs(surface);
  command->callback([options, corpus, seeds, steps, surface] {
    if (options->task == "planted" && corpus->count() > 0)
      throw CLI::ValidationError("--corpus", "the planted task reads no corpus");
    const Sweep* sweep = sweepNamed(options->table);
    if (sweep && surface->count() == 0) {
      if (options->task == "planted") throw CLI::ValidationError("--task", "a sweep is measured on a corpus");
      return trainSweep(*sweep, *options, seeds->count() > 0);
    }
    if (surface->count() == 0) return reproduce(*options);
    if (options->table != "coupling") throw CLI::ValidationError("--surface", "expected the table coupling");
    if (options->task == "planted") throw CLI::ValidationError("--surface", "is measured on a corpus");
    if (seeds->count() > 0) options->surface.seeds = options->lab.seeds;
    if (steps->count() > 0) options->surface.steps = options->lab.steps;
    trainSurface(*options);
  });
  addWorkerCommand(program);
}

}  // namespace moescope
