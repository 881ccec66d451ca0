#include "app/film/video_colours.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr double kRed = 0.2126, kGreen = 0.7152, kBlue = 0.0722;
constexpr int kLumaBits = 16, kChromaBits = 19;  // chroma is of a sum with weight 8

constexpr int fixed(double value) { return static_cast<int>(value * 65536.0 + (value < 0.0 ? -0.5 : 0.5)); }

struct Weights {
  int red, green, blue;
};
/// The middle one takes what rounding the others left, so that grey stays grey.
constexpr Weights weightsOf(double red, double blue, double sum) {
  const int r = fixed(red), b = fixed(blue);
  return {r, fixed(sum) - r - b, b};
}
constexpr double kLumaScale = 219.0 / 255.0, kBlueScale = 224.0 / 255.0 / (2.0 * (1.0 - kBlue)),
                 kRedScale = 224.0 / 255.0 / (2.0 * (1.0 - kRed));
constexpr Weights kLuma = weightsOf(kLumaScale * kRed, kLumaScale * kBlue, kLumaScale);
constexpr Weights kCb = weightsOf(-kBlueScale * kRed, kBlueScale * (1.0 - kBlue), 0.0);
constexpr Weights kCr = weightsOf(kRedScale * (1.0 - kRed), -kRedScale * kBlue, 0.0);

std::uint8_t weighted(const Weights& weights, int red, int green, int blue, int offset, int bits) {
  return static_cast<std::uint8_t>(
      (weights.red * red + weights.green * green + weights.blue * blue + (offset << bits) + (1 << (bits - 1))) >> bits);
}

}  // namespace

void toBt709(const Image& image, const PlanarFrame& frame) {
  const int width = image.width, height = image.height;
  const auto rowOf = [&](int y) { return image.pixels.data() + static_cast<std::ptrdiff_t>(height - 1 - y) * width * 3; };
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = rowOf(y);
    std::uint8_t* luma = frame.planes[0] + static_cast<std::ptrdiff_t>(y) * frame.strides[0];
    for (int x = 0; x < width; ++x, from += 3) luma[x] = weighted(kLuma, from[0], from[1], from[2], 16, kLumaBits);
  }
  for (int y = 0; y < height / 2; ++y) {
    const std::uint8_t *upper = rowOf(2 * y), *lower = rowOf(2 * y + 1);
    std::uint8_t* blue = frame.planes[1] + static_cast<std::ptrdiff_t>(y) * frame.strides[1];
    std::uint8_t* red = frame.planes[2] + static_cast<std::ptrdiff_t>(y) * frame.strides[2];
    std::array<int, 3> left{};  // of the column before
    for (int c = 0; c < 3; ++c) left[static_cast<std::size_t>(c)] = upper[c] + lower[c];
    for (int x = 0; x < width / 2; ++x, upper += 6, lower += 6) {
      std::array<int, 3> sum{};
      for (std::size_t c = 0; c < 3; ++c) {
        const int right = upper[c + 3] + lower[c + 3];
        sum[c] = left[c] + 2 * (upper[c] + lower[c]) + right;
        left[c] = right;
      }
      blue[x] = weighted(kCb, sum[0], sum[1], sum[2], 128, kChromaBits);
      red[x] = weighted(kCr, sum[0], sum[1], sum[2], 128, kChromaBits);
    }
  }
}

}  // namespace moescope
