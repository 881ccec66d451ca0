#pragma once
// `moescope reproduce` of a sweep: routers by dose of their own knobs, each in many settings, on the corpus.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/interval_chart.h"
#include "app/reproduce_runs.h"
#include "app/reproduce_shards.h"
#include "core/experiments/statistics.h"

namespace moescope {

/// One setting. Arms of a series are one router's, by dose.
struct SweepArm {
  std::string name, series;
  Knobs knobs;
};

/// What was measured, by arm and seed.
class SweepResults {
 public:
  SweepResults(std::vector<SweepArm> arms, std::vector<std::vector<RunValues>> runs)
      : arms_(std::move(arms)), runs_(std::move(runs)) {}

  const std::vector<SweepArm>& arms() const { return arms_; }
  /// Index of an arm by its name; throws std::out_of_range.
  std::size_t arm(const std::string& name) const;
  /// Mean over layers of a field, one for each seed; NaN where a run or a value is missing.
  std::vector<double> values(std::size_t arm, const std::string& field) const;
  Interval interval(std::size_t arm, const std::string& field) const { return interval95(values(arm, field)); }
  /// By seed: the arm's less (over) the other's.
  Interval difference(std::size_t arm, std::size_t other, const std::string& field) const;
  Interval ratio(std::size_t arm, std::size_t other, const std::string& field) const;
  /// Seeds in which a layer has a dead expert by hard load in the last three evaluations.
  int collapsed(std::size_t arm) const;

 private:
  std::vector<SweepArm> arms_;
  std::vector<std::vector<RunValues>> runs_;  // by arm, then seed
};

struct SweepColumn {
  std::string field, heading;
};

struct Sweep {
  std::string name, title;
  std::string question;              ///< one line
  std::vector<SweepArm> arms;
  std::vector<SweepColumn> columns;  ///< beside the collapsed seeds
  std::function<std::vector<std::string>(const SweepResults&)> conclude;  ///< a line each, by rules that it states
  std::function<std::vector<ChartPanel>(const SweepResults&)> chart;
};

struct SweepOptions {
  std::string output = "output/reproduce", corpus = "debian";
  int seeds = 3, jobs = 0;
  long steps = 400;
  std::optional<Shard> shard;  ///< train this part alone
  bool merged = false;         ///< train nothing: every result must be there
};

/// Trains what is not there yet, having said how long that takes, and writes NAME.json, .csv and .png into the output folder.
/// With a shard nothing but its runs. Throws as runAll() does.
void reproduceSweep(const Sweep& sweep, const SweepOptions& options, bool json);

/// Trains the runs that have no result in `folder`, having said on standard error how long they will take (`what` leads the
/// line); with `merged` none: every result must be there. Throws as runAll() and requireResults() do.
void trainOrTake(const std::string& what, const std::vector<PlannedRun>& runs, const RunFolder& folder, int jobs, bool merged);

}  // namespace moescope
