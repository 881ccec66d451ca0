#pragma once
// Training runs of a reproduction: every run is a process of its own whose result is a file, so that an interrupted
// reproduction goes on where it stopped.

#include <map>
#include <string>
#include <vector>

#include "app/reproduce_progress.h"
#include "core/experiments/planned_run.h"

namespace moescope {

/// What a run measured, by name: one value for each layer, or one. NaN: not measured. No names: there is no result.
using RunValues = std::map<std::string, std::vector<double>>;

/// NaN where the run or a layer's value is missing.
double meanOverLayers(const RunValues& run, const std::string& field);

/// Of this program's results; a file with another number counts as none.
inline constexpr int kResultVersion = 6;

/// Leading singular values of Jacobians that a result keeps.
inline constexpr int kSingularValues = 16;

/// A worker whose result could not be written ends with this and the errno: the runs behind it would be trained for nothing.
inline constexpr int kWriteFailed = 64;

/// Where results lie, and what they stand on beside their knobs.
struct RunFolder {
  std::string path;
  std::string text;  ///< contentHash() of the corpus; empty: the planted task has none
};

/// Reads the corpus where the task has one; throws as loadCorpus() does.
RunFolder runFolder(const std::string& path, ExperimentTask task, const std::string& corpus);

std::string toJson(const RunResult& result);

/// What the content of a result's file says; empty where it is no result of this version.
RunValues runValuesOf(const std::string& content);

/// The result of a finished run in `folder`; empty where there is none that can be read.
RunValues resultOf(const RunFolder& folder, const PlannedRun& run);

/// Throws std::runtime_error with their number and the first one's name where runs have no result in `folder`.
void requireResults(const std::vector<PlannedRun>& runs, const RunFolder& folder);

/// Wall time of a run by a worker with one thread, in seconds.
struct RunTime {
  double step = 0.0;    ///< of each step
  double beside = 0.0;  ///< of what comes before and after them
};
/// Measured now by two short runs. Throws std::runtime_error where they fail or Ctrl-C was pressed.
RunTime timeOf(const PlannedRun& run);

/// Runs what has no result in `folder` yet, `jobs` processes at a time (0: one for each core), one thread each. A failing run is
/// named and left out. `progress` hears of every run. Throws std::runtime_error when Ctrl-C was pressed, WriteError when a
/// result could not be written. When this program dies, so do its workers.
void runAll(const std::vector<PlannedRun>& runs, const RunFolder& folder, int jobs, RunProgress& progress);

}  // namespace moescope
