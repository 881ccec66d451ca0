#include "app/reproduce_sweep.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "app/interval_report.h"
#include "app/json_output.h"
#include "app/standard_output.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

using nlohmann::json;

PlannedRun planned(const SweepArm& arm, const SweepOptions& options, int seed) {
  PlannedRun run;
  run.knobs = arm.knobs;
  run.knobs.corpus = options.corpus;
  run.knobs.device = "cpu";
  run.knobs.seed = static_cast<std::uint64_t>(seed);
  run.steps = options.steps;
  return run;
}

std::vector<PlannedRun> runsOf(const Sweep& sweep, const SweepOptions& options) {
  std::vector<PlannedRun> runs;
  for (const SweepArm& arm : sweep.arms)
    for (int seed = 1; seed <= options.seeds; ++seed) runs.push_back(planned(arm, options, seed));
  return partOf(options.shard, runs);
}

SweepResults resultsOf(const Sweep& sweep, const SweepOptions& options, const RunFolder& folder) {
  std::vector<std::vector<RunValues>> all;
  for (const SweepArm& arm : sweep.arms) {
    std::vector<RunValues> bySeed;
    for (int seed = 1; seed <= options.seeds; ++seed) bySeed.push_back(resultOf(folder, planned(arm, options, seed)));
    all.push_back(std::move(bySeed));
  }
  return {sweep.arms, std::move(all)};
}

Interval combined(std::vector<double> first, const std::vector<double>& second, double (*combine)(double, double)) {
  std::transform(first.begin(), first.end(), second.begin(), first.begin(), combine);
  return interval95(first);
}

json reportOf(const Sweep& sweep, const SweepOptions& options, const SweepResults& results,
              const std::vector<std::string>& conclusions) {
  json arms = json::array();
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    json entry = {
        {"arm", results.arms()[a].name}, {"series", results.arms()[a].series}, {"collapsed_seeds", results.collapsed(a)}};
    for (const SweepColumn& column : sweep.columns) entry[column.field] = intervalJson(results.interval(a, column.field));
    arms.push_back(entry);
  }
  return {{"sweep", sweep.name},       {"question", sweep.question}, {"corpus", options.corpus},
          {"seeds", options.seeds},    {"steps", options.steps},     {"arms", arms},
          {"conclusions", conclusions}};
}

std::string csvOf(const Sweep& sweep, const SweepResults& results) {
  std::string csv = "arm,series,collapsed_seeds";
  for (const SweepColumn& column : sweep.columns) csv += "," + column.field + "," + column.field + "_half_interval";
  csv += "\n";
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    csv += "\"" + results.arms()[a].name + "\",\"" + results.arms()[a].series + "\"," + std::to_string(results.collapsed(a));
    for (const SweepColumn& column : sweep.columns) {
      const Interval interval = results.interval(a, column.field);
      char text[64];
      std::snprintf(text, sizeof text, ",%.9g,%.9g", interval.mean, interval.half);
      csv += interval.count > 0 ? text : ",,";
    }
    csv += "\n";
  }
  return csv;
}

/// On standard error, how long the runs without a result will take, by timing one of each size; `what` leads the line.
void sayDuration(const std::string& what, const std::vector<PlannedRun>& runs, int jobs, const RunFolder& folder) {
  std::map<std::pair<int, int>, RunTime> ofSize;  // experts and top-k
  double seconds = 0.0;
  std::size_t waiting = 0;
  for (const PlannedRun& run : runs) {
    if (!resultOf(folder, run).empty()) continue;
    const auto [size, fresh] = ofSize.try_emplace({run.knobs.experts, run.knobs.topK});
    if (fresh) size->second = timeOf(run);
    seconds += size->second.beside + size->second.step * static_cast<double>(run.steps);
    ++waiting;
  }
  if (waiting == 0) return;
  const double places = jobs > 0 ? jobs : std::max(1u, std::thread::hardware_concurrency());
  std::fprintf(
      stderr,
      "%s: %zu runs of %ld steps to train, %zu done already; about %s, %.0f at a time, as short runs of each size take here\n",
      what.c_str(), waiting, runs.front().steps, runs.size() - waiting,
      durationText(seconds / std::min(places, static_cast<double>(waiting))).c_str(), places);
}

std::string cell(const Interval& interval) { return interval.count == 0 ? "-" : intervalText("%.3f", interval); }

