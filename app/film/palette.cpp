#include "app/film/palette.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

std::size_t cellOf(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return (static_cast<std::size_t>(red >> 2) << 12) | (static_cast<std::size_t>(green >> 2) << 6) |
         static_cast<std::size_t>(blue >> 2);
}

struct Colour {
  std::array<double, 3> at{};
  double pixels = 0.0;
  std::size_t cell = 0;
};

/// Some of the colours, with the channel in which their pixels spread most.
struct Box {
  std::size_t first = 0, end = 0;
  std::size_t channel = 0;
  double spread = 0.0;  ///< sum over pixels of the squared distance to the mean, in that channel
  std::array<double, 3> mean{};
};

Box boxOf(const std::vector<Colour>& colours, std::size_t first, std::size_t end) {
  Box box{first, end, 0, 0.0, {}};
  double pixels = 0.0;
  for (std::size_t i = first; i < end; ++i) {
    pixels += colours[i].pixels;
    for (std::size_t c = 0; c < 3; ++c) box.mean[c] += colours[i].pixels * colours[i].at[c];
  }
  for (std::size_t c = 0; c < 3; ++c) {
    box.mean[c] /= pixels;
    double spread = 0.0;
    for (std::size_t i = first; i < end; ++i)
      spread += colours[i].pixels * (colours[i].at[c] - box.mean[c]) * (colours[i].at[c] - box.mean[c]);
    if (spread > box.spread) box.spread = spread, box.channel = c;
  }
  return box;
}

/// Into what lies below the mean of its channel and what lies above.
std::pair<Box, Box> cut(std::vector<Colour>& colours, const Box& box) {
  const auto begin = colours.begin() + static_cast<std::ptrdiff_t>(box.first),
             end = colours.begin() + static_cast<std::ptrdiff_t>(box.end);
  const auto middle =
      std::stable_partition(begin, end, [&](const Colour& colour) { return colour.at[box.channel] <= box.mean[box.channel]; });
  const std::size_t at = box.first + static_cast<std::size_t>(middle - begin);
  return {boxOf(colours, box.first, at), boxOf(colours, at, box.end)};
}

}  // namespace

void ColourCount::add(const Image& image) {
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
    const std::uint8_t red = image.pixels[i], green = image.pixels[i + 1], blue = image.pixels[i + 2];
    Cell& cell = cells_[cellOf(red, green, blue)];
    ++cell.pixels;
    cell.sums[0] += red;
    cell.sums[1] += green;
    cell.sums[2] += blue;
  }
}

FilmPalette::FilmPalette(const ColourCount& count, std::size_t most) : nearest_(count.cells_.size()) {
  std::vector<Colour> colours;
  for (std::size_t cell = 0; cell < count.cells_.size(); ++cell)
    if (const ColourCount::Cell& each = count.cells_[cell]; each.pixels > 0)
      colours.push_back({{each.mean(0), each.mean(1), each.mean(2)}, static_cast<double>(each.pixels), cell});
  if (colours.empty()) return;
  std::vector<Box> boxes = {boxOf(colours, 0, colours.size())};
  while (boxes.size() < most) {
    const auto widest =
        std::max_element(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.spread < b.spread; });
    if (widest->spread <= 0.0) break;  // every box is one colour
    auto [below, above] = cut(colours, *widest);
    *widest = below;
    boxes.push_back(above);
  }
  for (const Box& box : boxes) {
    Rgb colour{};
    for (std::size_t c = 0; c < 3; ++c) colour[c] = static_cast<std::uint8_t>(std::lround(box.mean[c]));
    colours_.push_back(colour);
  }
  for (const Colour& colour : colours) {
    const auto distance = [&](const Rgb& to) {
      double sum = 0.0;
      for (std::size_t c = 0; c < 3; ++c) sum += (colour.at[c] - to[c]) * (colour.at[c] - to[c]);
      return sum;
    };
    const auto best =
        std::min_element(colours_.begin(), colours_.end(), [&](const Rgb& a, const Rgb& b) { return distance(a) < distance(b); });
    nearest_[colour.cell] = static_cast<std::uint8_t>(best - colours_.begin());
  }
}

std::uint8_t FilmPalette::nearest(std::uint8_t red, std::uint8_t green, std::uint8_t blue) const {
  return nearest_[cellOf(red, green, blue)];
}

}  // namespace moescope
