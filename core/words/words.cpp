#include "core/words/words.h"

#include <atomic>
#include <memory>
#include <utility>

namespace moescope {
namespace {

/// Read by the threads of training and of opening files too, while a person chooses another language.
std::atomic<std::shared_ptr<const Translator>>& installed() {
  static std::atomic<std::shared_ptr<const Translator>> translator;
  return translator;
}

}  // namespace

void sayThrough(Translator translator) {
  installed() = translator ? std::make_shared<const Translator>(std::move(translator)) : nullptr;
}

std::string translated(std::string_view source) {
  if (const std::shared_ptr<const Translator> translator = installed())
    if (std::string words = (*translator)(source); !words.empty()) return words;
  return std::string(source);
}

}  // namespace moescope
