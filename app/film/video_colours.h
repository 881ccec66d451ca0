#pragma once
// From the pictures' RGB to what films hold: luma and colour differences by ITU-R BT.709-6 in limited range.

#include <array>
#include <cstdint>

#include "views/offscreen.h"

namespace moescope {

/// Three planes of bytes, rows from the top down.
struct PlanarFrame {
  std::array<std::uint8_t*, 3> planes{};  ///< Y' of every pixel; Cb and Cr of every 2 x 2
  std::array<int, 3> strides{};           ///< bytes from row to row
};

/// Y' = 16 + 219 (0.2126 R' + 0.7152 G' + 0.0722 B'), Cb = 128 + 224 (B' - Y') / 1.8556, Cr = 128 + 224 (R' - Y') / 1.5748, with
/// R', G', B' in [0, 1], each rounded to the nearest. A colour difference is of the mean over two rows and, weighted 1 : 2 : 1,
/// three columns about its place: above the left one of its two columns, where H.264 and VP9 have it. Width and height of the
/// image must be even.
void toBt709(const Image& image, const PlanarFrame& frame);

}  // namespace moescope
