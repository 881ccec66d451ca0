#pragma once
// Few colours that stand for many: what a GIF can hold, chosen from all its frames by median cut (Heckbert 1982).

#include <array>
#include <cstdint>
#include <vector>

#include "views/offscreen.h"

namespace moescope {

using Rgb = std::array<std::uint8_t, 3>;

/// Counts colours of pictures, in 64 steps of each channel with their exact mean.
class ColourCount {
 public:
  ColourCount() : cells_(std::size_t{1} << 18) {}
  void add(const Image& image);

 private:
  friend class FilmPalette;
  struct Cell {
    std::uint64_t pixels = 0;
    std::array<std::uint64_t, 3> sums{};
    double mean(std::size_t channel) const { return static_cast<double>(sums[channel]) / static_cast<double>(pixels); }
  };
  std::vector<Cell> cells_;
};

/// At most `most` colours. A box of colours is cut where its pixels spread most until there are as many boxes as colours.
class FilmPalette {
 public:
  FilmPalette(const ColourCount& count, std::size_t most);
  const std::vector<Rgb>& colours() const { return colours_; }
  /// The number of the nearest colour.
  std::uint8_t nearest(std::uint8_t red, std::uint8_t green, std::uint8_t blue) const;

 private:
  std::vector<Rgb> colours_;
  std::vector<std::uint8_t> nearest_;  ///< by cell
};

}  // namespace moescope
