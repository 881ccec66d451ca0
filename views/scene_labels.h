#pragma once
// Words at places of a 3-D scene, in front of it on a patch of background, so that they do not drown in it. What would lie over
// other words as the camera stands, or leave the view, is left out: of two labels the one that was added later.

#include <vtkCallbackCommand.h>
#include <vtkNew.h>
#include <vtkRenderer.h>

#include <Eigen/Core>
#include <string>
#include <vector>

#include "views/canvas.h"

namespace moescope {

class SceneLabels {
 public:
  /// `canvas`: of the same renderer; its words keep their places.
  SceneLabels(vtkRenderer* renderer, const Canvas& canvas);
  ~SceneLabels();
  SceneLabels(const SceneLabels&) = delete;
  SceneLabels& operator=(const SceneLabels&) = delete;

  void begin() { labels_.clear(); }
  /// `height` of the font in device-independent pixels.
  void add(const Eigen::Vector3d& at, const std::string& words, const Color& color, double height);
  void end() { place(); }
  /// What has room as the camera stands.
  std::vector<DrawnText> texts() const;

 private:
  /// At the start of every picture, also of those that only a turned camera asks for.
  void place();

  struct Label {
    Eigen::Vector3d at;
    std::string words;
    Color color{};
    int height = 0;
  };
  /// Of each label where it stands, or a box without width where it has no room.
  std::vector<Rect> places() const;

  vtkRenderer* renderer_;
  const Canvas& canvas_;
  std::vector<Label> labels_;
  TextSheet sheet_;
  vtkNew<vtkCallbackCommand> beforePicture_;
  unsigned long observer_ = 0;
};

}  // namespace moescope
