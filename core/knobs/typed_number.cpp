#include "core/knobs/typed_number.h"

#include <regex>

namespace moescope {

std::string withDecimalPoint(const std::string& text) {
  static const std::regex number(R"(\s*[-+]?(\d+,\d*|,\d+)([eE][-+]?\d+)?\s*)");
  std::string changed = text;
  if (std::regex_match(text, number)) changed[changed.find(',')] = '.';
  return changed;
}

bool mayPartThousands(const std::string& text) {
  static const std::regex thousands(R"(\s*[-+]?[1-9]\d{0,2},\d{3}\s*)");
  return std::regex_match(text, thousands);
}

}  // namespace moescope
