#pragma once
// What the GPU check is made of: a list of findings, filled by one function for each part and printed as one table.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/kernels/dispatch.h"
#include "core/knobs/knobs.h"

namespace moescope {

/// What is compared with the CPU's own kernels: training on a GPU, or its twin, LibTorch's operations on the CPU.
struct Side {
  std::string device;  ///< "cuda" or "cpu"
  Dispatch dispatch = Dispatch::Fused;
};

/// One line of the table: a difference that must stay within a limit, or (limit 0) a figure that nothing is asked of.
struct Finding {
  std::string what;
  double value = 0.0, limit = 0.0;
  std::string unit, note;
  bool holds() const { return limit == 0.0 || value <= limit; }
};

class Findings {
 public:
  void add(Finding finding);  ///< printed at once, so that what was found stays when a later part fails
  /// Runs a part; an exception becomes a finding that does not hold.
  void part(const std::string& name, const std::function<void(Findings&)>& work);
  int failures() const { return failures_; }

 private:
  int failures_ = 0;
};

/// Every kernel against its twin.
void checkKernels(Findings& findings);
/// Losses of 50 steps of every router, then what a person sees of the model: snapshot, analysis, held-out losses.
void checkTraining(const Side& side, Findings& findings);
/// Steps a second and host synchronisations a step, at the default size and at the largest that the knobs allow.
void measureTraining(const Side& side, Findings& findings);

/// How often `work` made the host wait for the GPU; -1 where this build cannot tell.
int synchronisationsOf(const std::function<void()>& work);
/// Waits until the GPU has done what it was given; nothing without one.
void waitForGpu();

}  // namespace moescope
