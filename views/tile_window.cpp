#include "views/tile_window.h"

#include <vtkCommand.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>
#include <vtk_glew.h>

namespace moescope {

vtkStandardNewMacro(TileWindow);

void TileWindow::Frame() {
  vtkOpenGLState* state = GetState();
  state->PushFramebufferBindings();
  RenderFramebuffer->Bind(GL_READ_FRAMEBUFFER);
  RenderFramebuffer->ActivateReadBuffer(0);
  DisplayFramebuffer->Bind(GL_DRAW_FRAMEBUFFER);
  DisplayFramebuffer->ActivateDrawBuffer(0);
  const int* size = DisplayFramebuffer->GetLastSize();
  state->vtkglViewport(0, 0, size[0], size[1]);
  state->vtkglScissor(0, 0, size[0], size[1]);
  state->vtkglBlitFramebuffer(0, 0, size[0], size[1], 0, 0, size[0], size[1], GL_COLOR_BUFFER_BIT, GL_NEAREST);
  state->PopFramebufferBindings();
  InvokeEvent(vtkCommand::WindowFrameEvent, nullptr);
}

}  // namespace moescope
