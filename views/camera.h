#pragma once
// From where a 3-D view is seen.

#include <array>

namespace moescope {

/// In world units. It is the user's: a view only begins with one of its own.
struct Camera {
  std::array<double, 3> position{}, focalPoint{}, up{};

  bool operator==(const Camera&) const = default;
};

}  // namespace moescope
