#include "views/vector_drawing.h"

namespace moescope {

VectorDrawing recorded(Canvas& canvas, const Theme& theme, const std::function<void()>& draw) {
  VectorDrawing drawing;
  canvas.record(&drawing);
  draw();
  canvas.record(nullptr);
  drawing.width = canvas.width();
  drawing.height = canvas.height();
  drawing.background = backgroundColor(theme);
  drawing.texts = canvas.texts();
  return drawing;
}

}  // namespace moescope
