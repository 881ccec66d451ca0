// Whatever bytes come: the header reader throws std::runtime_error, or what it returns lies inside the file.
#include <cstdlib>
#include <stdexcept>

#include "core/checkpoint/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& [name, entry] : moescope::parseSafetensors({data, size}, "fuzzed")) {
      if (entry.end > size || entry.begin > entry.end || entry.count() < 0) std::abort();
    }
  } catch (const std::runtime_error&) {
  }
  return 0;
}
