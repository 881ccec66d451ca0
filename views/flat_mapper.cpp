#include "views/flat_mapper.h"

#include <vtkObjectFactory.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkViewport.h>
#include <vtk_glew.h>

namespace moescope {

vtkStandardNewMacro(FlatMapper);

void FlatMapper::RenderOverlay(vtkViewport* viewport, vtkActor2D* actor) {
  vtkOpenGLState* state = static_cast<vtkOpenGLRenderWindow*>(viewport->GetVTKWindow())->GetState();
  const vtkOpenGLState::ScopedglEnableDisable before(state, GL_DEPTH_TEST);
  state->vtkglDisable(GL_DEPTH_TEST);
  vtkOpenGLPolyDataMapper2D::RenderOverlay(viewport, actor);
}

}  // namespace moescope
