#include "app/reproduce_output.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/interval_report.h"
#include "app/json_output.h"
#include "app/options.h"
#include "app/report_json.h"
#include "app/reproduce_chart.h"
#include "app/standard_output.h"

namespace moescope {
namespace {

using nlohmann::json;

json toJson(const Finding& f) {
  json entry = {{"claim", f.claim},     {"paper", f.paper}, {"measured", f.measured},
                {"verdict", f.verdict}, {"rule", f.rule},   {"seeds", json::array()}};
  for (const double value : f.values) entry["seeds"].push_back(number(value));
  if (!f.counts) {
    entry["mean"] = number(f.interval.mean);
    entry["half_interval"] = number(f.interval.half);
    entry["bound"] = number(f.bound);
  }
  return entry;
}

/// The columns of an arm that are means over seeds.
struct Column {
  const char *name, *heading;
  Interval ArmSummary::*interval;
};
constexpr Column kColumns[] = {{"held_out_loss", "held-out loss", &ArmSummary::heldOutLoss},
                               {"load_cv", "load CV", &ArmSummary::loadVariation},
                               {"cluster_information", "NMI", &ArmSummary::information},
                               {"cluster_purity", "purity", &ArmSummary::purity},
                               {"recovery", "recovery", &ArmSummary::recovery},
                               {"random_recovery", "(random)", &ArmSummary::randomRecovery}};

json toJson(const ArmSummary& arm) {
  json entry = {{"arm", arm.name}, {"learning_rate", arm.learningRate}, {"collapsed_seeds", arm.collapsed}};
  for (const Column& column : kColumns) {
    const Interval& interval = arm.*column.interval;
    if (interval.count > 0) entry[column.name] = intervalJson(interval);
  }
  return entry;
}

json toJson(const TableReport& report) {
  json claims = json::array(), arms = json::array();
  for (const Finding& finding : report.findings) claims.push_back(toJson(finding));
  for (const ArmSummary& arm : report.arms) arms.push_back(toJson(arm));
  json entry = {{"table", report.table},
                {"task", nameOf(report.options.task)},
                {"data", headingOf(report.options)},
                {"seeds", report.options.seeds},
                {"steps", report.options.steps},
                {"claims", claims},
                {"arms", arms}};
  entry["synthetic"] = report.options.task == ExperimentTask::Planted;
  if (report.options.task == ExperimentTask::Corpus) entry["corpus"] = report.options.corpus;
  return entry;
}

std::string armsCsv(const TableReport& report) {
  std::string csv = "task,arm,learning_rate,collapsed_seeds";
  for (const Column& column : kColumns) csv += std::string(",") + column.name + "," + column.name + "_half_interval";
  csv += '\n';
  char text[96];
  for (const ArmSummary& arm : report.arms) {
    std::snprintf(text, sizeof text, ",%g,%d", arm.learningRate, arm.collapsed);
    csv += nameOf(report.options.task) + ',' + arm.name + text;
    for (const Column& column : kColumns) {
      const Interval& interval = arm.*column.interval;
      std::snprintf(text, sizeof text, ",%.9g,%.9g", interval.mean, interval.half);
      csv += interval.count > 0 ? text : ",,";
    }
    csv += '\n';
  }
  return csv;
}

std::string cell(const Interval& interval) { return interval.count == 0 ? "" : intervalText("%.3f", interval); }

/// Whether the report's task has this column at all.
bool shows(const TableReport& report, const Column& column) {
  const std::string name = column.name;
  return report.options.task == ExperimentTask::Planted || name.starts_with("held") || name.starts_with("load");
}

/// A row of a Markdown table.
std::string markdownRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (std::string cell : cells) {
    for (std::size_t at = cell.find('|'); at != std::string::npos; at = cell.find('|', at + 2)) cell.insert(at, 1, '\\');
    row += ' ' + cell + " |";
  }
  return row + '\n';
}

std::string markdownHead(const std::vector<std::string>& cells) {
  return markdownRow(cells) + markdownRow(std::vector<std::string>(cells.size(), "---"));
}

std::string markdown(const TableReport& report) {
  std::string text = markdownHead({"claim", "paper", "measured here", "verdict", "rule"});
  for (const Finding& f : report.findings) text += markdownRow({f.claim, f.paper, f.measured, f.verdict, f.rule});
  std::vector<std::string> head = {"arm", "rate", "collapsed seeds"};
  for (const Column& column : kColumns)
    if (shows(report, column)) head.push_back(column.heading);
  text += '\n' + markdownHead(head);
  for (const ArmSummary& arm : report.arms) {
    char rate[24];
    std::snprintf(rate, sizeof rate, "%g", arm.learningRate);
    std::vector<std::string> cells = {arm.name, rate, std::to_string(arm.collapsed)};
    for (const Column& column : kColumns)
      if (shows(report, column)) cells.push_back(cell(arm.*column.interval));
    text += markdownRow(cells);
  }
  return text;
}

void printArms(const TableReport& report) {
  std::printf("\n%-30s %8s %9s", "arm", "rate", "collapsed");
  for (const Column& column : kColumns)
    if (shows(report, column)) std::printf(" %-16s", column.heading);
  std::printf("\n");
  for (const ArmSummary& arm : report.arms) {
    std::string line;
    for (const Column& column : kColumns) {
      std::string text = cell(arm.*column.interval);
      text.resize(std::max<std::size_t>(16, text.size()), ' ');
      line += ' ' + text;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%-30s %8g %4d of %-2d%s\n", arm.name.c_str(), arm.learningRate, arm.collapsed, report.options.seeds,
                line.c_str());
  }
}

std::string sizesOf(ExperimentTask task) {
  if (task == ExperimentTask::Corpus) return "8 experts, 2 layers, width 64; layers averaged; loss in nats per byte";
  return "8 experts, 1 layer, width 32, 8 Zipf-sized clusters of rank 3; loss is the mean squared error, about 1 for an output of 0. Oracle: each token to the\n"
         "expert of its true cluster alone, trained the same way; top-2 arms have twice its active units";
}

}  // namespace

