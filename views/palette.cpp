#include "views/palette.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr Color rgb(int red, int green, int blue) { return {red / 255.0, green / 255.0, blue / 255.0}; }

// Eight that stay apart with each of the three colour blindnesses and stand out from the background, as near as can be to those
// of Okabe and Ito 2008, "Color Universal Design", of which green and grey look alike without green cones. Found by search; the
// tests measure them. Yellow drowns on light: a near black stands for it.
constexpr std::array<Color, kSafeColors> kOnDark = {rgb(232, 161, 2), rgb(85, 179, 232), rgb(122, 255, 194), rgb(255, 251, 95),
                                                    rgb(2, 115, 179), rgb(201, 84, 0),   rgb(156, 80, 122),  rgb(171, 170, 169)};
constexpr std::array<Color, kSafeColors> kOnLight = {rgb(199, 130, 3), rgb(49, 153, 210), rgb(10, 68, 7),   rgb(57, 57, 57),
                                                     rgb(22, 96, 184), rgb(189, 82, 65),  rgb(129, 5, 107), rgb(130, 131, 125)};

constexpr std::array<Mark, 4> kMarks = {Mark::Disc, Mark::Square, Mark::Triangle, Mark::Diamond};

}  // namespace

Color expertColor(int expert, const Theme& theme) {
  return (theme.dark ? kOnDark : kOnLight)[static_cast<std::size_t>(std::max(0, expert)) % kSafeColors];
}

Color domainColor(int domain, const Theme& theme) { return expertColor(domain, theme); }

Mark expertMark(int expert) { return kMarks[static_cast<std::size_t>(std::max(0, expert)) / kSafeColors % kMarks.size()]; }

Mark domainMark(int domain) {
  const auto number = static_cast<std::size_t>(std::max(0, domain));
  return kMarks[(number + number / kSafeColors) % kMarks.size()];
}

Color backgroundColor(const Theme& theme) { return theme.dark ? rgb(22, 24, 29) : rgb(252, 252, 250); }
Color textColor(const Theme& theme) { return theme.dark ? rgb(232, 234, 238) : rgb(28, 30, 34); }
Color mutedColor(const Theme& theme) { return theme.dark ? rgb(150, 156, 166) : rgb(98, 104, 114); }
Color gridColor(const Theme& theme) { return theme.dark ? rgb(52, 56, 64) : rgb(222, 224, 228); }
Color accentColor(const Theme& theme) { return theme.dark ? rgb(255, 255, 255) : rgb(0, 0, 0); }

Color sequentialColor(double value) {
  // Viridis at nine equal steps.
  static constexpr std::array<Color, 9> steps = {rgb(68, 1, 84),    rgb(71, 44, 122),  rgb(59, 81, 139),
                                                 rgb(44, 113, 142), rgb(33, 144, 141), rgb(39, 173, 129),
                                                 rgb(92, 200, 99),  rgb(170, 220, 50), rgb(253, 231, 37)};
  const double position = std::clamp(std::isnan(value) ? 0.0 : value, 0.0, 1.0) * (steps.size() - 1);
  const auto lower = std::min(static_cast<std::size_t>(position), steps.size() - 2);
  return mix(steps[lower], steps[lower + 1], position - static_cast<double>(lower));
}

Color divergingColor(double share, const Theme& theme) {
  constexpr Color below{0.0, 0.447, 0.698}, above{0.902, 0.624, 0.0};  // Okabe and Ito's blue and orange
  const double clamped = std::clamp(share, -1.0, 1.0);
  return mix(mix(backgroundColor(theme), textColor(theme), 0.08), clamped < 0.0 ? below : above, std::sqrt(std::abs(clamped)));
}

Color mix(const Color& from, const Color& to, double share) {
  Color mixed{};
  for (std::size_t i = 0; i < 3; ++i) mixed[i] = from[i] + (to[i] - from[i]) * share;
  return mixed;
}

double contrastOf(const Color& one, const Color& other) {
  const auto luminance = [](const Color& color) {
    const auto linear = [](double channel) {
      return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
  };
  const auto [darker, brighter] = std::minmax({luminance(one), luminance(other)});
  return (brighter + 0.05) / (darker + 0.05);
}

Color inkOf(const Color& color, const Theme& theme) {
  Color ink = color;
  for (double share = 0.0; contrastOf(ink, backgroundColor(theme)) < 4.5 && share <= 1.0; share += 0.05)
    ink = mix(color, textColor(theme), share);
  return ink;
}

Color inkOn(const Color& color) {
  const Color black{0.0, 0.0, 0.0}, white{1.0, 1.0, 1.0};
  return contrastOf(black, color) >= contrastOf(white, color) ? black : white;
}

std::string expertLabel(int expert) { return "E" + std::to_string(expert); }

}  // namespace moescope
