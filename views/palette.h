#pragma once
// Colours of everything drawn. Identity is never carried by colour alone: views label experts and domains too.

#include <array>
#include <string>

#include "views/view.h"

namespace moescope {

/// Red, green, blue in [0, 1], sRGB.
using Color = std::array<double, 3>;

/// Okabe and Ito's eight for up to eight experts; beyond, evenly spaced hues at two lightness levels.
Color expertColor(int expert, int experts, const Theme& theme);
Color domainColor(int domain, int domains, const Theme& theme);

Color backgroundColor(const Theme& theme);
Color textColor(const Theme& theme);   ///< contrast with the background at least 7:1
Color mutedColor(const Theme& theme);  ///< axes, grid, secondary text; contrast at least 3:1
Color gridColor(const Theme& theme);
Color accentColor(const Theme& theme); ///< selection and the live point

/// Perceptually even map from dark violet over green to yellow, value clamped to [0, 1].
Color sequentialColor(double value);

/// Linear mix of two colours: 0 gives `from`, 1 gives `to`.
Color mix(const Color& from, const Color& to, double share);

/// Contrast of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.2, "contrast ratio").
double contrastOf(const Color& one, const Color& other);
/// For words in an expert's or a domain's colour: that colour, mixed with the text's as far as a contrast of 4.5:1 with the
/// background takes.
Color inkOf(const Color& color, const Theme& theme);

/// A label for an expert: "E3".
std::string expertLabel(int expert);

}  // namespace moescope
