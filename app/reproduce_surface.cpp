#include "app/reproduce_surface.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/json_output.h"
#include "app/interval_chart.h"
#include "app/interval_report.h"
#include "app/reproduce_runs.h"
#include "app/reproduce_sweep.h"
#include "app/standard_output.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

using nlohmann::json;

constexpr double kWithout = 0.0;  // the weight of plain top-k

std::vector<Region> regionsOf(const SurfaceOptions& options) {
  std::vector<Region> regions;
  for (const int experts : options.experts)
    for (const int topK : options.topK)
      for (const bool centred : {true, false}) regions.push_back({experts, topK, centred});
  return regions;
}

std::string nameOf(const Region& region) {
  return std::to_string(region.experts) + " experts, top-" + std::to_string(region.topK) +
         (region.centred ? ", tokens centred" : ", tokens not centred");
}

PlannedRun planned(const SurfaceOptions& options, const Region& region, double weight, int seed) {
  PlannedRun run;
  run.steps = options.steps;
  run.knobs.router = weight == kWithout ? "topk" : "switch_aux";
  if (weight != kWithout) run.knobs.auxiliaryWeight = weight;
  run.knobs.experts = region.experts;
  run.knobs.topK = region.topK;
  run.knobs.centreTokens = region.centred;
  run.knobs.corpus = options.corpus;
  run.knobs.device = "cpu";
  run.knobs.seed = static_cast<std::uint64_t>(seed);
  return run;
}

std::vector<PlannedRun> runsOf(const SurfaceOptions& options) {
  std::vector<PlannedRun> runs;
  std::vector<double> weights = options.weights;
  weights.insert(weights.begin(), kWithout);
  for (const Region& region : regionsOf(options))
    for (const double weight : weights)
      for (int seed = 1; seed <= options.seeds; ++seed) runs.push_back(planned(options, region, weight, seed));
  return partOf(options.shard, runs);
}

std::vector<long> stepsOf(const SurfaceOptions& options) {
  std::vector<long> steps;
  for (const long step : kRowSteps)
    if (step < options.steps) steps.push_back(step);
  steps.push_back(options.steps);
  return steps;
}

SurfaceCell cellOf(const Region& region, double weight, long step, const std::vector<RunValues>& with,
                   const std::vector<RunValues>& without) {
  const auto values = [&](const std::vector<RunValues>& runs) {
    std::vector<double> bySeed;
    for (const RunValues& run : runs) bySeed.push_back(meanOverLayers(run, "router_similarity_centred@" + std::to_string(step)));
    return interval95(bySeed);
  };
  const auto interval = [&](const std::string& field, const std::function<double(double, double)>& combine) {
    std::vector<double> bySeed;
    for (std::size_t seed = 0; seed < with.size(); ++seed) {
      const std::string name = field + "@" + std::to_string(step);
      bySeed.push_back(combine(meanOverLayers(with[seed], name), meanOverLayers(without[seed], name)));
    }
    return interval95(bySeed);
  };
  const auto ratio = [](double a, double b) { return a / b; };
  const auto difference = [](double a, double b) { return a - b; };
  return {region,
          weight,
          step,
          interval("router_similarity", ratio),
          interval("router_similarity_centred", ratio),
          interval("router_cosine", difference),
          interval("router_cosine_centred", difference),
          values(with),
          values(without),
          interval("max_vio", difference)};
}

/// Of one region, by weight, then by step.
std::vector<SurfaceCell> cellsOf(const SurfaceOptions& options, const Region& region, const RunFolder& folder) {
  const auto results = [&](double weight) {
    std::vector<RunValues> bySeed;
    for (int seed = 1; seed <= options.seeds; ++seed) bySeed.push_back(resultOf(folder, planned(options, region, weight, seed)));
    return bySeed;
  };
  const std::vector<RunValues> without = results(kWithout);
  std::vector<SurfaceCell> cells;
  for (const double weight : options.weights) {
    const std::vector<RunValues> with = results(weight);
    for (const long step : stepsOf(options)) cells.push_back(cellOf(region, weight, step, with, without));
  }
  return cells;
}

