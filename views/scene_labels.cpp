#include "views/scene_labels.h"

#include <vtkCommand.h>

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr double kPatch = 2.0;  // device-independent pixels: by how much VTK's background stands out around words, at most
constexpr double kPatchOpacity = 0.6;

}  // namespace

SceneLabels::SceneLabels(vtkRenderer* renderer, const Canvas& canvas) : renderer_(renderer), canvas_(canvas) {
  beforePicture_->SetClientData(this);
  beforePicture_->SetCallback([](vtkObject*, unsigned long, void* self, void*) { static_cast<SceneLabels*>(self)->place(); });
  observer_ = renderer_->AddObserver(vtkCommand::StartEvent, beforePicture_);
  sheet_.addTo(renderer_);
}

SceneLabels::~SceneLabels() { renderer_->RemoveObserver(observer_); }

void SceneLabels::add(const Eigen::Vector3d& at, const std::string& words, const Color& color, double height) {
  labels_.push_back({at, words, color, static_cast<int>(std::lround(height))});
}

std::vector<Rect> SceneLabels::places() const {
  std::vector<Rect> places;
  const auto onScreen = canvas_.projection();
  for (const Label& label : labels_) {
    const Point at = onScreen(label.at);
    const double width = widthOf(label.words, label.height, true) + 2 * kPatch,
                 height = lineHeight(true) * label.height + 2 * kPatch;
    const Rect box{at.x - width / 2, at.y - height / 2, width, height};
    const bool free =
        canvas_.isFree(box) && std::none_of(places.begin(), places.end(), [&](const Rect& other) { return box.meets(other); });
    places.push_back(free ? box : Rect{});
  }
  return places;
}

std::vector<DrawnText> SceneLabels::texts() const {
  std::vector<DrawnText> texts;
  const std::vector<Rect> boxes = places();
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (boxes[i].width > 0.0)
      texts.push_back(
          {labels_[i].words, boxes[i], labels_[i].height, true, false, labels_[i].color, Align::Centre, kPatchOpacity});
  return texts;
}

void SceneLabels::place() {
  const std::vector<Rect> boxes = places();
  const Color background = backgroundColor(canvas_.theme());
  const double ratio = canvas_.ratio();
  sheet_.begin();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Rect& box = boxes[i];
    if (box.width > 0.0)
      sheet_.add({labels_[i].words, devicePixels(labels_[i].height, ratio), true, false, Align::Centre, labels_[i].color,
                  background, kPatchOpacity},
                 static_cast<int>(std::lround((box.x + box.width / 2) * ratio)),
                 static_cast<int>(std::lround((box.y + box.height / 2) * ratio)));
  }
  sheet_.end();
}

}  // namespace moescope
