#include "views/row_names.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/words/words.h"

namespace moescope {

RowNames::RowNames(const Canvas& canvas, double pitch, double size, std::function<bool(int)> selected)
    : stride_(std::max(1, static_cast<int>(std::ceil(canvas.textHeight(size, true) / std::max(1e-3, pitch))))),
      selected_(std::move(selected)) {}

bool RowNames::named(int row) const {
  if (selected_(row)) return true;
  for (int near = row - stride_ + 1; near < row + stride_; ++near)
    if (near >= 0 && selected_(near)) return false;  // its name takes the room
  return row % stride_ == 0;
}

void RowNames::sayLeftOut(Canvas& canvas, Point at, VerticalAlign vertical) const {
  if (stride_ == 1) return;
  const std::string stride = std::to_string(stride_);
  canvas.text(at, {translated("one name in %1", stride), translated("1 in %1", stride)},
              {mutedColor(canvas.theme()), 0.78, Align::Right, vertical});
}

}  // namespace moescope