json toJson(const Region& region, const std::vector<SurfaceCell>& cells) {
  json list = json::array();
  for (const SurfaceCell& cell : cells)
    list.push_back({{"weight", cell.weight},
                    {"step", cell.step},
                    {"ratio", intervalJson(cell.ratio)},
                    {"ratio_centred", intervalJson(cell.ratioCentred)},
                    {"cosine_difference", intervalJson(cell.difference)},
                    {"cosine_difference_centred", intervalJson(cell.differenceCentred)},
                    {"similarity_centred_with", intervalJson(cell.with)},
                    {"similarity_centred_without", intervalJson(cell.without)},
                    {"max_vio_difference", intervalJson(cell.maxViolation)}});
  return {{"experts", region.experts},
          {"top_k", region.topK},
          {"tokens_centred", region.centred},
          {"verdict", verdictOf(cells)},
          {"cells", list}};
}

std::string csvOf(const std::vector<std::vector<SurfaceCell>>& regions) {
  std::string csv =
      "experts,top_k,tokens_centred,weight,step,ratio,ratio_half,ratio_centred,ratio_centred_half,cosine_difference,cosine_difference_half,cosine_difference_centred,cosine_difference_centred_half,max_vio_difference,max_vio_difference_half,seeds\n";
  char line[400];
  for (const std::vector<SurfaceCell>& cells : regions)
    for (const SurfaceCell& c : cells) {
      std::snprintf(line, sizeof line, "%d,%d,%d,%g,%ld,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%d\n", c.region.experts,
                    c.region.topK, c.region.centred ? 1 : 0, c.weight, c.step, c.ratio.mean, c.ratio.half, c.ratioCentred.mean,
                    c.ratioCentred.half, c.difference.mean, c.difference.half, c.differenceCentred.mean, c.differenceCentred.half,
                    c.maxViolation.mean, c.maxViolation.half, c.ratio.count);
      csv += line;
    }
  return csv;
}

/// Of one measure, a line for each weight and a column for each step.
void printCells(const char* what, const std::vector<SurfaceCell>& cells, const std::vector<long>& steps,
                Interval SurfaceCell::*measure) {
  std::printf("  %-28s", what);
  for (const long step : steps) std::printf(" %16s", ("step " + std::to_string(step)).c_str());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i % steps.size() == 0) std::printf("\n  weight %-21g", cells[i].weight);
    std::printf(" %16s", intervalText("%.2f", cells[i].*measure).c_str());
  }
  std::printf("\n");
}

ChartSeries overSteps(const std::string& name, const std::vector<SurfaceCell>& cells, double weight,
                      Interval SurfaceCell::*measure) {
  ChartSeries series{name, {}, {}};
  for (const SurfaceCell& cell : cells)
    if (cell.weight == weight)
      series.points.push_back({static_cast<double>(cell.step), (cell.*measure).mean, 0.0, (cell.*measure).half});
  return series;
}

/// One panel for each region: the ratio over steps, two lines for each weight.
void writeChart(const SurfaceOptions& options, const std::vector<std::vector<SurfaceCell>>& regions, const std::string& path) {
  std::vector<ChartPanel> panels;
  for (const std::vector<SurfaceCell>& cells : regions) {
    ChartPanel panel{nameOf(cells.front().region), "step", "ratio of mean |cos|", true, 1.0, {}};
    for (const double weight : options.weights) {
      panel.series.push_back(overSteps(numberText("weight %g", weight), cells, weight, &SurfaceCell::ratio));
      panel.series.push_back(overSteps(numberText("weight %g, mean row out", weight), cells, weight, &SurfaceCell::ratioCentred));
      panel.series.back().twin = numberText("weight %g", weight);
    }
    panels.push_back(panel);
  }
  writeIntervalChart("Similarity of router rows with Switch's loss over without it, as they are and with the mean row taken out",
                     "Marks and bars: mean with 95 % interval over " + std::to_string(options.seeds) +
                         " seeds, corpus: " + options.corpus + ". Black dashes: 1, as similar as without the loss.",
                     panels, path);
}

