#pragma once
// Two runs in step: neither trains on while it is a snapshot ahead of the other, and both show the same steps.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>

namespace moescope {

/// All methods may be called from any thread; none waits for a training step. Runners are 0 and 1.
class Pace {
 public:
  /// What a runner that is not there, or that stopped for good, is said to have reached: it holds nobody.
  static constexpr std::int64_t kAway = std::numeric_limits<std::int64_t>::max();

  /// Whether a runner may train on from this step: not beyond the next common snapshot after the slower one's step.
  bool mayStep(int runner, std::int64_t step) const;
  /// Steps between common snapshots: the greater of what both want.
  int every() const;
  /// Where a runner stands, and how many steps apart it wants snapshots. Wakes the other one, which may have waited for it.
  void report(int runner, std::int64_t step, int every);
  /// A runner comes with a call that wakes it, or goes (empty): once this returns, its old call is not made any more.
  void enter(int runner, std::function<void()> wake);

 private:
  std::array<std::atomic<std::int64_t>, 2> steps_{kAway, kAway};
  std::array<std::atomic<int>, 2> every_{1, 1};
  std::mutex mutex_;  // held while waking: nobody may hold it and wait for a runner
  std::array<std::function<void()>, 2> wake_;
};

}  // namespace moescope
