#pragma once
// Which rows of a picture have their names beside them: all where these have room, else every second, third ... and the selected.

#include <functional>

#include "views/canvas.h"

namespace moescope {

class RowNames {
 public:
  /// `pitch`: from one row to the next, device-independent pixels; `size`: of the names, in em.
  RowNames(const Canvas& canvas, double pitch, double size, std::function<bool(int)> selected);
  bool named(int row) const;
  /// That some have none: "one name in 3", ending at a point above the names, or below them with VerticalAlign::Top.
  void sayLeftOut(Canvas& canvas, Point at, VerticalAlign vertical = VerticalAlign::Bottom) const;

 private:
  int stride_;
  std::function<bool(int)> selected_;
};

}  // namespace moescope
