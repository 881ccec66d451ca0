// moescope bench: speed as ratios against named baselines, measured in turns within one run.

#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/bench_row.h"
#include "app/bench_soak.h"
#include "app/commands.h"
#include "app/display.h"
#include "app/json_output.h"
#include "app/options.h"

namespace moescope {
namespace {

/// By the names that --only takes.
const std::vector<std::pair<std::string, std::function<BenchRows(int)>>>& benchTable() {
  static const std::vector<std::pair<std::string, std::function<BenchRows(int)>>> table = {
      {"slider", sliderRows},         {"clouds", cloudRows}, {"training", trainingRows}, {"snapshot", snapshotRows},
      {"checkpoint", checkpointRows}, {"angles", angleRows}, {"frame", frameStepRows},   {"frames", stepFrameRows},
      {"film", filmRows},             {"scrub", scrubRows},  {"saving", savingRows},
  };
  return table;
}

std::vector<std::string> benchNames() {
  std::vector<std::string> names;
  for (const auto& [name, rows] : benchTable()) names.push_back(name);
  return names;
}

/// `only`: names; empty: all of them.
void bench(const std::vector<std::string>& only, int rounds, bool json) {
  requireDisplay();
  BenchRows rows;
  for (const auto& [name, make] : benchTable())
    if (only.empty() || std::find(only.begin(), only.end(), name) != only.end())
      for (BenchRow& row : make(rounds)) rows.push_back(std::move(row));
  if (json) {
    nlohmann::json list = nlohmann::json::array();
    for (const BenchRow& row : rows)
      list.push_back({{"what", row.what}, {"milliseconds", row.ours.median}, {"quartiles", {row.ours.low, row.ours.high}},
                      {"baseline", row.baseline}, {"baseline_milliseconds", row.theirs.median},
                      {"baseline_quartiles", {row.theirs.low, row.theirs.high}}, {"speed_up", row.ratio()}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].bytes > 0.0)
        list[i].update({{"gigabytes_per_second", rows[i].bytes / rows[i].ours.median / 1e6},
                        {"baseline_gigabytes_per_second", rows[i].bytes / rows[i].theirs.median / 1e6}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].steps > 0.0) list[i].update({{"bytes", rows[i].memory}, {"bytes_per_step", rows[i].memory / rows[i].steps}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (const FilmTimes& film = rows[i].film; film.wall > 0.0)
        list[i].update({{"frames_per_second", 1e3 / film.wall},
                        {"scene_milliseconds", film.scene},
                        {"drawing_milliseconds", film.drawing},
                        {"encoding_milliseconds", film.encoding}});
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].drawing > 0.0)
        list[i].update({{"scene_milliseconds", rows[i].scene},
                        {"building_milliseconds", rows[i].building},
                        {"drawing_milliseconds", rows[i].drawing}});
    printReport(list);
    return;
  }
  std::printf("median of %d rounds, quartiles in brackets; ratio above 1: faster than the baseline\n", rounds);
  for (const BenchRow& row : rows) {
    std::printf("%-68s %8.3f ms [%.3f, %.3f]\n", row.what.c_str(), row.ours.median, row.ours.low, row.ours.high);
    std::printf("    against %-60s %8.3f ms [%.3f, %.3f]   ratio %.2f\n", row.baseline.c_str(), row.theirs.median, row.theirs.low,
                row.theirs.high, row.ratio());
    if (row.tokens > 0.0)
      std::printf("    %.0f tokens/s against %.0f tokens/s\n", row.tokens / row.ours.median * 1e3,
                  row.tokens / row.theirs.median * 1e3);
    if (row.steps > 0.0) std::printf("    %.0f bytes for the steps: %.2f bytes a step\n", row.memory, row.memory / row.steps);
    if (const FilmTimes& film = row.film; film.wall > 0.0)
      std::printf("    %.1f frames/s; a frame's scene takes %.1f ms, its drawing %.1f ms, its encoding %.1f ms\n",
                  1e3 / film.wall, film.scene, film.drawing, film.encoding);
    if (row.drawing > 0.0)
      std::printf("    scene %.2f ms, building %.2f ms, drawing %.2f ms\n", row.scene, row.building, row.drawing);
    if (row.bytes > 0.0)
      std::printf("    %.2f GB/s of the file against %.2f GB/s (as floats twice that is written)\n",
                  row.bytes / row.ours.median / 1e6, row.bytes / row.theirs.median / 1e6);
  }
}

}  // namespace

void addBenchCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("bench", "Speed, as ratios against named baselines measured in the same run");
  struct Options {
    int rounds = 50;
    double soak = 0.0;
    std::vector<std::string> only;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("--rounds", options->rounds, "Measurements of each [50]")->check(wholeFrom(5, 100000));
  command->add_flag("--json", options->json, "Print JSON");
  command->add_option("--only", options->only, "Of the measurements these, by comma [all]")
      ->delimiter(',')
      ->check(CLI::IsMember(benchNames()));
  CLI::Option* soaks = command->add_option(
      "--soak", options->soak,
      "Instead: train in a window without a person for so many minutes; memory, frame time and steps a second of each, as CSV");
  soaks->check(rangeFrom(1.0, 10000.0))->excludes("--rounds")->excludes("--only");
  command->callback([options] {
    if (options->soak > 0.0) return soak(options->soak, options->json);
    bench(options->only, options->rounds, options->json);
  });
}

}  // namespace moescope
