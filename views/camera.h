#pragma once
// From where a 3-D view is seen.

#include <array>

namespace moescope {

/// In the scene's own coordinates.
struct Camera {
  std::array<double, 3> position{}, focalPoint{}, viewUp{};

  bool operator==(const Camera&) const = default;
};

}  // namespace moescope
