#include "views/view.h"

#include <vtkCamera.h>

#include <algorithm>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {

double pictureRatio(int width, int height) { return std::max(1.0, std::min(width / 1200.0, height / 900.0)); }

DataTable dataBehind(const ViewDeclaration& view, const Scene& scene) {
  if (!scene.snapshot || !scene.routing || !scene.snapshot->probe) throw std::runtime_error(translated("waiting for the first snapshot"));
  DataTable table = view.numbers(scene);
  std::vector<std::pair<std::string, Cell>> about = {{"view", view.name},
                                                     {"title", view.title},
                                                     {"router", scene.snapshot->router},
                                                     {"step", scene.snapshot->step},
                                                     {"layer", layerNumber(*scene.snapshot, scene.routing->layer)},
                                                     {"concentration", static_cast<double>(scene.lens.concentration)}};
  if (scene.snapshot->checkpoint) about.emplace_back("checkpoint", scene.snapshot->checkpoint->name);
  if (scene.snapshot->probe->synthetic) about.emplace_back("tokens", scene.snapshot->probe->syntheticMark);
  table.about.insert(table.about.begin(), about.begin(), about.end());
  return table;
}

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
