#pragma once
// The bar beside a picture that says which colour is which value.

#include <functional>
#include <limits>
#include <string>

#include "views/canvas.h"

namespace moescope {

struct ColourBar {
  double minimum = 0.0, maximum = 1.0;
  std::function<Color(double)> colour;
  const char* number = "%.2f";
  std::string unit = {};
  bool below = false, above = false;  ///< there are values beyond this end, which have its colour: its number says so
  double null = std::numeric_limits<double>::quiet_NaN();  ///< what chance alone gives: marked
};

/// Whether any finite value lies beyond an end.
void tellBeyond(ColourBar& bar, const Eigen::MatrixXd& values);

/// How much wider than the bar itself its numbers make it.
double widthOfNumbers(const Canvas& canvas, const ColourBar& bar);

/// Upright. The numbers of both ends stand beside it, within its height, and before all others: no bar is without them.
void draw(Canvas& canvas, const Rect& area, const ColourBar& bar);

}  // namespace moescope
