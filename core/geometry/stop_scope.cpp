#include "core/geometry/stop_scope.h"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

constexpr long long kBetween = 50'000'000;  // nanoseconds

thread_local StopScope* innermost = nullptr;  // of the work that this thread does now

long long now() { return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1); }

}  // namespace

StopScope::StopScope(std::function<bool()> wanted) : wanted_(std::move(wanted)), outer_(std::exchange(innermost, this)), askedAt_(now()) {}

StopScope::~StopScope() { innermost = outer_; }

void stopIfWanted() {
  if (!innermost) return;
  const long long time = now();
  if (time - innermost->askedAt_ < kBetween) return;
  innermost->askedAt_ = time;
  if (innermost->wanted_()) throw std::runtime_error("stopped");
}

}  // namespace moescope
