// Whatever bytes come: the header reader throws std::runtime_error, or what it returns lies inside the file.
#include <cstdlib>
#include <stdexcept>

#include "core/checkpoint/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::uint64_t length = moescope::safetensorsHeaderLength({data, size}, size, "fuzzed");
    for (const auto& [name, entry] :
         moescope::parseSafetensorsHeader({reinterpret_cast<const char*>(data) + 8, length}, size - 8 - length, "fuzzed")) {
      if (entry.end > size || entry.begin > entry.end || entry.count() < 0) std::abort();
    }
  } catch (const std::runtime_error&) {
  }
  return 0;
}
