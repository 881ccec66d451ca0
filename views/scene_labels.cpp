#include "views/scene_labels.h"

#include <vtkCommand.h>
#include <vtkTextProperty.h>

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
}

SceneLabels::~SceneLabels() { renderer_->RemoveObserver(observer_); }

void SceneLabels::add(const Eigen::Vector3d& at, const std::string& words, const Color& color, double height) {
  if (used_ == labels_.size()) {
    labels_.push_back({vtkSmartPointer<vtkTextActor>::New(), at, words, color, 0});
    labels_.back().actor->GetPositionCoordinate()->SetCoordinateSystemToViewport();
    renderer_->AddActor2D(labels_.back().actor);
  }
  Label& label = labels_[used_++];
  label.at = at;
  label.words = words;
  label.color = color;
  label.height = static_cast<int>(std::lround(height));
  vtkTextProperty* property = label.actor->GetTextProperty();
  if (const std::string& file = fontFile(true); !file.empty()) {
    property->SetFontFamily(VTK_FONT_FILE);
    property->SetFontFile(file.c_str());
  }
  const Color background = backgroundColor(canvas_.theme());
  property->SetColor(color[0], color[1], color[2]);
  property->SetBackgroundColor(background[0], background[1], background[2]);
  property->SetBackgroundOpacity(kPatchOpacity);
  property->SetFontSize(devicePixels(label.height, canvas_.ratio()));
  property->SetJustificationToCentered();
  property->SetVerticalJustificationToCentered();
  label.actor->SetInput(words.c_str());
}

void SceneLabels::end() {
  place();
  for (std::size_t i = used_; i < labels_.size(); ++i) labels_[i].actor->SetVisibility(0);
}

std::vector<Rect> SceneLabels::places() const {
  std::vector<Rect> places;
  const auto onScreen = canvas_.projection();
  for (std::size_t i = 0; i < used_; ++i) {
    const Point at = onScreen(labels_[i].at);
    const double width = widthOf(labels_[i].words, labels_[i].height, true) + 2 * kPatch,
                 height = lineHeight(true) * labels_[i].height + 2 * kPatch;
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
    if (boxes[i].width > 0.0) texts.push_back({labels_[i].words, boxes[i], labels_[i].height, true, false, labels_[i].color, Align::Centre, kPatchOpacity});
  return texts;
}

void SceneLabels::place() {
  const std::vector<Rect> boxes = places();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Rect& box = boxes[i];
    labels_[i].actor->SetVisibility(box.width > 0.0);
    labels_[i].actor->SetPosition(std::round((box.x + box.width / 2) * canvas_.ratio()),
                                  std::round((box.y + box.height / 2) * canvas_.ratio()));
  }
}

}  // namespace moescope
