#include "views/view.h"

#include <vtkCamera.h>

#include <algorithm>

namespace moescope {

double pictureRatio(int width, int height) { return std::max(1.0, std::min(width / 1200.0, height / 900.0)); }

Camera View::camera() {
  vtkCamera* camera = renderer()->GetActiveCamera();
  Camera at;
  camera->GetPosition(at.position.data());
  camera->GetFocalPoint(at.focalPoint.data());
  camera->GetViewUp(at.up.data());
  return at;
}

void View::setCamera(const Camera& at) {
  vtkCamera* camera = renderer()->GetActiveCamera();
  camera->SetPosition(at.position.data());
  camera->SetFocalPoint(at.focalPoint.data());
  camera->SetViewUp(at.up.data());
  renderer()->ResetCameraClippingRange();
}

}  // namespace moescope
