// Whatever bytes come: the capture reader throws std::runtime_error, or what it returns is as it says.
#include <cstdlib>
#include <stdexcept>

#include "core/checkpoint/capture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const moescope::RoutingCapture capture = moescope::parseCapture({data, size}, "fuzzed", {{0, 2, 2}}, 0);
    if (static_cast<std::int64_t>(capture.ids.size()) != capture.tokens * capture.layers * capture.chosen || capture.ids.empty())
      std::abort();
    for (const std::int32_t id : capture.ids)
      if (id < 0 || id >= capture.experts) std::abort();
    if (capture.starts.empty() || capture.starts.front() != 0 || capture.starts.back() >= capture.tokens) std::abort();
    for (std::size_t i = 1; i < capture.starts.size(); ++i)
      if (capture.starts[i] <= capture.starts[i - 1]) std::abort();
    if (!capture.parts.empty() && static_cast<std::int64_t>(capture.parts.size()) != capture.tokens) std::abort();
    for (const moescope::IdenticalRows& rows : capture.identical)
      if (rows.first < 0 || rows.tokens < 2 || rows.first + rows.tokens > capture.tokens) std::abort();
  } catch (const std::runtime_error&) {
  }
  return 0;
}
