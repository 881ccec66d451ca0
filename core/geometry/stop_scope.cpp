#include "core/geometry/stop_scope.h"

#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

thread_local StopScope* innermost = nullptr;  // of the work that this thread does now

}  // namespace

StopScope::StopScope(std::function<bool()> wanted, std::chrono::nanoseconds between)
    : wanted_(std::move(wanted)),
      outer_(std::exchange(innermost, this)),
      between_(between),
      askedAt_(std::chrono::steady_clock::now()) {}

StopScope::~StopScope() { innermost = outer_; }

void stopIfWanted() {
  if (!innermost) return;
  const auto time = std::chrono::steady_clock::now();
  if (time - innermost->askedAt_ < innermost->between_) return;
  innermost->askedAt_ = time;
  if (innermost->wanted_()) throw std::runtime_error("stopped");
}

}  // namespace moescope
