#pragma once
// What `bench` and `bench-peers` time with.

#include <chrono>

namespace moescope {

/// Milliseconds of the wall clock that `work()` takes.
template <typename Work>
double milliseconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace moescope
