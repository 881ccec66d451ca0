#pragma once
// A training run kept whole on a time line, to draw any of its moments.

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/geometry/expert_analysis.h"
#include "core/knobs/knobs.h"
#include "core/timeline/timeline.h"

namespace moescope {

struct Recording {
  std::shared_ptr<Timeline> timeline = std::make_shared<Timeline>();
  std::vector<std::string> notes;  ///< what a person should know of the text and the knobs
};

/// How often what is measured: at every so many steps, and at the end. 0: only at the end.
struct RecordingPlan {
  long steps = 200;
  long snapshots = 1, heldOut = 0, analyses = 0;
  bool atStart = false;            ///< also before the first step
  std::set<int> analysedLayers = {};  ///< empty: all
  AnalysisSettings analysis = {};
  int threads = 0;                 ///< 0: what this thread has
  std::uint64_t generation = 1;
  std::size_t budget = Timeline::kBudget;  ///< of the time line, bytes
};

/// What a person stopped; nothing came of it.
class Stopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `progress` is told the steps that are done, and ends the recording with Stopped by giving false. Throws as Trainer does.
Recording record(const Knobs& knobs, const RecordingPlan& plan, const std::function<bool(long done)>& progress);

}  // namespace moescope
