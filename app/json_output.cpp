#include "app/json_output.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "app/standard_output.h"

namespace moescope {
namespace {

constexpr int kNamed = 5;

/// Calls `found` with the place and value of each number that is not finite.
template <typename Found>
void walk(const nlohmann::json& value, const std::string& place, const Found& found) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) found(place, value.get<double>());
  if (value.is_object())
    for (const auto& [key, entry] : value.items()) walk(entry, place + '/' + key, found);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i)
      if (!value[i].is_number() || value[i].is_number_float()) walk(value[i], place + '/' + std::to_string(i), found);
}

}  // namespace

std::string notFinite(const nlohmann::json& report) {
  std::string text;
  int count = 0;
  walk(report, "", [&](const std::string& place, double value) {
    if (++count <= kNamed) text += (text.empty() ? "" : ", ") + place + (std::isnan(value) ? " (not a number)" : " (infinite)");
  });
  return count > kNamed ? text + " and " + std::to_string(count - kNamed) + " more" : text;
}

std::string jsonText(const nlohmann::json& report, int indent) {
  if (const std::string names = notFinite(report); !names.empty())
    std::fprintf(stderr, "note: null in the JSON: %s\n", names.c_str());
  return report.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

void printReport(const nlohmann::json& report) {
  std::cout << jsonText(report) << '\n';
  flushStandardOutput(std::cout ? 0 : errno);
}

}  // namespace moescope
