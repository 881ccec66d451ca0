#include "views/palette.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr Color rgb(int red, int green, int blue) { return {red / 255.0, green / 255.0, blue / 255.0}; }

// Okabe and Ito 2008, "Color Universal Design"; their black becomes a grey that shows on both themes.
constexpr std::array<Color, 8> kOkabeIto = {rgb(230, 159, 0), rgb(86, 180, 233), rgb(0, 158, 115),  rgb(240, 228, 66),
                                            rgb(0, 114, 178), rgb(213, 94, 0),   rgb(204, 121, 167), rgb(150, 150, 150)};

// Okabe and Ito's yellow is close to white on a projector: darker on a light background.
constexpr Color kYellowOnLight = rgb(176, 160, 0);

Color fromHsl(double hue, double saturation, double lightness) {
  const double chroma = (1.0 - std::abs(2.0 * lightness - 1.0)) * saturation;
  const auto channel = [&](double n) {
    const double k = std::fmod(n + hue * 12.0, 12.0);
    return lightness - chroma / 2.0 * std::clamp(std::min(k - 3.0, 9.0 - k), -1.0, 1.0);
  };
  return {channel(0), channel(8), channel(4)};
}

Color categorical(int index, int count, const Theme& theme) {
  if (count <= static_cast<int>(kOkabeIto.size())) {
    if (!theme.dark && index == 3) return kYellowOnLight;
    return kOkabeIto[static_cast<std::size_t>(std::clamp(index, 0, 7))];
  }
  const double base = theme.dark ? 0.62 : 0.42;
  return fromHsl(static_cast<double>(index) / count, 0.70, index % 2 == 0 ? base : base + 0.13);
}

}  // namespace

Color expertColor(int expert, int experts, const Theme& theme) { return categorical(expert, experts, theme); }
Color domainColor(int domain, int domains, const Theme& theme) { return categorical(domain, domains, theme); }

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

std::string expertLabel(int expert) { return "E" + std::to_string(expert); }

}  // namespace moescope
