// moescope reproduce: the papers' claims beside what is measured here, over seeds.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "app/commands.h"
#include "app/options.h"
#include "app/reproduce_output.h"
#include "app/reproduce_tables.h"

namespace moescope {
namespace {

struct ReproduceOptions {
  std::string table, task = "both";
  LabOptions lab;
  bool json = false;
};

std::vector<std::string> tableNames() {
  std::vector<std::string> names;
  for (const ClaimTable& table : claimTables()) names.push_back(table.name);
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

void reproduce(const ReproduceOptions& options) {
  std::filesystem::create_directories(options.lab.output + "/runs");
  requireWritable(options.lab.output + "/runs/result");
  for (const ExperimentTask task : tasksOf(options.task)) requireWritable(options.lab.output + "/" + options.table + "_" + nameOf(task) + ".json");
  interrupted();
  const std::vector<ClaimTable>& tables = claimTables();
  const ClaimTable& table = *std::find_if(tables.begin(), tables.end(), [&](const ClaimTable& each) { return each.name == options.table; });
  std::vector<TableReport> reports;
  for (const ExperimentTask task : tasksOf(options.task)) {
    LabOptions lab = options.lab;
    lab.task = task;
    reports.push_back(reportOf(table, lab));
    writeReport(reports.back());
    if (!options.json) print(reports.back());
  }
  if (options.json) printJson(reports);
}

void addWorkerCommand(CLI::App& program) {
  CLI::App* worker = program.add_subcommand("reproduce-run", "One run of a reproduction")->group("");
  auto run = std::make_shared<PlannedRun>();
  auto knobs = std::make_shared<Knobs>();
  auto file = std::make_shared<std::string>(), task = std::make_shared<std::string>();
  worker->add_flag("--oracle", run->oracle, "The true cluster routes");
  worker->add_option("--task", *task, "Task")->required()->check(CLI::IsMember({"corpus", "planted"}));
  worker->add_option("--steps", run->steps, "Steps")->check(CLI::Range(10L, 10000000L));
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
  command->add_option("table", options->table, "grmoe, coupling, asymmetry or collapse")->required()->check(CLI::IsMember(tableNames()));
  command->add_option("--seeds", options->lab.seeds, "Seeds of each router [8]")->check(CLI::Range(1, 1000));
  command->add_option("--steps", options->lab.steps, "Steps of each run [400]")->check(CLI::Range(10L, 10000000L));
  command->add_option("--jobs", options->lab.jobs, "Runs at a time, one thread each [one for each core]")->check(CLI::Range(0, 1024));
  command
      ->add_option("--task", options->task,
                   "corpus: the language model on text; planted: one MoE layer on a synthetic task with planted subspaces, whose right routing is known; both [both]")
      ->check(CLI::IsMember({"both", "corpus", "planted"}));
  CLI::Option* corpus = command->add_option("--corpus", options->lab.corpus, "debian, procedural or a folder [debian]");
  command->add_option("-o,--output", options->lab.output, "Folder of results; an interrupted reproduction goes on from it [output/reproduce]");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, corpus] {
    if (options->task == "planted" && corpus->count() > 0) throw CLI::ValidationError("--corpus", "the planted task reads no corpus");
    reproduce(*options);
  });
  addWorkerCommand(program);
}

}  // namespace moescope
