#pragma once
// What VTK draws of a view into a window of somebody else's.

#include <vtkGenericOpenGLRenderWindow.h>

namespace moescope {

/// A pixel is the mean of its samples, as in pictures without a window. VTK's own takes powers of each sample first, to which a
/// machine without a GPU gives more time than to all the drawing, and brings the depths along, which nobody reads.
class TileWindow : public vtkGenericOpenGLRenderWindow {
 public:
  static TileWindow* New();
  vtkTypeMacro(TileWindow, vtkGenericOpenGLRenderWindow);
  void Frame() override;

 protected:
  TileWindow() = default;
};

}  // namespace moescope
