#pragma once
// Axes on a Canvas.

#include <string>
#include <vector>

#include "views/canvas.h"

namespace moescope {

struct Axis {
  double minimum = 0.0, maximum = 1.0;
  std::string label;         ///< with its unit
  bool logarithmic = false;  ///< base 2; minimum > 0
  bool ticks = true;
  std::string brief = {};  ///< what stands there where the label has no room; empty: the label, cut in its middle
};

/// The least of 1, 2 and 5 times a power of ten that a value above 0 reaches, give or take 0.01 %.
double niceAbove(double value);

/// Round values inside [minimum, maximum], about `count` of them; powers of two for a logarithmic axis.
std::vector<double> niceTicks(const Axis& axis, int count);
/// Short text of a tick: "0.25", "1/16", "1.5k".
std::string tickText(double value, bool fraction = false);

class Plot {
 public:
  /// Draws grid, ticks and labels, of a low area without labels; the curves go into inner(). An axis that is
  /// not finite, or empty, goes from its minimum (or 0) one unit up.
  Plot(Canvas& canvas, const Rect& area, Axis x, Axis y);

  const Rect& inner() const { return inner_; }
  double x(double value) const;
  double y(double value) const;
  Point at(double px, double py) const { return {x(px), y(py)}; }
  /// Not-a-number values break the line.
  void line(const std::vector<double>& xs, const std::vector<double>& ys, const Color& color, double thickness,
            double opacity = 1.0);
  void band(const std::vector<double>& xs, const std::vector<double>& lower, const std::vector<double>& upper, const Color& color,
            double opacity);

 private:
  void label(Point at, const Axis& axis, Align align, VerticalAlign vertical, double room);

  Canvas& canvas_;
  Axis x_, y_;
  Rect inner_;
};

}  // namespace moescope