void print(const SurfaceOptions& options, const std::vector<std::vector<SurfaceCell>>& regions) {
  std::printf("==== coupling, surface: router rows with Switch's auxiliary loss against rows without, corpus: %s ====\n",
              options.corpus.c_str());
  std::printf(
      "%d seeds, %ld steps, learning rate %g for all; ratio of mean |cos| of different router rows by seed, mean with 95 %% interval.\n"
      "What all rows share changes no softmax: the ratio after the mean row is taken out is the one that routing depends on, and the verdict's.\n",
      options.seeds, options.steps, Knobs().learningRate);
  for (const std::vector<SurfaceCell>& cells : regions) {
    std::printf("\n%s: %s\n", nameOf(cells.front().region).c_str(), verdictOf(cells).c_str());
    printCells("|cos|, ratio", cells, stepsOf(options), &SurfaceCell::ratio);
    printCells("... mean row out", cells, stepsOf(options), &SurfaceCell::ratioCentred);
    printCells("cos, difference", cells, stepsOf(options), &SurfaceCell::difference);
    printCells("... mean row out", cells, stepsOf(options), &SurfaceCell::differenceCentred);
  }
  flushStandardOutput();
}

}  // namespace

std::string verdictOf(const std::vector<SurfaceCell>& cells) {
  int more = 0, less = 0, moreWithMean = 0;
  double least = INFINITY, most = 0.0, mostWithMean = 0.0;
  for (const SurfaceCell& cell : cells) {
    less += cell.ratioCentred.high() < 1.0;
    moreWithMean += cell.ratio.low() > 1.0;
    mostWithMean = std::max(mostWithMean, cell.ratio.mean);
    if (!(cell.ratioCentred.low() > 1.0)) continue;
    ++more;
    least = std::min(least, cell.weight);
    most = std::max(most, cell.weight);
  }
  char weights[64] = "";
  if (more > 0) std::snprintf(weights, sizeof weights, least == most ? " (weight %g)" : " (weight %g to %g)", least, most);
  return "more similar in " + std::to_string(more) + " of " + std::to_string(cells.size()) + " cells" + weights + ", less in " +
         std::to_string(less) + "; with the mean row in them more in " + std::to_string(moreWithMean) + ", at most " +
         numberText("%.2f", mostWithMean) + " times";
}

void reproduceSurface(const SurfaceOptions& options, bool asJson) {
  const RunFolder folder = runFolder(options.output + "/runs", ExperimentTask::Corpus, options.corpus);
  const std::string stem = options.output + "/coupling_surface";
  const std::vector<PlannedRun> runs = runsOf(options);
  trainOrTake("surface", runs, folder, options.jobs, options.merged);
  if (options.shard) return;
  std::vector<std::vector<SurfaceCell>> regions;
  json list = json::array();
  for (const Region& region : regionsOf(options)) {
    regions.push_back(cellsOf(options, region, folder));
    list.push_back(toJson(region, regions.back()));
  }
  const json report = {{"table", "coupling"},    {"surface", true},        {"corpus", options.corpus},
                       {"seeds", options.seeds}, {"steps", options.steps}, {"learning_rate", Knobs().learningRate},
                       {"regions", list}};
  writeFileAtomically(stem + ".json", jsonText(report) + "\n");
  writeFileAtomically(stem + ".csv", csvOf(regions));
  writeChart(options, regions, stem + ".png");
  if (asJson) printReport(report);
  else print(options, regions);
}

}  // namespace moescope
