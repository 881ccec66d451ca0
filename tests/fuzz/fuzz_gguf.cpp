// Whatever bytes come: the header reader throws std::runtime_error, or what it returns lies inside the file; and so does what is
// made of it.
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/checkpoint/gguf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = [&](std::uint64_t at, std::span<std::uint8_t> to) {
    if (at > size || to.size() > size - at) std::abort();
    if (!to.empty()) std::memcpy(to.data(), data + at, to.size());
  };
  try {
    const moescope::GgufHeader header = moescope::readGgufHeader(read, size, "fuzzed");
    for (const auto& [name, entry] : header.tensors)
      if (header.dataBegin > size || entry.begin > entry.end || entry.end > size - header.dataBegin || entry.count() < 1)
        std::abort();
    if (moescope::configOfGguf(header, "fuzzed").empty()) std::abort();
    if (moescope::renamedFromGguf(header, "fuzzed").size() != header.tensors.size()) std::abort();
  } catch (const std::runtime_error&) {
  }
  return 0;
}
