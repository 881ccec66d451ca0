#include "app/decimal_commas.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/knobs/typed_number.h"

namespace moescope {
namespace {

bool takesOne(const CLI::Option& option, const char* type) {
  return option.get_type_name().starts_with(type) && option.get_expected_max() == 1 && option.get_delimiter() == '\0';
}

/// As CLI11 wants it: an empty line where nothing is wrong.
std::string takeComma(const std::string& option, std::string& text) {
  const std::string changed = withDecimalPoint(text);
  if (changed == text) return {};
  if (mayPartThousands(text)) {
    std::string whole = text;
    whole.erase(whole.find(','), 1);
    return "'" + text + "' may be " + changed + " or " + whole + "; write one of them";
  }
  std::fprintf(stderr, "note: %s: '%s' is taken as %s\n", option.c_str(), text.c_str(), changed.c_str());
  text = changed;
  return {};
}

/// "1e4" as 10000, which CLI11 reads; what is no whole number stays for what checks it.
std::string writeOut(std::string& text) {
  constexpr double exact = 9007199254740992.0;  // 2^53: every whole number up to it is a double
  if (text.find_first_of("eE") == std::string::npos || text.find_first_of("xX") != std::string::npos) return {};
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (*end != '\0' || number != std::floor(number) || !(std::abs(number) <= exact)) return {};
  text = std::to_string(static_cast<long long>(number));
  return {};
}

}  // namespace

void acceptDecimalCommas(CLI::App& program) {
  for (CLI::Option* option : program.get_options())
    if (takesOne(*option, "FLOAT"))  // before what checks the number
      option->transform(CLI::Validator([name = option->get_name()](std::string& text) { return takeComma(name, text); }, ""));
    else if (takesOne(*option, "INT") || takesOne(*option, "UINT") || takesOne(*option, "COUNT"))
      option->transform(CLI::Validator(writeOut, ""));
  for (CLI::App* command : program.get_subcommands([](CLI::App*) { return true; })) acceptDecimalCommas(*command);
}

}  // namespace moescope
