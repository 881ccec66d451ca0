#pragma once
// What a view draws as shapes and words instead of pixels, for pictures that are sharp at every size.

#include <functional>
#include <vector>

#include "views/canvas.h"

namespace moescope {

/// A polygon or a line; with a radius a circle around its one point. Filled where the thickness is 0.
struct DrawnShape {
  std::vector<Point> points;
  Color color{};
  double opacity = 1.0;
  double thickness = 0.0, radius = 0.0;
  double dash = 0.0;  ///< length of dashes and of the gaps between them; 0: none
};

/// Lengths in device-independent pixels from the lower left corner. Shapes lie on each other in their order, words above them
/// all.
struct VectorDrawing {
  double width = 0.0, height = 0.0;
  Color background{};
  std::vector<DrawnShape> shapes;
  std::vector<DrawnText> texts;
};

/// What `draw` puts on the canvas from begin() to end().
VectorDrawing recorded(Canvas& canvas, const Theme& theme, const std::function<void()>& draw);

}  // namespace moescope
