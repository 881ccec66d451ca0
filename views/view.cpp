#include "views/view.h"

#include <vtkCamera.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/words/words.h"

namespace moescope {

double pictureRatio(int width, int height) { return std::max(1.0, std::min(width / 1200.0, height / 900.0)); }

bool wantsSharedNorms(const std::map<std::string, std::map<std::string, std::string>>& viewOptions) {
  const auto map = viewOptions.find("layer_map");
  if (map == viewOptions.end()) return false;
  const auto quantity = map->second.find("quantity");
  return quantity != map->second.end() && quantity->second == "shared";
}

std::string whyNotOfCapture(const Scene& scene, OfCaptures shown) {
  if (!scene.snapshot || !scene.snapshot->capture || shown == OfCaptures::Everything) return "";
  if (shown == OfCaptures::Nothing) return translated(kNotInCaptures);
  const CapturedRouting& capture = *scene.snapshot->capture;
  if (capture.routed()) return "";
  return translated("layer %1 of this capture is not routed: every token carries the same id %2 times",
                    std::to_string(layerNumber(*scene.snapshot, capture.layer)), std::to_string(capture.chosen));
}

DataTable dataBehind(const ViewDeclaration& view, const Scene& scene) {
  if (!scene.snapshot || !scene.routing || !scene.snapshot->probe)
    throw std::runtime_error(translated("waiting for the first snapshot"));
  if (const std::string why = whyNotOfCapture(scene, view.captures); !why.empty()) throw std::runtime_error(why);
  DataTable table = view.numbers(scene);
  std::vector<std::pair<std::string, Cell>> about;
  const auto tell = [&](const char* name, Cell cell) { about.emplace_back(name, std::move(cell)); };
  tell("view", view.name);
  tell("title", view.title);
  tell("router", scene.snapshot->router);
  tell("step", scene.snapshot->step);
  tell("layer", layerNumber(*scene.snapshot, scene.routing->layer));
  if (!scene.snapshot->capture) tell("concentration", static_cast<double>(scene.lens.concentration));
  if (scene.snapshot->checkpoint) tell(scene.snapshot->capture ? "capture" : "checkpoint", scene.snapshot->checkpoint->name);
  if (scene.snapshot->probe->synthetic) tell("tokens", scene.snapshot->probe->syntheticMark);
  if (const CapturedRouting* capture = scene.snapshot->capture.get()) {
    tell("captured_tokens", capture->tokens);
    tell("identical_tokens", capture->identical);
    tell("identical_tokens_left_out", capture->leftOut);
    tell("padding_tokens_left_out", capture->padding);
    tell("repeated_tokens_counted_once", capture->repeated);
  }
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
