#include "core/training/pace.h"

#include <algorithm>
#include <utility>

namespace moescope {

int Pace::every() const { return std::max({1, every_[0].load(), every_[1].load()}); }

bool Pace::mayStep(int runner, std::int64_t step) const {
  const std::int64_t slower = std::min(step, steps_[static_cast<std::size_t>(1 - runner)].load());
  return step < (slower / every() + 1) * every();
}

void Pace::report(int runner, std::int64_t step, int every) {
  const auto own = static_cast<std::size_t>(runner);
  const int before = every_[own].exchange(every);
  if (steps_[own].exchange(step) == step && before == every) return;
  const std::lock_guard lock(mutex_);
  if (wake_[1 - own]) wake_[1 - own]();
}

void Pace::enter(int runner, std::function<void()> wake) {
  const auto own = static_cast<std::size_t>(runner);
  const bool leaves = !wake;
  {
    const std::lock_guard lock(mutex_);
    wake_[own] = std::move(wake);
  }
  if (leaves) report(runner, kAway, 1);
}

}  // namespace moescope
