#pragma once
// From where a 3-D view is seen.

#include <array>
#include <cmath>

namespace moescope {

/// In world units. It is the user's: a view only begins with one of its own.
struct Camera {
  std::array<double, 3> position{}, focalPoint{}, up{};

  bool operator==(const Camera&) const = default;
};

/// Whether both see the same picture: VTK gives vectors back scaled, so that the last digits differ.
inline bool seesAlike(const Camera& a, const Camera& b) {
  const auto near = [](const std::array<double, 3>& u, const std::array<double, 3>& v) {
    return std::abs(u[0] - v[0]) + std::abs(u[1] - v[1]) + std::abs(u[2] - v[2]) <
           1e-9 * (1.0 + std::abs(u[0]) + std::abs(u[1]) + std::abs(u[2]));
  };
  return near(a.position, b.position) && near(a.focalPoint, b.focalPoint) && near(a.up, b.up);
}

}  // namespace moescope
