#pragma once
// Draws flat shapes over whatever is there already.

#include <vtkOpenGLPolyDataMapper2D.h>

namespace moescope {

/// Nothing flat lies behind anything: without the depth test VTK's own draws the same, and on a machine without a GPU a third
/// faster.
class FlatMapper : public vtkOpenGLPolyDataMapper2D {
 public:
  static FlatMapper* New();
  vtkTypeMacro(FlatMapper, vtkOpenGLPolyDataMapper2D);
  void RenderOverlay(vtkViewport* viewport, vtkActor2D* actor) override;

 protected:
  FlatMapper() = default;
};

}  // namespace moescope
