#pragma once

#include <optional>

namespace moescope {

/// A view with the concentration along its horizontal axis, so that a hand on it can move the concentration.
class SliderView {
 public:
  virtual ~SliderView() = default;
  /// Of a place in display pixels, origin at the renderer's lower left; beyond the axis's ends those. None: the axis does not
  /// reach there, or nothing is drawn.
  virtual std::optional<double> concentrationAt(int x, int y) const = 0;
};

}  // namespace moescope
