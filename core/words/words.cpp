#include "core/words/words.h"

#include <utility>

namespace moescope {
namespace {

Translator& installed() {
  static Translator translator;
  return translator;
}

}  // namespace

void sayThrough(Translator translator) { installed() = std::move(translator); }

std::string translated(std::string_view source) {
  if (installed())
    if (std::string words = installed()(source); !words.empty()) return words;
  return std::string(source);
}

}  // namespace moescope
