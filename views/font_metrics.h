#pragma once
// How much room words take in the font that all views use, the same at every device pixel ratio.

#include <string>
#include <vector>

namespace moescope {

/// What stands for words that are left out: three dots as one character.
inline const std::string kEllipsis = "\xe2\x80\xa6";

/// Absolute path of the font that all views use, empty when it is not installed: VTK's own is taken then.
const std::string& fontFile(bool bold = false);

/// The characters of UTF-8 text; a byte that is no part of one stands alone.
std::vector<std::string> charactersOf(const std::string& words);

/// Width of words in a font of this height, both in device-independent pixels. No narrower than VTK draws them at a ratio of 1,
/// where it rounds every character to whole pixels, nor than they are at large ratios, where it need not.
double widthOf(const std::string& words, int height, bool bold);

/// Height of a line over the height of the font: from below g to above A, as VTK places lines.
double lineHeight(bool bold);

/// The words with their middle left out, so that they are no wider than `room`; empty where not even two characters fit.
std::string elidedInTheMiddle(const std::string& words, double room, int height, bool bold);
/// The same with the end left out.
std::string elidedAtTheEnd(const std::string& words, double room, int height, bool bold);

}  // namespace moescope
