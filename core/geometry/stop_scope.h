#pragma once
// A wish to stop that reaches into long work: a tensor that is being read, a decomposition, knows nothing of who waits for it. It lives
// as long as a scope on the thread that does the work, and no longer.

#include <functional>

namespace moescope {

class StopScope {
 public:
  /// `wanted` is asked on this thread, at most every 50 ms, until the scope ends. Scopes nest: the innermost is asked.
  explicit StopScope(std::function<bool()> wanted);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  friend void stopIfWanted();
  std::function<bool()> wanted_;
  StopScope* outer_;
  long long askedAt_;  ///< nanoseconds of the steady clock
};

/// Throws std::runtime_error("stopped") where this thread is inside a scope that wants it. To be called every few milliseconds of work.
void stopIfWanted();

}  // namespace moescope