std::vector<ArmSummary> armSummaries(const Lab& lab) {
  std::vector<ArmSummary> summaries;
  for (const std::string& arm : lab.arms()) {
    const auto interval = [&](const char* field) { return interval95(lab.values(arm, field)); };
    ArmSummary summary{arm,
                       lab.learningRate(arm),
                       interval("held_out_loss"),
                       interval("load_cv"),
                       interval("cluster_information"),
                       interval("cluster_purity"),
                       interval("recovery"),
                       {},
                       0};
    if (summary.recovery.count > 0) summary.randomRecovery = interval("random_recovery");
    for (const double collapsed : lab.collapsed(arm, "dead_hard")) summary.collapsed += collapsed > 0.0 ? 1 : 0;
    summaries.push_back(summary);
  }
  return summaries;
}

std::string headingOf(const LabOptions& options) {
  return options.task == ExperimentTask::Planted ? "synthetic task with planted subspaces" : "corpus: " + options.corpus;
}

void writeReport(const TableReport& report) {
  const std::string task = nameOf(report.options.task), stem = report.options.output + "/" + report.table + "_" + task;
  writeFileAtomically(stem + ".json", jsonText(toJson(report)) + "\n");
  writeFileAtomically(stem + ".csv", findingsCsv(task, report.findings));
  writeFileAtomically(stem + "_arms.csv", armsCsv(report));
  writeFileAtomically(stem + ".md", markdown(report));
  writeClaimsChart("reproduce " + report.table + ": " + std::to_string(report.options.seeds) + " seeds, " +
                       std::to_string(report.options.steps) + " steps, " + headingOf(report.options),
                   report.findings, stem + ".png");
}

void print(const TableReport& report) {
  const LabOptions& options = report.options;
  std::printf("==== %s, %s ====\n", report.table.c_str(), headingOf(options).c_str());
  std::printf("%d seeds, %ld steps; mean with 95 %% interval over seeds; %s\n", options.seeds, options.steps,
              sizesOf(options.task).c_str());
  std::string rates;
  for (const double rate : kLearningRates) {
    char text[16];
    std::snprintf(text, sizeof text, "%s%g", rates.empty() ? "" : ", ", rate);
    rates += text;
  }
  std::printf(
      "learning rate of each router: the best of %s on a seed that is not reported. Collapsed: an expert below a tenth of the mean "
      "load in each of the last three evaluations\n\n",
      rates.c_str());
  for (const Finding& f : report.findings)
    std::printf("%-14s %s\n               paper: %s; measured: %s\n               rule: %s\n", f.verdict.c_str(), f.claim.c_str(),
                f.paper.c_str(), f.measured.c_str(), f.rule.c_str());
  printArms(report);
  std::printf("\n");
  flushStandardOutput();
}

void printJson(const std::vector<TableReport>& reports) {
  json tasks = json::array();
  for (const TableReport& report : reports) tasks.push_back(toJson(report));
  printReport(json({{"table", reports.front().table}, {"tasks", tasks}}));
}

}  // namespace moescope
