#include "app/decimal_commas.h"

#include <cstdio>
#include <string>

#include "core/knobs/typed_number.h"

namespace moescope {
namespace {

bool takesOneNumber(const CLI::Option& option) {
  return option.get_type_name().starts_with("FLOAT") && option.get_expected_max() == 1 && option.get_delimiter() == '\0';
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

}  // namespace

void acceptDecimalCommas(CLI::App& program) {
  for (CLI::Option* option : program.get_options())
    if (takesOneNumber(*option))  // before what checks the number
      option->transform(CLI::Validator([name = option->get_name()](std::string& text) { return takeComma(name, text); }, ""));
  for (CLI::App* command : program.get_subcommands([](CLI::App*) { return true; })) acceptDecimalCommas(*command);
}

}  // namespace moescope
