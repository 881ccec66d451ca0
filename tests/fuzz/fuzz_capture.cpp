// Whatever bytes come: the capture reader throws std::runtime_error, or what it returns is as it says.
#include <cstdlib>
#include <stdexcept>

#include "core/checkpoint/capture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const moescope::RoutingCapture capture = moescope::parseCapture({data, size}, "fuzzed", {{0, 2, 2}}, 0);
    if (static_cast<std::int64_t>(capture.ids.size()) != capture.tokens * capture.layers * capture.chosen || capture.ids.empty()) std::abort();
    for (const std::int32_t id : capture.ids)
      if (id < 0 || id >= capture.experts) std::abort();
  } catch (const std::runtime_error&) {
  }
  return 0;
}
