#pragma once
// The analysis thread: takes one layer's arrays at a time, measures its experts, keeps a bounded history.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/geometry/expert_analysis.h"

namespace moescope {

/// All methods may be called from any thread and return at once.
class Analyst {
 public:
  Analyst();
  ~Analyst();  ///< waits for the analysis under way
  Analyst(const Analyst&) = delete;
  Analyst& operator=(const Analyst&) = delete;

  /// Latest wins: input that was not begun yet is replaced. A new generation drops the history of the old one.
  void submit(AnalysisInput input, AnalysisSettings settings);
  bool idle() const;
  AnalysisPointer latest(int layer) const;                ///< null: none yet
  std::vector<AnalysisPointer> history(int layer) const;  ///< oldest first, at most 200
  std::string failure() const;                            ///< of the last analysis; empty when all is well
  /// Called on the analysis thread after each result; must only post a notice.
  void setListener(std::function<void()>);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
