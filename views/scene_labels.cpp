#include "views/scene_labels.h"

#include <vtkCommand.h>
#include <vtkTextProperty.h>

#include <algorithm>

#include "views/canvas.h"

namespace moescope {
namespace {

/// Characters of UTF-8 text.
double lengthOf(const std::string& words) {
  return static_cast<double>(std::count_if(words.begin(), words.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

SceneLabels::SceneLabels(vtkRenderer* renderer) : renderer_(renderer) {
  beforePicture_->SetClientData(this);
  beforePicture_->SetCallback([](vtkObject*, unsigned long, void* self, void*) { static_cast<SceneLabels*>(self)->thinOut(); });
  observer_ = renderer_->AddObserver(vtkCommand::StartEvent, beforePicture_);
}

SceneLabels::~SceneLabels() { renderer_->RemoveObserver(observer_); }

void SceneLabels::add(const Eigen::Vector3d& at, const std::string& words, const Color& color, double pixels) {
  if (used_ == labels_.size()) {
    labels_.push_back(vtkSmartPointer<vtkBillboardTextActor3D>::New());
    renderer_->AddActor(labels_.back());
  }
  vtkBillboardTextActor3D* label = labels_[used_++];
  vtkTextProperty* property = label->GetTextProperty();
  if (const std::string& file = fontFile(true); !file.empty()) {
    property->SetFontFamily(VTK_FONT_FILE);
    property->SetFontFile(file.c_str());
  }
  property->SetColor(color[0], color[1], color[2]);
  property->SetFontSize(static_cast<int>(pixels));
  property->SetJustificationToCentered();
  property->SetVerticalJustificationToCentered();
  label->SetInput(words.c_str());
  label->SetPosition(at.x(), at.y(), at.z());
  label->SetVisibility(1);
}

void SceneLabels::end() {
  for (std::size_t i = used_; i < labels_.size(); ++i) labels_[i]->SetVisibility(0);
}

void SceneLabels::thinOut() {
  std::vector<Rect> taken;
  for (std::size_t i = 0; i < used_; ++i) {
    const double* at = labels_[i]->GetPosition();
    renderer_->SetWorldPoint(at[0], at[1], at[2], 1.0);
    renderer_->WorldToDisplay();
    const double* display = renderer_->GetDisplayPoint();
    const double height = labels_[i]->GetTextProperty()->GetFontSize(), width = 0.66 * height * lengthOf(labels_[i]->GetInput());
    const Rect box{display[0] - width / 2, display[1] - height / 2, width, height};
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const Rect& other) { return box.meets(other); });
    labels_[i]->SetVisibility(free);
    if (free) taken.push_back(box);
  }
}

}  // namespace moescope