std::string headingOf(const Sweep& sweep, const SweepOptions& options) {
  return "reproduce " + sweep.name + ": " + sweep.title + "; " + std::to_string(options.seeds) + " seeds, " +
         std::to_string(options.steps) + " steps, corpus: " + options.corpus;
}

void print(const Sweep& sweep, const SweepOptions& options, const SweepResults& results,
           const std::vector<std::string>& conclusions) {
  std::printf(
      "==== %s ====\n%s\nMean with 95 %% interval over seeds, layers averaged; loss in nats per byte on held-out text. Collapsed: an expert below a tenth of the mean\n"
      "load in each of the last three evaluations. No learning rate was chosen here: every arm has that of its setting.\n\n",
      headingOf(sweep, options).c_str(), sweep.question.c_str());
  std::size_t widest = 3;
  for (const SweepArm& arm : results.arms()) widest = std::max(widest, arm.name.size());
  std::printf("%-*s %9s", static_cast<int>(widest), "arm", "collapsed");
  for (const SweepColumn& column : sweep.columns) std::printf(" %-17s", column.heading.c_str());
  std::printf("\n");
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    std::string line;
    for (const SweepColumn& column : sweep.columns) {
      std::string text = cell(results.interval(a, column.field));
      text.resize(std::max<std::size_t>(17, text.size()), ' ');
      line += " " + text;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%-*s %4d of %-2d%s\n", static_cast<int>(widest), results.arms()[a].name.c_str(), results.collapsed(a),
                options.seeds, line.c_str());
  }
  std::printf("\n");
  for (const std::string& line : conclusions) std::printf("%s\n", line.c_str());
  flushStandardOutput();
}

}  // namespace

std::size_t SweepResults::arm(const std::string& name) const {
  const auto found = std::find_if(arms_.begin(), arms_.end(), [&](const SweepArm& each) { return each.name == name; });
  if (found == arms_.end()) throw std::out_of_range("there is no arm " + name);
  return static_cast<std::size_t>(found - arms_.begin());
}

std::vector<double> SweepResults::values(std::size_t arm, const std::string& field) const {
  std::vector<double> bySeed;
  for (const RunValues& run : runs_[arm]) bySeed.push_back(meanOverLayers(run, field));
  return bySeed;
}

Interval SweepResults::difference(std::size_t arm, std::size_t other, const std::string& field) const {
  return combined(values(arm, field), values(other, field), [](double a, double b) { return a - b; });
}

Interval SweepResults::ratio(std::size_t arm, std::size_t other, const std::string& field) const {
  return combined(values(arm, field), values(other, field), [](double a, double b) { return a / b; });
}

int SweepResults::collapsed(std::size_t arm) const {
  return static_cast<int>(std::count_if(runs_[arm].begin(), runs_[arm].end(), [](const RunValues& run) {
    const auto found = run.find("dead_hard");
    return found != run.end() && std::any_of(found->second.begin(), found->second.end(), [](double dead) { return dead > 0.0; });
  }));
}

void trainOrTake(const std::string& what, const std::vector<PlannedRun>& runs, const RunFolder& folder, int jobs, bool merged) {
  if (merged) return requireResults(runs, folder);
  sayDuration(what, runs, jobs, folder);
  RunProgress progress(what, runs.size());
  runAll(runs, folder, jobs, progress);
}

void reproduceSweep(const Sweep& sweep, const SweepOptions& options, bool asJson) {
  const RunFolder folder = runFolder(options.output + "/runs", ExperimentTask::Corpus, options.corpus);
  trainOrTake(sweep.name, runsOf(sweep, options), folder, options.jobs, options.merged);
  if (options.shard) return;
  const SweepResults results = resultsOf(sweep, options, folder);
  const std::vector<std::string> conclusions = sweep.conclude(results);
  const json report = reportOf(sweep, options, results, conclusions);
  const std::string stem = options.output + "/" + sweep.name;
  writeFileAtomically(stem + ".json", jsonText(report) + "\n");
  writeFileAtomically(stem + ".csv", csvOf(sweep, results));
  std::string title = sweep.title;
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  writeIntervalChart(title,
                     "Marks and bars: mean with 95 % interval over " + std::to_string(options.seeds) +
                         " seeds, layers averaged; " + std::to_string(options.steps) + " steps, corpus: " + options.corpus + ".",
                     sweep.chart(results), stem + ".png");
  if (asJson) printReport(report);
  else print(sweep, options, results, conclusions);
}

}  // namespace moescope
