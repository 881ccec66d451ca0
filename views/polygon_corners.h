#pragma once
// Where the experts' corners of the score polygon stand.

#include <string>
#include <vector>

#include "views/canvas.h"
#include "views/scene.h"
#include "views/view_option.h"

namespace moescope {

struct PolygonCorners {
  std::vector<Point> places;  ///< N, within the unit circle; on it where `round`
  std::vector<int> order;     ///< of a round polygon the experts as they stand, from the top clockwise
  bool round = true;
  std::string words;          ///< for the caption; empty: by number
};

/// By number; similar experts side by side, in the order in which they stand around the middle of the plane of their subspaces;
/// or at their places of that plane, which are scaled and shifted alike.
ViewOption polygonCornersOption();

/// As the scene's option says. By number where the layer's experts have no subspaces to place them by, and the words say so.
PolygonCorners polygonCorners(const Scene& scene);

}  // namespace moescope
