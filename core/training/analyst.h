#pragma once
// The analysis thread: takes one layer's arrays at a time, measures its experts, and puts what comes of it on the time line.

#include <functional>
#include <memory>

#include "core/geometry/expert_analysis.h"
#include "core/timeline/timeline.h"

namespace moescope {

/// All methods may be called from any thread and return at once.
class Analyst {
 public:
  explicit Analyst(std::shared_ptr<Timeline> timeline);
  ~Analyst();  ///< waits for the analysis under way
  Analyst(const Analyst&) = delete;
  Analyst& operator=(const Analyst&) = delete;

  /// Latest wins: input that was not begun yet is replaced.
  void submit(AnalysisInput input, AnalysisSettings settings);
  /// An analysis that has failed before it could be submitted. Takes the place of what was submitted and not begun.
  void fail(AnalysisFailure failure);
  bool idle() const;
  /// Called on the analysis thread after each result or failure; must only post a notice.
  void setListener(std::function<void()>);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
