#pragma once

#include <cstdint>
#include <string>

#include "core/words/words.h"

namespace moescope {

/// In the window's language: "1 token", "3 tokens".
inline std::string tokensText(std::int64_t count) {
  return translated(count == 1 ? "%1 token" : "%1 tokens", std::to_string(count));
}
inline std::string sequencesText(std::int64_t count) {
  return translated(count == 1 ? "%1 sequence" : "%1 sequences", std::to_string(count));
}

}  // namespace moescope
