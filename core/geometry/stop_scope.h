#pragma once
// A wish to stop that reaches into long work: a tensor that is being read, a decomposition, knows nothing of who waits for it. It
// lives as long as a scope on the thread that does the work, and no longer.

#include <chrono>
#include <functional>

namespace moescope {

class StopScope {
 public:
  /// `wanted` is asked on this thread, at most once in the time `between`, until the scope ends. Scopes nest: the innermost is
  /// asked.
  explicit StopScope(std::function<bool()> wanted, std::chrono::nanoseconds between = std::chrono::milliseconds(50));
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  friend void stopIfWanted();
  std::function<bool()> wanted_;
  StopScope* outer_;
  std::chrono::nanoseconds between_;
  std::chrono::steady_clock::time_point askedAt_;
};

/// Throws std::runtime_error("stopped") where this thread is inside a scope that wants it. To be called every few milliseconds of
/// work.
void stopIfWanted();

}  // namespace moescope
