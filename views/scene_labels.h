#pragma once
// Words at places of a 3-D scene that face the viewer. Where two would lie over each other as the camera stands, the one that
// was added later is left out.

#include <vtkBillboardTextActor3D.h>
#include <vtkCallbackCommand.h>
#include <vtkNew.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <Eigen/Core>
#include <string>
#include <vector>

#include "views/palette.h"

namespace moescope {

class SceneLabels {
 public:
  explicit SceneLabels(vtkRenderer* renderer);
  ~SceneLabels();
  SceneLabels(const SceneLabels&) = delete;
  SceneLabels& operator=(const SceneLabels&) = delete;

  void begin() { used_ = 0; }
  /// `pixels`: height of the text.
  void add(const Eigen::Vector3d& at, const std::string& words, const Color& color, double pixels);
  void end();

 private:
  /// At the start of every picture, also of those that only a turned camera asks for.
  void thinOut();

  vtkRenderer* renderer_;
  std::vector<vtkSmartPointer<vtkBillboardTextActor3D>> labels_;
  std::size_t used_ = 0;
  vtkNew<vtkCallbackCommand> beforePicture_;
  unsigned long observer_ = 0;
};

}  // namespace moescope
