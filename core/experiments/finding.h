#pragma once
// A claim beside what was measured: the verdict by a rule that is stated beforehand.

#include <string>
#include <vector>

#include "core/experiments/statistics.h"

namespace moescope {

/// One row of a table of `moescope reproduce`.
struct Finding {
  std::string claim, paper, measured, verdict, rule;
  std::vector<double> values;   ///< one for each seed; NaN where a run is missing
  Interval interval;            ///< of the values, for rules about an interval
  double bound = 0.0;           ///< that the interval is held against
  bool counts = false;          ///< values are 0 or 1 for each seed, and the rule is about their number
};

/// "reproduced", "not reproduced", or "undecided" where neither is shown.
std::string verdictOf(bool holds, bool refuted);

/// The rule that the 95 % interval of the values over seeds lies above (below) the bound. `what` says what a value is.
Finding intervalAbove(double bound, const std::string& what, const std::vector<double>& values);
Finding intervalBelow(double bound, const std::string& what, const std::vector<double>& values);

/// The rule that no seed collapses, or that more than half of them do. `hard` and `soft`: one for each seed, 1 where the seed
/// collapsed by hard (soft) loads, NaN where its run is missing; hard loads decide.
Finding noSeedCollapses(const std::vector<double>& hard, const std::vector<double>& soft);
Finding mostSeedsCollapse(const std::vector<double>& hard, const std::vector<double>& soft);

/// The rule that something proven is never violated: `violations` of `tests` by seed, NaN where a run is missing.
Finding neverViolated(const std::string& what, const std::string& rule, const std::vector<double>& violations,
                      const std::vector<double>& tests);

/// Verdicts of a question that no paper asked read "holds" and "does not hold".
Finding asOwnQuestion(Finding finding);

/// A line for each finding, led by the task, with its seeds' values. Fields are quoted as RFC 4180 says.
std::string findingsCsv(const std::string& task, const std::vector<Finding>& findings);

}  // namespace moescope
