#pragma once
// Where the names of domains stand beside a round picture.

#include <string>
#include <vector>

#include "views/canvas.h"

namespace moescope {

/// Fewer cells than names: there was no room for more.
struct NamePlaces {
  std::vector<Rect> cells;
  Rect rest;  ///< what is left for the picture
};

/// What the picture keeps beside and above itself, device-independent pixels.
struct PictureEdges {
  double across = 0.0, upwards = 0.0;
};

/// In a column at the left edge or in rows along the top, where they leave the larger picture.
NamePlaces placesOfNames(const Canvas& canvas, const std::vector<std::string>& names, const Rect& area,
                         const PictureEdges& edges);

}  // namespace moescope
