#pragma once
// Colours of everything drawn. Identity is never carried by colour alone: views label experts and domains too.

#include <array>
#include <string>

#include "views/view.h"

namespace moescope {

/// Red, green, blue in [0, 1], sRGB.
using Color = std::array<double, 3>;

inline constexpr std::size_t kSafeColors = 8;

/// One of eight colours that people with any of the three colour blindnesses tell apart, in turn. Domains have the same ones: a
/// view colours experts or domains, never both.
Color expertColor(int expert, const Theme& theme);
Color domainColor(int domain, const Theme& theme);

/// Shapes of small marks.
enum class Mark { Disc, Square, Triangle, Diamond };
/// Discs for the first eight experts, then another shape for each eight: colour and mark are together those of one of 32.
Mark expertMark(int expert);
/// Domains in a row differ in shape, and colour and mark are together those of one of 32.
Mark domainMark(int domain);

Color backgroundColor(const Theme& theme);
Color textColor(const Theme& theme);   ///< contrast with the background at least 7:1
Color mutedColor(const Theme& theme);  ///< axes, secondary text; contrast at least 4.5:1
Color gridColor(const Theme& theme);
Color accentColor(const Theme& theme); ///< selection and the live point

/// Perceptually even map from dark violet over green to yellow, value clamped to [0, 1].
Color sequentialColor(double value);

/// Blue below 0, orange above, near the background at 0; share clamped to [-1, 1], its square root is what the colour goes by.
Color divergingColor(double share, const Theme& theme);

/// Linear mix of two colours: 0 gives `from`, 1 gives `to`.
Color mix(const Color& from, const Color& to, double share);

/// Contrast of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.2, "contrast ratio").
double contrastOf(const Color& one, const Color& other);
/// For words in an expert's or a domain's colour: that colour, mixed with the text's as far as a contrast of 4.5:1 with the
/// background takes.
Color inkOf(const Color& color, const Theme& theme);

/// For words on a patch of a colour: black or white, whichever has the greater contrast, which is at least 4.5:1.
Color inkOn(const Color& color);

/// A label for an expert: "E3".
std::string expertLabel(int expert);

}  // namespace moescope
