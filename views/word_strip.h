#pragma once
// A strip of words on the background: titles, captions and what a picture shows, beside pictures of views.

#include <string>
#include <vector>

#include "views/offscreen.h"

namespace moescope {

struct StripLine {
  std::string left, right;  ///< UTF-8; `right` ends at the right edge
  double size = 15.0;       ///< height of the font, device-independent pixels; less where the words do not fit
  bool bold = false;        ///< `left`
  bool muted = false;       ///< both
};

/// Lines one below another, in the middle of a strip of this many pixels. What does not even fit in the smallest size that can be
/// read is cut at its end, and seen to be.
Image drawWords(Offscreen& offscreen, const std::vector<StripLine>& lines, const Theme& theme, int width, int height);

/// Words in at most `most` lines of this width at this size, broken at spaces; what is left over is in the last one.
std::vector<std::string> wrapped(const std::string& words, double width, double size, std::size_t most);

}  // namespace moescope
