#pragma once
// The sizes of text, of views and of widgets alike. Device-independent pixels, of which a screen has 96 to the inch.

#include <algorithm>

namespace moescope {

/// No text at scale 1 is smaller.
inline constexpr double kLeastPoints = 11.0;
inline constexpr double kPixelsPerPoint = 96.0 / 72.0;

/// Height of the font of captions, axes and notes; nothing is written smaller.
constexpr double leastFontHeight(double textScale) { return kLeastPoints * kPixelsPerPoint * textScale; }

/// Height of the font of normal text in a view of this size. In a small view text grows less with the scale, so that a picture is
/// left.
constexpr double normalFontHeight(double width, double height, double textScale) {
  const double side = std::min(width, height * 1.35), normal = std::clamp(side / 36.0, leastFontHeight(1.0), 22.0);
  return std::min(textScale * normal, std::max(normal, side / 15.0));
}

}  // namespace moescope
