#include "core/knobs/setting.h"

#include <sstream>

#include "core/words/words.h"

namespace moescope {
namespace {

std::string shown(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

std::string saidOfNumber(const std::string& name, double value, double minimum, double maximum, bool integral) {
  return integral
             ? translated("%1 is %2; expected a whole number from %3 to %4", name, shown(value), shown(minimum), shown(maximum))
             : translated("%1 is %2; expected %3 to %4", name, shown(value), shown(minimum), shown(maximum));
}

std::string saidOfWords(const std::string& name, const std::string& words, const std::vector<Choice>& choices) {
  std::string known;
  for (const Choice& choice : choices) known += (known.empty() ? "" : ", ") + choice.name;
  return translated("%1 is '%2'; expected %3", name, words, known);
}

}  // namespace moescope
